import ByteIO
import Synchronization

/// Inflates entries of one archive, one at a time.
///
/// It has libzip open the archive again when it is first needed: most archives have nothing to
/// inflate, and libzip's handles hold the whole directory and serve one thread at a time.
final class Inflater: Sendable {
    private let region: ByteRegion
    private let handle = Mutex<ZipHandle?>(nil)

    init(_ region: ByteRegion) { self.region = region }

    /// The inflated contents of an entry.
    func contents(of entry: ZipEntry) throws(CheckpointError) -> ByteRegion {
        try handle.withLock { (handle) throws(CheckpointError) in
            if let handle { return try handle.inflate(entry.index, byteCount: entry.byteCount) }
            let opened = try ZipHandle(region)
            handle = opened
            return try opened.inflate(entry.index, byteCount: entry.byteCount)
        }
    }
}
