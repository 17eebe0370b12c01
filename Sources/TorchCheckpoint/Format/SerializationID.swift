/// The text of the record `.data/serialization_id`: two hashes over an archive's records.
///
/// torch leaves open what they are, and they depend on its C++ library; this is what torch on Linux
/// writes. See `Specs/archive.md`.
enum SerializationID {
    /// The first half, over the names of the records without the root folder, in the order of writing.
    ///
    /// `version` is the last one, and the id's own record is not among them.
    ///
    /// - Complexity: O(*n*) in the number of records.
    static func namesPart(of names: [String]) -> String {
        let nameHashes = StandardLibraryHash.iterationOrder(of: names.map(StandardLibraryHash.hash))
        return digits(combining(nameHashes))
    }

    /// The second half, over the checksums of the records that are not empty, in the same order.
    ///
    /// What torch takes for them: `WrittenRecord.identityChecksums`.
    ///
    /// - Complexity: O(*n*) in the number of records.
    static func checksumsPart(of checksums: [UInt32]) -> String {
        digits(combining(checksums.map(UInt64.init)))
    }

    /// Whether a text is an id.
    static func isWellFormed(_ text: String) -> Bool {
        text.utf8.count == 2 * digitCount && text.utf8.allSatisfy { 0x30...0x39 ~= $0 }
    }

    /// The number of digits in either half.
    static let digitCount = 20

    // c10::hash_combine, from 0 on.
    private static func combining(_ values: [UInt64]) -> UInt64 {
        values.reduce(0) { sum, value in
            sum ^ (value &+ 0x9E37_79B9 &+ (sum << 6) &+ (sum >> 2))
        }
    }

    private static func digits(_ value: UInt64) -> String {
        let text = String(value)
        return String(repeating: "0", count: digitCount - text.utf8.count) + text
    }
}
