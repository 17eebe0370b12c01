extension Checkpoint {
    /// A checkpoint of a value of a program: code that does not fit it any more is left behind.
    func extractingFromProgram(
        _ value: CheckpointValue, at path: CheckpointPath
    ) throws -> Checkpoint {
        if let stateDict = try torchScriptStateDict(of: value, at: path) {
            return try Checkpoint(stateDict)
        }
        // The mark of a list's type is nothing to those who read a checkpoint.
        return try Checkpoint(value.value(contents.markedValue(value.id) ?? value.id))
    }
}

extension Checkpoint {
    /// Where else there are tensors.
    func noTensorAdvice() -> String {
        guard let count = try? constantTensors().count, count > 0 else { return stateDictAdvice() }
        return "There are \(count.counted("tensor", "tensors")) among the constants of its code"
    }
}
