import ByteIO
import SystemPackage

extension CheckpointDirectory {
    /// The whole checkpoint to go on from: that of the highest epoch, of several the one saved last.
    ///
    /// - Returns: nil when the folder has no checkpoint at all, or is not there yet.
    /// - Throws: ``CheckpointError/Code/noWholeCheckpoint`` when there are checkpoints and all are
    ///   damaged, which ``listing()`` tells more of; ``CheckpointError/Code/fileSystem`` when the
    ///   folder can't be read; ``CheckpointError/Code/invalidCheckpointName`` or
    ///   ``CheckpointError/Code/numberOutOfRange`` when the directory was made with what makes no
    ///   sense.
    /// - Complexity: O(*n* log *n*) in the number of files, and reading one, or as many more as are
    ///   damaged.
    public func latest() throws -> Entry? {
        try firstWhole { $0.reversed() }
    }

    /// The whole checkpoint with the best metric, of several the earliest.
    ///
    /// NaN is never the best.
    ///
    /// - Returns: nil when there is no checkpoint with the metric, or no metric.
    /// - Throws: as ``latest()``, of the checkpoints that have the metric.
    /// - Complexity: as ``latest()``.
    public func best() throws -> Entry? {
        try firstWhole { ranked($0) }
    }

    /// All checkpoints, whole or damaged.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the folder can't be read; as ``latest()``
    ///   what makes no sense. That one is damaged is no error.
    /// - Complexity: O(*n* log *n*) in the number of files, and reading all.
    public func listing() throws -> Listing {
        try check()
        var entries: [Entry] = []
        var damaged: [Damaged] = []
        for file in try files() ?? [] {
            switch finding(of: file) {
            case .whole: entries.append(entry(file))
            case .damaged(let error): damaged.append(Damaged(path: file.path, error: error))
            case .gone: break
            }
        }
        return Listing(entries: entries, damaged: damaged)
    }

    /// The first whole one of those files that `choose` gives; nil when it gives none.
    private func firstWhole(
        _ choose: ([CheckpointFile]) -> [CheckpointFile]
    ) throws(CheckpointError) -> Entry? {
        try check()
        // Where a save has removed a file, it has put another one there before.
        for _ in 0..<Self.maximumListings {
            var damaged: [Damaged] = []
            var isChanging = false
            for file in choose(try files() ?? []) {
                switch finding(of: file) {
                case .whole: return entry(file)
                case .damaged(let error): damaged.append(Damaged(path: file.path, error: error))
                case .gone: isChanging = true
                }
            }
            if isChanging { continue }
            guard damaged.isEmpty else { throw noWhole(damaged) }
            return nil
        }
        throw Self.restless.inFile(path.string)
    }

    private func noWhole(_ damaged: [Damaged]) -> CheckpointError {
        let shown = damaged.prefix(5).map { "\($0.error)" }
        let more = damaged.count > shown.count ? "; and \(damaged.count - shown.count) more" : ""
        return CheckpointError(
            .noWholeCheckpoint,
            "none of \(damaged.count.counted("checkpoint", "checkpoints")) is whole: "
                + shown.joined(separator: "; ") + more,
            advice: "Restore one of them, or move them away to start anew",
            underlying: damaged.first?.error
        ).inFile(path.string)
    }
}
