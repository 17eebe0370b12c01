import RealModule
import TorchCheckpoint

/// How far logits are from the right classes, as `torch.nn.functional.cross_entropy`: the mean over
/// the batch.
package enum CrossEntropy {
    /// The loss and its gradient by the logits.
    ///
    /// - Throws: `numberOutOfRange` for a target that is no class; `shapeMismatch` for another
    ///   number of targets than of rows, and for none.
    package static func evaluate<Scalar>(
        _ logits: Matrix<Scalar>, targets: [Int]
    ) throws -> (loss: Scalar, gradient: Matrix<Scalar>) {
        try logits.checkTargets(targets)
        var loss = 0.0
        var gradient: [Scalar] = []
        gradient.reserveCapacity(logits.elements.count)
        for (row, target) in targets.enumerated() {
            guard 0..<logits.columns ~= target else {
                throw CheckpointError(
                    .numberOutOfRange, "the target \(target) is none of \(logits.columns) classes",
                    advice: "Classes are counted from 0")
            }
            let logarithms = logProbabilities(logits.rows(in: row..<row + 1).elements)
            loss -= logarithms[target]
            for (column, logarithm) in logarithms.enumerated() {
                let error = Double.exp(logarithm) - (column == target ? 1 : 0)
                gradient.append(Scalar(rounding: error / Double(targets.count)))
            }
        }
        let matrix = Matrix(rows: logits.rows, columns: logits.columns, checked: gradient)
        return (Scalar(rounding: loss / Double(targets.count)), matrix)
    }

    // The greatest logit is taken away first, so that no exponential overflows.
    private static func logProbabilities<Scalar: NetworkScalar>(_ logits: [Scalar]) -> [Double] {
        let wide = logits.map(\.widened)
        let greatest = wide.max() ?? 0
        let sum = wide.reduce(0) { $0 + Double.exp($1 - greatest) }
        return wide.map { $0 - greatest - Double.log(sum) }
    }
}
