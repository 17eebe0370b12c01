package import ByteIO

/// All that any reader could find in a zip archive, and what they would disagree on.
///
/// ``ZipArchive`` opens an archive that means one thing, and says of another what is wrong first. A
/// survey goes on: it walks every directory, takes each entry as it comes, and looks at what lies
/// between them. See `Specs/scanning.md`.
package struct ZipSurvey: Sendable {
    /// The entries of all directories, then those that none lists.
    package internal(set) var entries: [SurveyedEntry] = []
    /// What is odd, at most ``maximumOddityCount``.
    package private(set) var oddities: [SurveyOddity] = []
    /// Bytes between and behind entries that are not listed and not all 0.
    package internal(set) var gaps: [Range<Int>] = []
    /// Comments and extra fields in which there is room for something: those of torch hold padding
    /// and sizes.
    package private(set) var asides: [Range<Int>] = []
    /// What stands before the first entry.
    package internal(set) var prefix: Range<Int> = 0..<0
    /// What follows behind the archive.
    package internal(set) var trailer: Range<Int> = 0..<0

    let region: ByteRegion
    let limits: ZipLimits
    /// The bytes that belong to entries, directories and end records.
    var taken: [Range<Int>] = []
    /// The numbers of entries by the offsets of their headers.
    var places: [Int: Int] = [:]

    /// Surveys the archive that is in `region`, wherever it begins.
    ///
    /// - Complexity: O(*n* log *n*) in the number of entries; the bytes between them are read, their
    ///   contents are not.
    package init(_ region: ByteRegion, limits: ZipLimits = .default) {
        self.region = region
        self.limits = limits
        let directories = readDirectories()
        checkNames()
        checkOverlap(with: directories)
        findGaps(endsAt: directories.map(\.comment.upperBound).max())
    }

    /// How many oddities are listed.
    package static let maximumOddityCount = 1024

    /// Remembers a comment or extra field, if there is anything in it.
    mutating func addAside(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        guard asides.count < Self.maximumAsideCount else {
            return note(.limit, "there are too many comments and fields", at: range.lowerBound)
        }
        asides.append(range)
    }

    /// How many comments and extra fields are looked at.
    private static let maximumAsideCount = 1024

    mutating func note(
        _ kind: SurveyOddity.Kind, _ reason: String, at offset: Int, record: String? = nil
    ) {
        guard oddities.count < Self.maximumOddityCount else { return }
        oddities.append(
            SurveyOddity(kind: kind, record: record, offset: offset, reason: reason))
    }
}
