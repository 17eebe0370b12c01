import ByteIO
import SystemPackage

extension CheckpointDirectory {
    /// Saves a checkpoint, and then removes those that need not be kept.
    ///
    /// The file appears when it is whole and on disk; nothing is removed before. Where it replaces
    /// one of the same epoch and metric, that one is there until then. The file that was just saved
    /// is kept by this save in any case.
    ///
    /// - Parameters:
    ///   - checkpoint: What to save.
    ///   - epoch: The epoch that it was reached in, 0 or more.
    ///   - metric: How good it is; nil when that is not known.
    ///   - options: Layout, device mapping and policy of the file.
    /// - Returns: The new checkpoint.
    /// - Throws: as ``Checkpoint/write(to:options:progress:)-(FilePath,_,_)``;
    ///   ``CheckpointError/Code/invalidCheckpointName`` for an epoch below 0, and for a metric where
    ///   the directory has none; ``CheckpointError/Code/fileSystem`` also when an old checkpoint
    ///   can't be removed, or the new one not be made the last of its epoch, and as opening when it
    ///   can't be opened with ``loadOptions``; it is then saved.
    /// - Complexity: O(*n*) in the bytes written; files of earlier runs of the program are read once.
    @discardableResult
    public func save(
        _ checkpoint: Checkpoint, epoch: Int, metric: Double? = nil,
        options: SaveOptions = SaveOptions()
    ) throws -> Entry {
        let name = try name(epoch, metric)
        try path.createFolder()
        let lock = try FolderLock(path)
        if lock.isExclusive { removeLeftovers() }
        let saved = path.appending(name.name(fileExtension: fileExtension))
        try prepare(saved)
        try checkpoint.write(to: saved, options: options)
        try prune(name, of: checkpoint, lock)
        return Entry(path: saved, epoch: epoch, metric: metric, loadOptions: loadOptions)
    }

    /// Saves a Swift value, as ``Checkpoint/init(encoding:)`` writes it, and then removes the
    /// checkpoints that need not be kept.
    ///
    /// - Parameters:
    ///   - value: What to save.
    ///   - epoch: The epoch that it was reached in, 0 or more.
    ///   - metric: How good it is; nil when that is not known.
    ///   - options: Layout, device mapping and policy of the file.
    /// - Returns: The new checkpoint.
    /// - Throws: as ``Checkpoint/init(encoding:)`` and ``save(_:epoch:metric:options:)``.
    /// - Complexity: as ``save(_:epoch:metric:options:)``.
    @discardableResult
    public func save(
        encoding value: some Encodable, epoch: Int, metric: Double? = nil,
        options: SaveOptions = SaveOptions()
    ) throws -> Entry {
        try save(Checkpoint(encoding: value), epoch: epoch, metric: metric, options: options)
    }

    /// Saves the checkpoint that `make` makes, if one is due.
    ///
    /// One is due every ``every`` epochs, and whenever the metric is better than that of all whole
    /// checkpoints, if best ones are kept.
    ///
    /// - Parameters:
    ///   - epoch: The epoch, 0 or more; due are multiples of ``every``.
    ///   - metric: How good the model is; nil when that is not known.
    ///   - options: Layout, device mapping and policy of the file.
    ///   - make: Makes what is saved; called only if that is due.
    /// - Returns: The new checkpoint; nil when none was due.
    /// - Throws: as ``save(_:epoch:metric:options:)``, and what `make` throws.
    /// - Complexity: as ``save(_:epoch:metric:options:)``.
    @discardableResult
    public func saveIfDue(
        epoch: Int, metric: Double? = nil, options: SaveOptions = SaveOptions(),
        _ make: () throws -> Checkpoint
    ) throws -> Entry? {
        _ = try name(epoch, metric)
        guard try epoch % every == 0 || isNewBest(metric) else { return nil }
        return try save(make(), epoch: epoch, metric: metric, options: options)
    }

    /// Saves a Swift value, as ``Checkpoint/init(encoding:)`` writes it, if one is due.
    ///
    ///     try directory.saveIfDue(encoding: trainer.state(), epoch: epoch, metric: loss)
    ///
    /// - Parameters:
    ///   - value: What to save; evaluated only if that is due.
    ///   - epoch: The epoch, 0 or more; due are multiples of ``every``.
    ///   - metric: How good the model is; nil when that is not known.
    ///   - options: Layout, device mapping and policy of the file.
    /// - Returns: The new checkpoint; nil when none was due.
    /// - Throws: as ``Checkpoint/init(encoding:)`` and ``save(_:epoch:metric:options:)``, and what
    ///   evaluating `value` throws.
    /// - Complexity: as ``save(_:epoch:metric:options:)``.
    @discardableResult
    public func saveIfDue<Value: Encodable>(
        encoding value: @autoclosure () throws -> Value, epoch: Int, metric: Double? = nil,
        options: SaveOptions = SaveOptions()
    ) throws -> Entry? {
        try saveIfDue(epoch: epoch, metric: metric, options: options) {
            try Checkpoint(encoding: value())
        }
    }

    private func name(
        _ epoch: Int, _ metric: Double?
    ) throws(CheckpointError) -> CheckpointName {
        guard metric == nil || self.metric != nil else {
            throw CheckpointError(
                .invalidCheckpointName, "a metric is given, and the directory knows none by name",
                advice: "Make the CheckpointDirectory with the metric that is saved"
            ).inFile(path.string)
        }
        let named = self.metric.flatMap { known in metric.map { (known.name, $0) } }
        do throws(CheckpointError) {
            return try CheckpointName(epoch: epoch, metric: named)
        } catch {
            throw error.inFile(path.string)
        }
    }

    /// Whether a metric is better than that of all whole checkpoints.
    private func isNewBest(_ value: Double?) throws(CheckpointError) -> Bool {
        guard let metric, let value, !value.isNaN, bestCount > 0 else { return false }
        for best in ranked(try files()) where try isWhole(best) {
            return entry(best).metric.map { metric.isBetter(value, than: $0) } ?? true
        }
        return true
    }

    /// Looks at what is to be replaced, if there is something.
    private func prepare(_ path: FilePath) throws(CheckpointError) {
        guard let old = try path.fileStatus() else { return }
        // It may lead to another checkpoint, or out of the folder.
        guard !old.isLink else {
            throw CheckpointError(
                .fileSystem, "is a symbolic link, through which no checkpoint is saved",
                advice: "Remove the link, or save another epoch"
            ).inFile(path.string)
        }
        // The new file gets the old one's permissions.
        path.grantOwnerAccess()
    }

    /// Removes what saves left here that were killed, where the file system has no nameless files.
    private func removeLeftovers() {
        // One that stays is no reason not to save.
        for text in (try? path.namesInFolder()) ?? [] where isLeftover(text) {
            try? path.appending(text).removeFile()
        }
    }

    // `.epoch=12.pth.1x2y3z.tmp`: the name of a checkpoint between a dot and a tag.
    private func isLeftover(_ text: String) -> Bool {
        guard let rest = text.removing(prefix: ".")?.removing(suffix: ".tmp"),
            let dot = rest.lastIndex(of: "."), let tag = rest[dot...].removing(prefix: "."),
            let number = UInt64(tag, radix: 36), String(number, radix: 36) == tag
        else { return false }
        return CheckpointName(String(rest[..<dot]), fileExtension: fileExtension) != nil
    }
}
