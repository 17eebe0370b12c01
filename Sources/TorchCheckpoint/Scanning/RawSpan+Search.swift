import ByteIO

extension RawSpan {
    /// The offset behind the first place from `start` on at which a text is.
    ///
    /// - Complexity: O(*n* · *m*) in the sizes of both.
    func firstEnd(of text: StaticString, from start: Int) -> Int? {
        var end = start + text.utf8CodeUnitCount
        while end <= byteCount {
            if extracting((end - text.utf8CodeUnitCount)..<end).elementsEqual(text) { return end }
            end += 1
        }
        return nil
    }

    /// Whether a text is anywhere.
    func contains(_ text: StaticString) -> Bool { firstEnd(of: text, from: 0) != nil }
}
