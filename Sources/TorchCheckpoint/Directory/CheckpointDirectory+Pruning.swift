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
    ///   What the new file is refused for; nothing is removed then.
    func prune(
        _ saved: CheckpointName, of checkpoint: Checkpoint, _ lock: borrowing FolderLock
    ) throws(CheckpointError) {
        var files = try files(lock)
        guard let place = files.firstIndex(where: { $0.name == saved }) else {
            throw CheckpointError(
                .fileSystem, "the checkpoint that was just saved is gone",
                advice: "Find out which program removes files there"
            ).inFile(path.appending(saved.name(fileExtension: fileExtension)).string)
        }
        let new = try putLast(files.remove(at: place), behind: files)
        files.append(new)
        files.sort(by: CheckpointFile.isInOrder)
        try checkNew(new, of: checkpoint)
        // What other metrics have chosen is not for this one to judge.
        let own = files.filter { $0.name.metric == nil || $0.name.metric?.name == metric?.name }
        let kept = try namesToKeep(of: own).union([new.text])
        let rest = own.filter { !kept.contains($0.text) }
        guard !rest.isEmpty else { return }
        // A new name that the disk has not got must not cost the old ones.
        try lock.flush()
        try remove(rest)
    }

    private func remove(_ files: [CheckpointFile]) throws(CheckpointError) {
        var failure: CheckpointError?
        for file in files {
            do throws(CheckpointError) {
                guard try isWhole(file) else { continue }
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

    /// The names of the last whole checkpoints, and of the best ones.
    private func namesToKeep(of files: [CheckpointFile]) throws(CheckpointError) -> Set<String> {
        guard let lastCount else { return Set(files.map(\.text)) }
        return try names(ofFirst: lastCount, in: files.reversed())
            .union(names(ofFirst: bestCount, in: ranked(files)))
    }

    private func names(
        ofFirst count: Int, in files: [CheckpointFile]
    ) throws(CheckpointError) -> Set<String> {
        var names: Set<String> = []
        for file in files {
            guard names.count < count else { break }
            if try isWhole(file) { names.insert(file.text) }
        }
        return names
    }

    /// Has a file come after the others of its epoch, where the clock can't tell them apart or went
    /// backwards.
    private func putLast(
        _ new: CheckpointFile, behind files: [CheckpointFile]
    ) throws(CheckpointError) -> CheckpointFile {
        guard let last = files.last(where: { $0.name.epoch == new.name.epoch }),
            last.status.modified >= new.status.modified
        else { return new }
        var moved = new
        do throws(CheckpointError) {
            try new.path.setModificationTime(after: last.status.modified)
            moved.status = try new.path.fileStatus() ?? new.status
        } catch {
            throw error.advising(
                "The checkpoint is saved; remove the others of its epoch, or save another epoch")
        }
        return moved
    }

    /// Looks whether what was saved can be read.
    private func checkNew(
        _ file: CheckpointFile, of checkpoint: Checkpoint
    ) throws(CheckpointError) {
        if case .damaged(let error) = try finding(of: file, .structure) {
            throw error.advising("The file is written, and nothing was removed for it")
        }
        // What was made in Swift has checksums of what it was made of, so they need not be compared.
        // What was copied from a file has those of the file, which may be damaged, and is looked at
        // like any other.
        if checkpoint.contents.source.region == nil { verified.note(true, file, verification) }
    }
}
