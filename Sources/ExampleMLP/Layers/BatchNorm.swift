package import TorchCheckpoint

/// Brings each feature to mean 0 and variance 1, then scales and shifts it, as
/// `torch.nn.BatchNorm1d`.
///
/// In training the mean and the variance are those of the batch; the running ones, which inference
/// uses, follow them.
package struct BatchNorm<Scalar: NetworkScalar>: Sendable {
    package var weight: Parameter<Scalar>
    package var bias: Parameter<Scalar>
    package var runningMean: [Scalar]
    package var runningVariance: [Scalar]
    /// `num_batches_tracked`.
    package var batchCount: Int64 = 0

    /// torch's `eps`.
    package static var epsilon: Double { 1e-5 }
    /// The share that a batch has in the running statistics: torch's `momentum`.
    package static var momentum: Double { 0.1 }

    package var features: Int { weight.shape[0] }

    package init(features: Int) {
        let (zeros, ones) = (
            [Scalar](repeating: 0, count: features), [Scalar](repeating: 1, count: features)
        )
        weight = Parameter(shape: [features], values: ones)
        bias = Parameter(shape: [features], values: zeros)
        runningMean = zeros
        runningVariance = ones
    }

    /// Inference: with the running statistics.
    package func callAsFunction(_ input: Matrix<Scalar>) -> Matrix<Scalar> {
        let columns = zip(input.wideColumns, 0...).map { column, feature in
            let scale = 1 / (runningVariance[feature].widened + Self.epsilon).squareRoot()
            let mean = runningMean[feature].widened
            return scaled(column.map { ($0 - mean) * scale }, feature)
        }
        return Matrix(rows: input.rows, wideColumns: columns)
    }

    private func scaled(_ normalized: [Double], _ feature: Int) -> [Double] {
        let (weight, bias) = (weight.values[feature].widened, bias.values[feature].widened)
        return normalized.map { $0 * weight + bias }
    }
}

// Training.
extension BatchNorm {
    /// What the way back needs of the way forward.
    package struct Memory: Sendable {
        /// The normalized input, feature by feature, not rounded.
        let normalized: [[Double]]
        /// One over the standard deviation of each feature.
        let scales: [Double]
    }

    /// Training: with the statistics of the batch, which the running ones take a share of.
    ///
    /// - Throws: `shapeMismatch` for a batch of one, which has no variance; torch refuses it too.
    package mutating func forward(
        _ input: Matrix<Scalar>
    ) throws -> (output: Matrix<Scalar>, memory: Memory) {
        guard input.rows > 1 else {
            throw CheckpointError(
                .shapeMismatch, "batch norm was given a batch of \(input.rows)",
                advice: "Choose a batch size that does not leave a single sample at the end")
        }
        var (outputs, normalized, scales): ([[Double]], [[Double]], [Double]) = ([], [], [])
        for (feature, column) in input.wideColumns.enumerated() {
            let statistics = Statistics(of: column)
            track(statistics, count: input.rows, feature)
            let scale = 1 / (statistics.variance + Self.epsilon).squareRoot()
            normalized.append(column.map { ($0 - statistics.mean) * scale })
            scales.append(scale)
            outputs.append(scaled(normalized[feature], feature))
        }
        // It wraps around, as torch's does; nothing is made of it here.
        batchCount &+= 1
        return (
            Matrix(rows: input.rows, wideColumns: outputs),
            Memory(normalized: normalized, scales: scales)
        )
    }

    // The running variance is the unbiased one, the one that normalizes is not.
    private mutating func track(_ statistics: Statistics, count: Int, _ feature: Int) {
        let unbiased = statistics.variance * Double(count) / Double(count - 1)
        let share = Self.momentum
        let mean = runningMean[feature].widened * (1 - share) + statistics.mean * share
        let variance = runningVariance[feature].widened * (1 - share) + unbiased * share
        runningMean[feature] = Scalar(rounding: mean)
        runningVariance[feature] = Scalar(rounding: variance)
    }

    /// Sets the gradients of weight and bias, and returns that of the input.
    ///
    /// Mean and variance depend on the input too, so a part of the gradient goes through them.
    package mutating func backward(
        _ gradient: Matrix<Scalar>, from memory: Memory
    ) -> Matrix<Scalar> {
        let count = Double(gradient.rows)
        let columns = zip(gradient.wideColumns, 0...).map { column, feature in
            let normalized = memory.normalized[feature]
            let sum = column.reduce(0, +)
            let product = zip(column, normalized).reduce(0) { $0 + $1.0 * $1.1 }
            bias.gradient[feature] = Scalar(rounding: sum)
            weight.gradient[feature] = Scalar(rounding: product)
            let factor = weight.values[feature].widened * memory.scales[feature]
            return zip(column, normalized).map {
                ($0 - sum / count - $1 * product / count) * factor
            }
        }
        return Matrix(rows: gradient.rows, wideColumns: columns)
    }
}

extension BatchNorm: StateDictLoadable {
    package func stateDict() throws -> StateDict {
        // Version 2 of batch norm is the one that counts batches.
        try StateDict(
            [
                "weight": weight.tensor(), "bias": bias.tensor(),
                "running_mean": Tensor(runningMean), "running_var": Tensor(runningVariance),
                "num_batches_tracked": Tensor([batchCount], shape: []),
            ], metadata: .moduleVersions(["": 2]))
    }

    package mutating func update(with stateDict: StateDict) throws {
        func buffer(_ name: String) throws -> [Scalar] {
            let tensor = try stateDict.tensor(name)
            try tensor.checkShape([features])
            return try tensor.array(converting: Scalar.self)
        }
        try weight.copy(stateDict.tensor("weight"))
        try bias.copy(stateDict.tensor("bias"))
        runningMean = try buffer("running_mean")
        runningVariance = try buffer("running_var")
        batchCount = try stateDict.tensor("num_batches_tracked").item()
    }
}

private struct Statistics {
    let mean: Double
    /// The biased one: divided by the number of values.
    let variance: Double

    init(of values: [Double]) {
        let (count, mean) = (Double(values.count), values.reduce(0, +) / Double(values.count))
        self.mean = mean
        variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    }
}
