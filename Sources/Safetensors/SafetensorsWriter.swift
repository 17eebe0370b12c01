import ByteIO
public import OrderedCollections
public import SystemPackage
public import Tensors

/// Writes safetensors files.
///
/// The file has the very bytes that the Python package's `save_file` writes for the same tensors
/// and at most one metadata entry (with more, Python's order is random and ours alphabetical). See
/// `Specs/safetensors.md`.
public enum SafetensorsWriter {
    /// Writes tensors to a file, which appears only when it is whole.
    ///
    /// Views are written row-major, without gaps. Memory stays small whatever the size.
    ///
    /// - Parameters:
    ///   - tensors: The tensors by name.
    ///   - path: The file to write or replace.
    ///   - metadata: Text by key, for the header's `__metadata__`.
    ///   - sharedStorage: What to do with tensors that share memory.
    ///   - progress: Called now and then with the number of bytes written and of all bytes; what it
    ///     throws ends the writing and leaves an old file whole.
    /// - Returns: The names of the tensors that were written, and for each one that was left out the
    ///   one that stands for it.
    /// - Throws: ``CheckpointError``, and what `progress` throws.
    /// - Complexity: O(*n*) in the bytes written.
    @discardableResult
    public static func write(
        _ tensors: OrderedDictionary<String, Tensor>, to path: FilePath,
        metadata: OrderedDictionary<String, String> = [:],
        sharedStorage: SharedStoragePolicy = .reject,
        progress: (_ written: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> (written: [String], standIns: OrderedDictionary<String, String>) {
        let (kept, standIns) = try sharedStorage.resolve(tensors)
        try Tensor.checkTotalSize(of: kept.values)
        var metadata = metadata
        for (name, standIn) in standIns { metadata[name] = standIn }
        let header = try SafetensorsHeader(kept, metadata: metadata)
        var file = try BufferedAtomicFile(replacing: path)
        try unsafe file.write(header.bytes.span.bytes)
        var written = 0
        for (_, tensor) in header.order {
            try tensor.withRowMajorChunks(byteOrder: .little) { chunk in
                var rest = chunk
                while rest.byteCount > 0 {
                    let part = rest.extracting(first: ProgressPiece.byteCount)
                    try file.write(part)
                    rest = rest.extracting(droppingFirst: part.byteCount)
                    written += part.byteCount
                    try progress(written, header.dataByteCount)
                }
            }
        }
        try file.commit()
        return (Array(kept.keys), standIns)
    }
}
