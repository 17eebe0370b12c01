public import TorchCheckpoint

/// Samples and their classes.
public struct Dataset<Scalar: NetworkScalar>: Sendable {
    /// A sample in each row.
    public let inputs: Matrix<Scalar>
    /// The class of each sample.
    public let targets: [Int]

    /// Creates a dataset.
    ///
    /// - Throws: `CheckpointError` with `shapeMismatch` when there are not as many targets as samples,
    ///   and when there are none.
    public init(inputs: Matrix<Scalar>, targets: [Int]) throws {
        try inputs.checkTargets(targets)
        self.inputs = inputs
        self.targets = targets
    }

    /// Reads a dataset that was saved as `{"inputs": [n, features], "targets": [n] of int64}`.
    ///
    /// - Throws: `CheckpointError` for what is missing or does not fit.
    public init(_ checkpoint: Checkpoint) throws {
        let inputs = try checkpoint.value(at: ["inputs"]).tensor()
        let targets = try checkpoint.value(at: ["targets"]).tensor()
        try targets.checkShape([targets.elementCount])
        try self.init(
            inputs: Matrix(inputs), targets: targets.array(of: Int64.self).map { Int($0) })
    }

    /// One more than the greatest class that a sample is of.
    public var classCount: Int {
        let (count, overflows) = (targets.max() ?? 0).addingReportingOverflow(1)
        return overflows ? .max : count
    }

    /// The samples in their order, cut into batches; the last one has what is left.
    ///
    /// - Throws: `CheckpointError` with `numberOutOfRange` for a size below 1.
    func batches(of size: Int) throws -> [Dataset] {
        guard size > 0 else {
            throw CheckpointError(
                .numberOutOfRange, "batches of \(size) samples were asked for",
                advice: "Choose a batch size of 1 or more")
        }
        return try stride(from: 0, to: targets.count, by: size).map { start in
            let range = start..<min(targets.count, start + min(size, targets.count))
            return try Dataset(
                inputs: inputs.rows(in: range), targets: Array(targets[range]))
        }
    }
}
