import ByteIO

extension CheckpointError {
    /// What `torch.load(weights_only=True)` does not do.
    static func refusedByTorch(_ reason: String) -> CheckpointError {
        CheckpointError(
            .refusedByWeightsOnly, "torch.load(weights_only=True) refuses it: \(reason)",
            advice: "If you trust the file, open it with GlobalPolicy.inert")
    }

    /// What no pickler of torch writes, so that what torch would make of it is not known here.
    static func notFollowed(_ reason: String) -> CheckpointError {
        CheckpointError(
            .refusedByWeightsOnly, "no writer of torch writes this, so it is refused: \(reason)",
            advice: "If you trust the file, open it with GlobalPolicy.inert",
            underlying: NotFollowed())
    }
}

/// That nothing is known of what torch would do, as the cause of a refusal.
struct NotFollowed: Error {}
