import ByteIO

extension RawSpan {
    /// The offset behind the first place from `start` on at which a text is.
    ///
    /// - Complexity: O(*n* · *m*) in the sizes of both.
    func firstEnd(of text: [UInt8], from start: Int) -> Int? {
        var position = start
        while position <= byteCount - text.count {
            if text.indices.allSatisfy({ byte(at: position + $0) == text[$0] }) {
                return position + text.count
            }
            position += 1
        }
        return nil
    }
}
