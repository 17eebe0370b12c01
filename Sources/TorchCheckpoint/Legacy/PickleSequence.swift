import ByteIO
import Pickle

/// Pickles that follow each other without anything between them.
struct PickleSequence {
    let region: ByteRegion
    let limits: PickleLimits
    /// The offset behind what was read.
    private(set) var position: Int

    init(_ region: ByteRegion, at position: Int = 0, limits: PickleLimits) {
        (self.region, self.position, self.limits) = (region, position, limits)
    }

    /// Reads the next pickle.
    ///
    /// - Parameter expectedByteCount: What it is likely to need at most: a graph is made ready for as
    ///   many bytes as there are, and those behind the pickle may be gigabytes.
    /// - Throws: What parsing throws, with the offset in the whole region.
    mutating func next(expecting expectedByteCount: Int) throws(CheckpointError) -> PickleGraph {
        let most = min(region.count - position, limits.bytes, Int(UInt32.max))
        var expected = expectedByteCount
        while expected < most {
            if let graph = try? parse(expected) { return graph }
            expected = expected.addingCapped(15 * expected)
        }
        do throws(CheckpointError) {
            return try parse(most)
        } catch {
            guard error.code == .truncated, most < region.count - position else {
                throw error.movingOffset(by: position)
            }
            throw CheckpointError(
                .limitExceeded, "a pickle has more than \(most) bytes", offset: position,
                advice: "Raise PickleLimits.bytes if the file is trusted")
        }
    }

    private mutating func parse(_ count: Int) throws(CheckpointError) -> PickleGraph {
        let graph = try PickleGraph(
            parsing: region.slice(at: position, count: count), limits: limits,
            allowsTrailingBytes: true)
        position += graph.byteCount
        return graph
    }

    /// Reads the next bytes.
    ///
    /// - Throws: ``CheckpointError/Code/truncated``.
    mutating func readBytes(_ count: Int) throws(CheckpointError) -> ByteRegion {
        do throws(CheckpointError) {
            let bytes = try region.slice(at: position, count: count)
            position += count
            return bytes
        } catch {
            throw error.atOffset(position)
        }
    }

    /// Reads a little-endian integer.
    ///
    /// - Throws: ``CheckpointError/Code/truncated``.
    mutating func readInteger<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type
    ) throws(CheckpointError) -> Value {
        let bytes = try readBytes(MemoryLayout<Value>.size)
        var reader = ByteReader(bytes.bytes)
        return try reader.readLittleEndian(type)
    }

    /// Reads the number of elements that stands before the data of a storage, and the data.
    ///
    /// - Throws: ``CheckpointError/Code/truncated``, ``CheckpointError/Code/invalidStorage`` for a
    ///   negative number.
    mutating func readStorage(itemSize: Int) throws(CheckpointError) -> ByteRegion {
        let start = position
        let count = try readInteger(Int64.self)
        guard count >= 0 else {
            throw CheckpointError(
                .invalidStorage, "a storage has \(count) elements", offset: start,
                advice: "The file is damaged or was not written by torch")
        }
        return try readBytes(Int(checked: count).multipliedChecked(by: itemSize))
    }
}
