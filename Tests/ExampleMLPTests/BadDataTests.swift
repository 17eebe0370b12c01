import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

/// Data that can't be trained with.
struct BadDataTests {
    private static let inputs: [Float] = [1, 2, 3, 4, 5, 6]

    private func dataset(
        _ inputs: CheckpointValue?, _ targets: CheckpointValue?
    ) throws -> Dataset<Float> {
        var entries: OrderedDictionary<CheckpointKey, CheckpointValue> = [:]
        entries["inputs"] = inputs
        entries["targets"] = targets
        return try Dataset(Checkpoint(.dictionary(entries)))
    }

    private func tensor(_ elements: [some TensorElement], _ shape: [Int]) throws -> CheckpointValue
    {
        try CheckpointValue(Tensor(elements, shape: shape))
    }

    @Test func `rows with a class each are taken`() throws {
        let data = try dataset(tensor(Self.inputs, [3, 2]), tensor([0, 1, 0] as [Int64], [3]))
        #expect((data.inputs.rows, data.targets, data.classCount) == (3, [0, 1, 0], 2))
    }

    @Test func `what is missing, empty or of another kind is refused`() throws {
        let rows = try tensor(Self.inputs, [3, 2])
        let classes = try tensor([0, 1, 0] as [Int64], [3])
        let cases: [(CheckpointValue?, CheckpointValue?, CheckpointError.Code)] = try [
            (nil, classes, .keyNotFound), (rows, nil, .keyNotFound),
            (1, classes, .typeMismatch), (rows, "cat", .typeMismatch),
            (tensor(Self.inputs, [6]), classes, .shapeMismatch),
            (tensor(Self.inputs, [3, 2, 1]), classes, .shapeMismatch),
            (tensor(Self.inputs, [2, 3]), classes, .shapeMismatch),
            (rows, tensor([0, 1] as [Int64], [2]), .shapeMismatch),
            (rows, tensor([0, 1, 0] as [Int64], [3, 1]), .shapeMismatch),
            (tensor([] as [Float], [0, 2]), tensor([] as [Int64], [0]), .shapeMismatch),
            (tensor([1, 2] as [Double], [1, 2]), tensor([0] as [Int64], [1]), .dtypeMismatch),
            (rows, tensor([0, 1, 0] as [Float], [3]), .dtypeMismatch),
        ]
        for (inputs, targets, code) in cases {
            #expect(throws: CheckpointError(code, "")) { try dataset(inputs, targets) }
        }
    }

    @Test(arguments: [-1, 2, .max, .min])
    func `a class that the model does not have is refused`(target: Int64) throws {
        let data = try dataset(tensor(Self.inputs, [3, 2]), tensor([0, target, 0], [3]))
        var trainer = try trainer(data, batchSize: 3)
        #expect(throws: CheckpointError(.numberOutOfRange, "")) { try trainer.runEpoch() }
    }

    @Test(arguments: [0, -1, .min])
    func `batches without samples are refused`(size: Int) throws {
        let data = try dataset(tensor(Self.inputs, [3, 2]), tensor([0, 1, 0] as [Int64], [3]))
        #expect(throws: CheckpointError(.numberOutOfRange, "")) {
            try trainer(data, batchSize: size)
        }
    }

    @Test func `a single sample at the end is refused, as torch does, and a large batch is not`()
        throws
    {
        let data = try dataset(tensor(Self.inputs, [3, 2]), tensor([0, 1, 0] as [Int64], [3]))
        var uneven = try trainer(data, batchSize: 2)
        #expect(throws: CheckpointError(.shapeMismatch, "")) { try uneven.runEpoch() }
        var large = try trainer(data, batchSize: .max)
        #expect(try large.runEpoch() > 0)
    }

    private func trainer(_ data: Dataset<Float>, batchSize: Int) throws -> Trainer<Float> {
        let model = try MLP<Float>(features: 2, hidden: [2], classes: 2, seed: 1)
        return try Trainer(
            model, Optimizer(.sgd, for: model, learningRate: 0.1), dataset: data,
            batchSize: batchSize)
    }

    @Test func `a matrix has as many elements as its size says`() {
        for (rows, columns) in [(2, 2), (-1, -3), (.max, .max), (1, 2)] {
            #expect(throws: CheckpointError(.shapeMismatch, "")) {
                try Matrix<Float>(rows: rows, columns: columns, elements: [1, 2, 3])
            }
        }
    }
}
