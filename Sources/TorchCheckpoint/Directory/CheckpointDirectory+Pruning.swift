import ByteIO
import SystemPackage

extension CheckpointDirectory {
    /// Removes the whole checkpoints that need not be kept, after one was saved.
    ///
    /// - Parameters:
    ///   - saved: The one that was saved, which is kept.
    ///   - checkpoint: Its contents.
    ///   - lock: The right to write to the folder.
    /// - Throws: ``CheckpointError/Code/fileSystem``; what can be removed is removed all the same.
    func prune(
        _ saved: CheckpointName, of checkpoint: Checkpoint, _ lock: borrowing FolderLock
    ) throws(CheckpointError) {
        try putLast(saved)
        // What other metrics have chosen is not for this one to judge.
        let files = try files() ?? []
        let own = files.filter { $0.name.metric == nil || $0.name.metric?.name == metric?.name }
        noteIfMade(checkpoint, own.first { $0.name == saved })
        let kept = namesToKeep(of: own, besides: saved)
        let rest = own.filter { !kept.contains($0.text) }
        guard !rest.isEmpty else { return }
        // A new name that the disk has not got must not cost the old ones.
        try lock.flush()
        var failure: CheckpointError?
        for file in rest where isWhole(file) {
            do throws(CheckpointError) {
                try file.path.removeFile()
                verified.forget(file)
            } catch {
                failure = failure ?? error
            }
        }
        guard let failure else { return }
        throw failure.advising(
            "The new checkpoint is saved; remove the old one, or allow it to be removed")
    }

    /// The names of the last whole checkpoints, of the best ones, and of the one just saved.
    private func namesToKeep(
        of files: [CheckpointFile], besides saved: CheckpointName
    ) -> Set<String> {
        guard let keepingLast else { return Set(files.map(\.text)) }
        let last = files.reversed().lazy.filter { isWhole($0) }.prefix(keepingLast)
        let best = ranked(files).lazy.filter { isWhole($0) }.prefix(keepingBest)
        return Set(last.map(\.text) + best.map(\.text))
            .union([saved.name(fileExtension: fileExtension)])
    }

    /// Has a file come after the others of its epoch, where the clock can't tell them apart or went
    /// backwards.
    private func putLast(_ saved: CheckpointName) throws(CheckpointError) {
        let files = try files() ?? []
        guard let own = files.first(where: { $0.name == saved }),
            let last = files.last(where: { $0.name.epoch == saved.epoch && $0.name != saved }),
            last.status.modified >= own.status.modified
        else { return }
        own.path.setModificationTime(last.status.modified.successor)
    }

    // What was made in Swift has checksums of what it was made of, so they need not be compared. What
    // was copied from a file has those of the file, which may be damaged, and is looked at like any
    // other.
    private func noteIfMade(_ checkpoint: Checkpoint, _ file: CheckpointFile?) {
        guard let file, checkpoint.contents.source.region == nil,
            case .whole = finding(of: file, .structure)
        else { return }
        verified.note(true, file, verification)
    }
}
