/// A directory of an archive, as an end record leads to it.
struct SurveyedDirectory {
    /// Where its entries begin.
    let start: Int
    /// How far the archive is behind the place that its numbers assume: bytes were put before it.
    let shift: Int
    /// Where the end record ends, its comment included.
    let end: Int
    /// Where the end records begin.
    let endRecords: Int
}
