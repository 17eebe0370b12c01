import TorchCheckpoint

/// Where to start instead, in terms of `--key`.
enum KeyAdvice {
    /// Does what needs state dicts or modules where the conversion starts.
    ///
    /// - Parameter keys: The options that led there.
    static func onMissing<Result>(
        in checkpoint: Checkpoint, from keys: [String], _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as CheckpointError where codes.contains(error.code) {
            let paths = ((try? checkpoint.stateDictPaths()) ?? []).filter {
                !$0.keys.isEmpty && !$0.keys.contains(CheckpointPath.argumentsKey)
            }
            guard !paths.isEmpty else { throw error }
            let starts = paths.prefix(shownCount).map { options(keys, $0) }
            throw error.replacingAdvice(
                "Start where there is a model: \(starts.joined(separator: ", or "))"
                    + (paths.count > shownCount ? ", …" : ""))
        }
    }

    private static let codes: [CheckpointError.Code] = [.keyNotFound, .forbiddenGlobal]
    private static let shownCount = 4

    private static func options(_ keys: [String], _ path: CheckpointPath) -> String {
        (keys + path.keys.map(\.description)).map { "--key \(quoted($0))" }
            .joined(separator: " ")
    }

    /// A word as a shell takes it.
    private static func quoted(_ word: String) -> String {
        guard word.wholeMatch(of: /[A-Za-z0-9_.\/:-]+/) == nil else { return word }
        return "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
