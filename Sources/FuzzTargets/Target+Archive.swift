import ByteIO
import ZipArchive

extension FuzzTarget {
    /// A zip archive is refused or its entries can be named, found and read.
    static let archive = FuzzTarget("archive") { bytes in
        guard let region = attempt({ try ByteRegion(copying: bytes) }),
            let archive = attempt({ try ZipArchive(region) })
        else { return }
        for entry in archive.entries {
            promise(
                archive.entry(named: entry.name)?.headerOffset == entry.headerOffset,
                "an entry is found by its name")
            let contents = attempt { try archive.contents(of: entry) }
            if let contents {
                promise(contents.count == entry.byteCount, "an entry has the size that it says")
            }
        }
        attempt { try archive.verifyChecksums() }
        promise(archive.entriesInFileOrder.count == archive.entries.count, "no entry is lost")
    }
}
