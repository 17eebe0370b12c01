import ByteIO
public import SystemPackage

extension Checkpoint {
    /// Saves the checkpoint.
    ///
    /// A checkpoint that was not edited is written byte for byte as it was read; one that was edited
    /// differs where it was edited, and storages that were not touched keep their bytes. What was
    /// made in Swift has the very bytes that `torch.save` writes. The file appears only when it is
    /// whole and on disk, so the file that the checkpoint was read from can be replaced. The Python
    /// counterpart is `torch.save`.
    ///
    /// - Parameters:
    ///   - path: The file to write or replace.
    ///   - options: Layout, device mapping and policy.
    ///   - progress: Called now and then with the bytes written and all bytes; what it throws ends
    ///     the saving and leaves an old file whole.
    /// - Throws: ``CheckpointError/Code/forbiddenGlobal`` or
    ///   ``CheckpointError/Code/unsupportedOpcode`` when the policy does not accept what the
    ///   checkpoint names or how it is written; ``CheckpointError/Code/unsupportedFormat`` for an
    ///   edited TorchScript archive, and for nested tensors in the layout `legacy`; ``CheckpointError/Code/invalidStorage``,
    ///   ``CheckpointError/Code/unwritableRecord``, ``CheckpointError/Code/duplicateRecord`` and
    ///   ``CheckpointError/Code/limitExceeded`` for what has no place in a file;
    ///   ``CheckpointError/Code/fileSystem``; what a subscript could not set; what `progress`
    ///   throws.
    /// - Complexity: O(*n*) in the bytes written; memory is that of the pickle, and of one storage
    ///   when it has to be inflated or converted.
    public func write(
        to path: FilePath, options: SaveOptions = SaveOptions(),
        progress: (_ written: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        do {
            try contents.source.region?.checkFile()
            // What can't be saved is the fault of what was read.
            let plan = try plan(options, path: path)
            var file = try BufferedAtomicFile(replacing: path)
            switch plan {
            case .copy(let original):
                try original.write(to: &file, progress: progress)
                try file.commit()
            case .archive(let archive):
                var writer = archive.writer(to: file)
                try archive.write(to: &writer, progress: progress)
                try writer.finish().commit()
            case .legacy(let plan):
                try plan.write(to: &file, progress: progress)
                try file.commit()
            }
        } catch let error as CheckpointError {
            throw error.inFile(path.string)
        }
    }

    /// Saves the checkpoint, as ``write(to:options:progress:)-(FilePath,_,_)`` does with a file
    /// path.
    ///
    /// - Throws: as ``write(to:options:progress:)-(FilePath,_,_)``.
    public func write(
        to path: String, options: SaveOptions = SaveOptions(),
        progress: (_ written: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        try write(to: FilePath(path), options: options, progress: progress)
    }

    /// The bytes of the checkpoint's file.
    ///
    /// The Python counterpart is `torch.save` to an `io.BytesIO`, whose root folder is `archive`.
    ///
    /// - Throws: as ``write(to:options:progress:)-(FilePath,_,_)``.
    /// - Complexity: O(*n*) in the number of bytes.
    public func serialized(options: SaveOptions = SaveOptions()) throws -> [UInt8] {
        switch try plan(options, path: nil) {
        case .copy(let original): return original.copyBytes()
        case .archive(let archive):
            var writer = archive.writer(to: MemorySink(capacity: archive.byteCount))
            try archive.write(to: &writer) { _, _ in }
            return try writer.finish().bytes
        case .legacy(let plan):
            var sink = MemorySink(capacity: plan.byteCount)
            try plan.write(to: &sink) { _, _ in }
            return sink.bytes
        }
    }

    private func plan(
        _ options: SaveOptions, path: FilePath?
    ) throws(CheckpointError) -> SavePlan {
        do throws(CheckpointError) {
            if let failure = contents.failedEdit { throw failure }
            guard !options.mapLocation.isIdentity else {
                return try SavePlan(contents, options, path: path)
            }
            let mapped = CheckpointContents(copying: contents)
            try mapped.map(options.mapLocation)
            return try SavePlan(mapped, options, path: path)
        } catch {
            throw error.inFile(contents.source.filePath)
        }
    }
}
