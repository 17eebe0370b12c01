import ByteIO
import SystemPackage

extension CheckpointDirectory {
    /// The whole checkpoint to go on from: that of the highest epoch, of several the one saved last.
    ///
    /// - Returns: nil when the folder has no checkpoint at all, or is not there yet.
    /// - Throws: ``CheckpointError/Code/noWholeCheckpoint`` when there are checkpoints and all are
    ///   damaged, which ``listing()`` tells more of; ``CheckpointError/Code/fileSystem`` when the
    ///   folder can't be read, or the system fails, as when it has no memory;
    ///   ``CheckpointError/Code/outOfMemory``.
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
    /// - Throws: as ``latest()``, but that one is damaged is no error.
    /// - Complexity: O(*n* log *n*) in the number of files, and reading all.
    public func listing() throws -> Listing {
        var findings = KnownFindings()
        listings: for _ in 0..<Self.maximumListings {
            var (entries, damaged): ([Entry], [Damaged]) = ([], [])
            for file in try files() {
                switch try findings.finding(of: file, in: self) {
                case .whole: entries.append(entry(file))
                case .damaged(let error): damaged.append(Damaged(path: file.path, error: error))
                case .gone: continue listings
                }
            }
            return Listing(entries: entries, damaged: damaged)
        }
        throw Self.restless.inFile(path.string)
    }

    /// The first whole one of those files that `choose` gives; nil when it gives none.
    func firstWhole(
        _ choose: ([CheckpointFile]) -> [CheckpointFile]
    ) throws(CheckpointError) -> Entry? {
        var findings = KnownFindings()
        listings: for _ in 0..<Self.maximumListings {
            var damaged: [Damaged] = []
            for file in choose(try files()) {
                switch try findings.finding(of: file, in: self) {
                case .whole: return entry(file)
                case .damaged(let error): damaged.append(Damaged(path: file.path, error: error))
                // Where a save has removed a file, it has put another one there before.
                case .gone: continue listings
                }
            }
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

/// What was found out while the folder was listed before.
private struct KnownFindings {
    private var findings: [String: (status: FileStatus, finding: CheckpointDirectory.Finding)] = [:]

    mutating func finding(
        of file: CheckpointFile, in directory: CheckpointDirectory
    ) throws(CheckpointError) -> CheckpointDirectory.Finding {
        if let known = findings[file.text], known.status == file.status { return known.finding }
        let finding = try directory.finding(of: file)
        if case .gone = finding { return .gone }
        findings[file.text] = (file.status, finding)
        return finding
    }
}
