import ByteIO

/// An archive as libzip is shown it: all of it, or with a directory that has some entries only.
///
/// libzip spends microseconds on each entry of a directory, most of them on its time, which nobody
/// asks for. Entries that are found without its help are left out of what it is shown.
struct ArchiveView: Sendable {
    /// The archive, up to its directory when there is another one.
    let head: ByteRegion
    /// The other directory and the records behind it.
    let tail: ByteRegion
    /// The numbers in the true directory of the entries that are shown, or nil when all are.
    private let shown: [Int]?

    /// The number of bytes.
    var count: Int { head.count + tail.count }

    /// All of an archive.
    init(_ archive: ByteRegion) {
        head = archive
        tail = ByteRegion()
        shown = nil
    }

    /// An archive with some of its entries.
    ///
    /// - Parameters:
    ///   - indices: The numbers of the entries in the directory, in order.
    ///   - ranges: Where in the archive the directory has them.
    init(
        _ archive: ByteRegion, before directoryOffset: Int, _ indices: [Int],
        at ranges: [Range<Int>]
    ) throws(CheckpointError) {
        head = try archive.slice(at: 0, count: directoryOffset)
        var directory: [UInt8] = []
        for range in ranges { directory.append(copying: archive.bytes.extracting(range)) }
        let end = EndRecord.bytes(
            entryCount: ranges.count, directoryByteCount: directory.count,
            directoryOffset: directoryOffset)
        tail = try ByteRegion(copying: directory + end)
        shown = indices
    }

    /// The number of entries that are shown, or nil when all are.
    var shownCount: Int? { shown?.count }

    /// Whether libzip, which looks for the end record from the end on, can find another one than the
    /// one behind the other directory.
    ///
    /// It is looked for twice as far as libzip does.
    var isAmbiguous: Bool {
        guard shown != nil else { return false }
        let count = min(head.count, max(2 * EndRecord.largestDistance - tail.count, 0))
        guard let end = try? head.slice(at: head.count - count, count: count),
            let all = try? ByteRegion(concatenating: [end, tail])
        else { return true }
        return all.bytes.offsets(of: EndRecord.signature, from: 0).count != 1
    }

    /// The number that an entry has for libzip.
    ///
    /// - Complexity: O(log *n*).
    func place(of index: Int) -> UInt64? {
        guard let shown else { return UInt64(index) }
        var range = shown[...]
        while let middle = range.indices.dropFirst(range.count / 2).first {
            if shown[middle] == index { return UInt64(middle) }
            range = shown[middle] < index ? range[(middle + 1)...] : range[..<middle]
        }
        return nil
    }
}
