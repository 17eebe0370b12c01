import ByteIO

/// The ZIP64 extra field of a header: numbers that do not fit the header's own 32 bits.
///
/// It holds only those, in the order of size, compressed size and offset; where a number is in it,
/// the header has the largest number that it can have.
struct Zip64Field: ~Escapable {
    private let bytes: RawSpan
    private var rest: Range<Int>

    private static let kind: UInt16 = 1

    /// Finds the field among the `extra` fields of a header, which must be inside.
    @_lifetime(copy bytes)
    init(in bytes: RawSpan, _ extra: Range<Int>) {
        self.bytes = bytes
        rest = extra.upperBound..<extra.upperBound
        var position = extra.lowerBound
        while extra.upperBound - position >= 4 {
            let start = position + 4
            let count = Int(bytes.littleEndian16(at: position + 2))
            guard count <= extra.upperBound - start else { return }
            if bytes.littleEndian16(at: position) == Self.kind {
                rest = start..<(start + count)
                return
            }
            position = start + count
        }
    }

    /// The number that `narrow` stands for; to be asked in the order of the field.
    mutating func number(for narrow: UInt32) -> UInt64 {
        guard narrow == .max, rest.count >= 8 else { return UInt64(narrow) }
        defer { rest = (rest.lowerBound + 8)..<rest.upperBound }
        return bytes.littleEndian64(at: rest.lowerBound)
    }
}
