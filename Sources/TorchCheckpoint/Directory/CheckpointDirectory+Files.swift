import ByteIO
import SystemPackage

extension CheckpointDirectory {
    /// What is named like a checkpoint, in the order of saving; nil when there is no folder.
    ///
    /// While a folder changes, what is removed and what replaces it may both be missing from a
    /// listing. So it is listed until two listings are the same.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    /// - Complexity: O(*n* log *n*) in the number of names.
    func files() throws(CheckpointError) -> [CheckpointFile]? {
        var last: [String: CheckpointName]?
        for _ in 0..<Self.maximumListings {
            guard let names = try checkpointNames() else { return nil }
            let files = names.compactMap { file(named: $0, $1) }
            if names == last, files.count == names.count {
                return files.sorted(by: CheckpointFile.isInOrder)
            }
            last = names
        }
        throw Self.restless.inFile(path.string)
    }

    /// How often the folder is listed when it changes meanwhile.
    static let maximumListings = 64

    /// The error of a folder that changes whenever it is listed.
    static var restless: CheckpointError {
        CheckpointError(
            .fileSystem, "the folder changes as fast as it is listed",
            advice: "Find out which programs save there or remove files")
    }

    private func checkpointNames() throws(CheckpointError) -> [String: CheckpointName]? {
        guard let names = try path.namesInFolder() else { return nil }
        let read = names.compactMap { text in
            CheckpointName(text, fileExtension: fileExtension).map { (text, $0) }
        }
        return Dictionary(read) { first, _ in first }
    }

    /// The file of a name; nil when it is gone.
    private func file(named text: String, _ name: CheckpointName) -> CheckpointFile? {
        let path = path.appending(text)
        return path.fileStatus.map {
            CheckpointFile(path: path, text: text, name: name, status: $0)
        }
    }

    func entry(_ file: CheckpointFile) -> Entry {
        Entry(path: file.path, epoch: file.name.epoch, metric: metric(of: file))
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
