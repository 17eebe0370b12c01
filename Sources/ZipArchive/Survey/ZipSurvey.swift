package import ByteIO

/// All that any reader could find in a zip archive, and what they would disagree on.
///
/// ``ZipArchive`` opens an archive that means one thing, and says of another what is wrong first. A
/// survey goes on: it walks every directory, takes each entry as it comes, and looks at what lies
/// between them. See `Specs/scanning.md`.
package struct ZipSurvey: Sendable {
    /// The entries of all directories, then those that none lists.
    package internal(set) var entries: [SurveyedEntry] = []
    /// What is odd, at most ``maximumOddityCount``, and one more if that is a limit.
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
    private var hasLimit = false
    /// The bytes that belong to entries, directories and end records.
    var taken: [Range<Int>] = []
    /// The numbers of entries by the offsets of their headers.
    var places: [Int: Int] = [:]
    /// How many more bytes of headers are looked at: any number of entries can share theirs.
    private var headerBytes: Int

    /// Surveys the archive that is in `region`, wherever it begins.
    ///
    /// - Complexity: O(*n* log *n*) in the number of entries, and O(*n*) in the bytes of headers and
    ///   those between entries; contents are not read.
    package init(_ region: ByteRegion, limits: ZipLimits = .default) {
        var headerBytes = Self.headerBytes(ofFile: region.count)
        self.init(region, limits: limits, headerBytes: &headerBytes)
    }

    /// How many bytes of headers are looked at in a file of so many bytes.
    package static func headerBytes(ofFile byteCount: Int) -> Int {
        byteCount.multipliedCapped(by: 4).addingCapped(maximumFreeHeaderBytes)
    }

    /// Surveys one of several archives in a file.
    ///
    /// - Parameter headerBytes: How many more bytes of headers are looked at in all of them.
    package init(_ region: ByteRegion, limits: ZipLimits, headerBytes: inout Int) {
        self.region = region
        self.limits = limits
        self.headerBytes = headerBytes
        let directories = readDirectories()
        checkNames()
        checkOverlap(with: directories)
        findGaps(endsAt: directories.map(\.comment.upperBound).max())
        headerBytes = max(self.headerBytes, 0)
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
        // That there is more is told even when nothing else is any more.
        guard oddities.count < Self.maximumOddityCount || (kind == .limit && !hasLimit) else {
            return
        }
        hasLimit = hasLimit || kind == .limit
        oddities.append(
            SurveyOddity(kind: kind, record: record, offset: offset, reason: reason))
    }

    /// Counts the bytes of a header and, where there is one, of an entry of the directory.
    ///
    /// - Returns: Whether there may be more headers.
    mutating func spend(_ header: LocalHeader, at offset: Int, listed: Int = 0) -> Bool {
        headerBytes -= header.dataOffset - offset + listed
        guard headerBytes < 0 else { return true }
        note(.limit, "headers share too many bytes; the rest is not looked at", at: offset)
        return false
    }

    private static let maximumFreeHeaderBytes = 1 << 24

    /// A name: UTF-8 where it is that, which is all that torch writes.
    mutating func text(_ range: Range<Int>) -> String {
        let region = region
        let bytes = region.bytes.extracting(range)
        let most = max(limits.nameBytes, 0)
        if bytes.byteCount > most {
            note(
                .limit, "a name has \(bytes.byteCount) bytes, the limit is \(most)",
                at: range.lowerBound)
        }
        return String(decoding: Array(copying: bytes.extracting(first: most)), as: UTF8.self)
    }
}
