import ByteIO
import Synchronization

/// Inflates entries of one archive, one at a time.
///
/// What was inflated last is kept, up to 64 MiB: a small file can have thousands of tensors that are
/// views of one deflated entry, or of some in turns.
///
/// It has libzip open the archive again when it is first needed: most archives have nothing to
/// inflate, and libzip's handles hold the whole directory and serve one thread at a time.
final class Inflater: Sendable {
    fileprivate struct State {
        var handle: ZipHandle?
        /// The last inflated entries by their numbers, the very last at the end.
        var kept: [(index: Int, region: ByteRegion)] = []
    }

    /// How much of what was inflated is kept: as much as any archive may inflate to.
    fileprivate static let keptByteCount = InflationBudget.maximumFreeByteCount

    /// How many entries are kept, which are looked through.
    fileprivate static let keptEntries = 64

    private let view: ArchiveView
    private let state = Lock(State())

    init(_ view: ArchiveView) { self.view = view }

    /// The inflated contents of an entry.
    func contents(of entry: ZipEntry) throws(CheckpointError) -> ByteRegion {
        guard let index = view.place(of: entry.index) else {
            throw CheckpointError(.damagedArchive, "is not an entry of this archive")
        }
        return try state.withLock { (state) throws(CheckpointError) in
            if let place = state.kept.firstIndex(where: { $0.index == entry.index }) {
                state.kept.append(state.kept.remove(at: place))
                return state.kept[state.kept.count - 1].region
            }
            let opened = if let handle = state.handle { handle } else { try ZipHandle(view) }
            state.handle = opened
            let region = try opened.inflate(index, byteCount: entry.byteCount)
            state.keep(region, of: entry.index)
            return region
        }
    }
}

extension Inflater.State {
    fileprivate mutating func keep(_ region: ByteRegion, of index: Int) {
        guard region.count <= Inflater.keptByteCount else { return }
        kept.append((index, region))
        var count = kept.reduce(0) { $0 + $1.region.count }
        while count > Inflater.keptByteCount || kept.count > Inflater.keptEntries {
            count -= kept.removeFirst().region.count
        }
    }
}
