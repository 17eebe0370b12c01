/// A directory of an archive, as an end record leads to it.
struct SurveyedDirectory {
    /// Where its entries begin.
    let start: Int
    /// How far the archive is behind the place that its numbers assume: bytes were put before it.
    let shift: Int
    /// Where the end record's comment is, with which it ends.
    let comment: Range<Int>
    /// Where the end records begin.
    let endRecords: Int
    /// The number of entries that it is said to have.
    let entryCount: UInt64
    /// What that number is modulo, where it has 16 bits; 0 otherwise.
    let modulus: UInt64

    /// Whether it has as many entries as it is said to have.
    func isRight(_ count: Int) -> Bool {
        modulus == 0 ? UInt64(count) == entryCount : UInt64(count) % modulus == entryCount % modulus
    }
}
