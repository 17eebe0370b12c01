import ByteIO
import Synchronization

/// Inflates entries of one archive, one at a time.
///
/// It has libzip open the archive again when it is first needed: most archives have nothing to
/// inflate, and libzip's handles hold the whole directory and serve one thread at a time.
final class Inflater: Sendable {
    private let view: ArchiveView
    private let handle = Lock<ZipHandle?>(nil)

    init(_ view: ArchiveView) { self.view = view }

    /// The inflated contents of an entry.
    func contents(of entry: ZipEntry) throws(CheckpointError) -> ByteRegion {
        guard let index = view.place(of: entry.index) else {
            throw CheckpointError(.damagedArchive, "is not an entry of this archive")
        }
        return try handle.withLock { (handle) throws(CheckpointError) in
            let opened = if let handle { handle } else { try ZipHandle(view) }
            handle = opened
            return try opened.inflate(index, byteCount: entry.byteCount)
        }
    }
}
