import ByteIO
import SystemPackage

extension CheckpointDirectory {
    /// What is named like a checkpoint, in the order of saving; nothing when there is no folder.
    ///
    /// While a folder is listed, what is removed and what replaces it may both be missed. So it is
    /// listed until nothing of the listing before is missing; if that does not happen soon, with the
    /// lock, for which those who save have to wait.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    /// - Complexity: O(*n* log *n*) in the number of names.
    func files() throws(CheckpointError) -> [CheckpointFile] {
        if let files = try settledFiles(listings: Self.patientListings) { return files }
        return try files(FolderLock(path, isShared: true))
    }

    /// The same for who has a lock.
    func files(_ lock: borrowing FolderLock) throws(CheckpointError) -> [CheckpointFile] {
        guard let files = try settledFiles(listings: Self.maximumListings) else {
            throw Self.restless.inFile(path.string)
        }
        return files
    }

    /// How often the folder is listed when it changes meanwhile.
    static let maximumListings = 64

    private static let patientListings = 8

    /// The error of a folder that changes whenever it is listed.
    static var restless: CheckpointError {
        CheckpointError(
            .fileSystem, "the folder changes as fast as it is listed",
            advice: "Find out which programs save there or remove files")
    }

    /// The files, or nil when some vanished in each of so many listings.
    private func settledFiles(listings: Int) throws(CheckpointError) -> [CheckpointFile]? {
        var last: [String: CheckpointName]?
        for _ in 0..<listings {
            guard let names = try checkpointNames() else { return [] }
            let isSettled = last?.keys.allSatisfy { names[$0] != nil } ?? false
            if isSettled, let files = try files(named: names) {
                return files.sorted(by: CheckpointFile.isInOrder)
            }
            last = names
        }
        return nil
    }

    private func checkpointNames() throws(CheckpointError) -> [String: CheckpointName]? {
        guard let names = try path.namesInFolder() else { return nil }
        let read = names.compactMap { text in
            CheckpointName(text, fileExtension: fileExtension).map { (text, $0) }
        }
        return Dictionary(read) { first, _ in first }
    }

    /// The files of names, without links; nil when one is gone.
    private func files(
        named names: [String: CheckpointName]
    ) throws(CheckpointError) -> [CheckpointFile]? {
        var files: [CheckpointFile] = []
        for (text, name) in names {
            let path = path.appending(text)
            guard let status = try path.fileStatus() else { return nil }
            if status.isLink { continue }
            files.append(CheckpointFile(path: path, text: text, name: name, status: status))
        }
        return files
    }

    func entry(_ file: CheckpointFile) -> Entry {
        Entry(
            path: file.path, epoch: file.name.epoch, metric: metric(of: file),
            loadOptions: loadOptions)
    }

    /// The directory's metric as the file's name says it, which may be NaN.
    private func metric(of file: CheckpointFile) -> Double? {
        guard let metric, let found = file.name.metric, found.name == metric.name else {
            return nil
        }
        return found.value
    }

    /// The files that could be the best, the best first; of equal ones the earlier first.
    func ranked(_ files: [CheckpointFile]) -> [CheckpointFile] {
        guard let metric else { return [] }
        let rated = files.enumerated().compactMap { place, file in
            self.metric(of: file).flatMap { $0.isNaN ? nil : (place, file, $0) }
        }
        return rated.sorted { left, right in
            if metric.isBetter(left.2, than: right.2) { return true }
            return !metric.isBetter(right.2, than: left.2) && left.0 < right.0
        }.map(\.1)
    }
}
