import ByteIO

/// The ZIP64 extra field of a header: numbers that do not fit the header's own 32 bits.
///
/// It holds only those, in the order of size, compressed size and offset; where a number is in it,
/// the header has the largest number that it can have.
struct Zip64Field {
    private var numbers: ArraySlice<UInt64> = []

    private static let kind: UInt16 = 1

    /// Finds the field among all `extra` fields of a header.
    init(in extra: ByteRegion) {
        var reader = ByteReader(extra.bytes)
        while let kind = try? reader.readLittleEndian(UInt16.self),
            let count = try? reader.readLittleEndian(UInt16.self),
            let range = try? reader.readRange(count: Int(count))
        {
            guard kind == Self.kind,
                let field = try? extra.slice(at: range.lowerBound, count: range.count)
            else { continue }
            var fields = ByteReader(field.bytes)
            while let number = try? fields.readLittleEndian(UInt64.self) { numbers.append(number) }
            break
        }
    }

    /// The number that `narrow` stands for; to be asked in the order of the field.
    mutating func number(for narrow: UInt32) -> UInt64 {
        narrow == .max ? numbers.popFirst() ?? UInt64(narrow) : UInt64(narrow)
    }
}
