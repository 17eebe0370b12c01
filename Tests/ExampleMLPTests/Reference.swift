import ExampleMLP
import Foundation
import TestSupport
import TorchCheckpoint

/// What real torch made for these tests: `PythonFixtures/train_reference.py`.
enum Reference {
    // Made once for all tests: most of the time goes into starting torch.
    private static let prepared = Result {
        let folder = try TemporaryFolder()
        let outcome = try TorchPython.run(
            script: "train_reference.py", ["prepare", folder.path])
        guard outcome.status == 0 else { throw ReferenceError(reason: outcome.error) }
        return folder
    }

    /// The path of a file in the folder that torch filled.
    static func path(_ name: String) throws -> String { try prepared.get().path(name) }

    static func checkpoint(_ name: String) throws -> Checkpoint {
        try Checkpoint(contentsOf: path(name))
    }

    /// Runs the script and reads what it prints.
    static func run(_ arguments: String...) throws -> JSONValue { try run(arguments) }

    /// Runs the script and reads what it prints.
    static func run(_ arguments: [String]) throws -> JSONValue {
        let outcome = try TorchPython.run(script: "train_reference.py", arguments)
        guard outcome.status == 0 else { throw ReferenceError(reason: outcome.error) }
        return try JSONDecoder().decode(JSONValue.self, from: Data(outcome.output.utf8))
    }
}

struct ReferenceError: Error {
    let reason: String
}

/// A training run of the reference: an optimizer and a dtype.
struct RunCase: Sendable, CustomStringConvertible {
    let kind: OptimizerKind
    let dtype: DType

    var description: String { "\(kind.rawValue)_\(dtype)" }

    static let all = OptimizerKind.allCases.flatMap { kind in
        [DType.float32, .float64].map { RunCase(kind: kind, dtype: $0) }
    }

    /// Resumes the run that a file of its folder was saved from.
    func trainer<Scalar: NetworkScalar>(
        of type: Scalar.Type = Scalar.self, resuming name: String,
        options: LoadOptions = LoadOptions()
    ) throws -> Trainer<Scalar> {
        let path = try Reference.path("\(self)/\(name)")
        let state = try Checkpoint(contentsOf: path, options: options).decode(TrainingState.self)
        return try Trainer(
            resuming: state, kind: kind,
            dataset: Dataset(Reference.checkpoint("\(self)/data.pth")), batchSize: 16)
    }
}

extension Trainer {
    mutating func train(untilEpoch end: Int) throws {
        while epoch < end { _ = try runEpoch() }
    }
}

/// How far numbers are from the right ones, in relation to the greatest of these.
func difference<Scalar: NetworkScalar>(_ numbers: [Scalar], _ right: [Scalar]) -> Double {
    guard numbers.count == right.count else { return .infinity }
    let greatest = right.map { abs($0.widened) }.max() ?? 0
    let differences = zip(numbers, right).map { abs($0.widened - $1.widened) }
    let worst = worst(of: differences)
    return worst.isFinite ? worst / (greatest > 0 ? greatest : 1) : .infinity
}

/// The greatest of differences: 0 of none, and infinite when any is NaN, which `max` passes over.
func worst(of differences: some Sequence<Double>) -> Double {
    differences.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
}

extension CheckpointValue {
    /// The elements of the tensor that this is.
    func elements<Scalar: NetworkScalar>(of type: Scalar.Type = Scalar.self) throws -> [Scalar] {
        try tensor().array()
    }

    /// What is under a key, or an error.
    func at(_ key: String) throws -> CheckpointValue {
        guard let value = self[key] else { throw ReferenceError(reason: "no \(key)") }
        return value
    }
}
