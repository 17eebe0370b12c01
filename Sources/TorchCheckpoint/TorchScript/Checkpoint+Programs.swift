extension Checkpoint {
    /// A checkpoint of a value of a program: code that does not fit it any more is left behind.
    func extractingFromProgram(
        _ value: CheckpointValue, at path: CheckpointPath
    ) throws -> Checkpoint {
        if let stateDict = try torchScriptStateDict(of: value, at: path) {
            return try Checkpoint(stateDict)
        }
        return try Checkpoint(value)
    }
}
