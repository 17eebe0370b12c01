import ByteIO

extension CheckpointError {
    /// What `torch.load(weights_only=True)` does not do.
    static func refusedByTorch(_ reason: String) -> CheckpointError {
        CheckpointError(
            .refusedByWeightsOnly, "torch.load(weights_only=True) refuses it: \(reason)",
            advice: "If you trust the file, open it with GlobalPolicy.inert; "
                + "a copy that is written after an edit, or by --extract-weights, is taken")
    }

    /// What no pickler of torch writes, so that what torch would make of it is not known here.
    static func notFollowed(_ reason: String) -> CheckpointError {
        CheckpointError(
            .refusedByWeightsOnly, "no writer of torch writes this, so it is refused: \(reason)",
            advice: "If you trust the file, open it with GlobalPolicy.inert")
    }
}
