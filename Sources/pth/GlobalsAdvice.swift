import TorchCheckpoint

/// What to do about what a policy refuses, in terms of options.
enum GlobalsAdvice {
    /// Does what reads a checkpoint.
    static func onLoading<Result>(_ body: () throws -> Result) throws -> Result {
        try advising(
            "If you trust the file, leave --weights-only out",
            [.forbiddenGlobal, .refusedByWeightsOnly], body)
    }

    /// Does what writes a checkpoint.
    static func onSaving<Result>(_ body: () throws -> Result) throws -> Result {
        try advising(
            "Keep that knowingly (--keep-globals), or leave out what needs it (--extract-weights, "
                + "--drop)",
            [.forbiddenGlobal, .unsupportedOpcode], body)
    }

    private static func advising<Result>(
        _ advice: String, _ codes: [CheckpointError.Code], _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let error as CheckpointError where codes.contains(error.code) {
            throw error.replacingAdvice(advice)
        }
    }
}

extension CheckpointError {
    /// The error with other advice.
    func replacingAdvice(_ advice: String) -> CheckpointError {
        var error = CheckpointError(
            code, reason, offset: offset, advice: advice, underlying: underlying
        ).inFile(path)
        if let record { error = error.inRecord(record) }
        if let keyPath { error = error.atKeyPath(keyPath) }
        return error
    }
}
