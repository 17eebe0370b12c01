import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

/// State dicts and sizes that are of no such model.
struct BadModelTests {
    private let whole: StateDict

    init() throws {
        whole = try MLP<Float>(features: 4, hidden: [3, 2], classes: 2, seed: 1).stateDict()
    }

    private func code(_ stateDict: StateDict) -> CheckpointError.Code? {
        thrown(CheckpointError.self) { _ = try MLP<Float>(stateDict) }?.code
    }

    @Test func `a whole state dict is taken`() {
        #expect(code(whole) == nil)
    }

    @Test func `a state dict that lacks any one tensor is refused`() throws {
        for name in whole.names {
            var stateDict = whole
            stateDict.tensors[name] = nil
            #expect(code(stateDict) != nil, "\(name)")
        }
        #expect(code(StateDict()) == .keyNotFound)
    }

    @Test(arguments: ["head.scale", "layers.2.norm.weight", "layers.0.linear.bias.extra"])
    func `a state dict with a tensor too many is refused`(name: String) throws {
        var stateDict = whole
        stateDict.tensors[name] = try Tensor([1] as [Float])
        #expect(code(stateDict) == .incompatibleStateDict)
    }

    @Test func `a state dict with any one tensor of another shape is refused`() throws {
        for (name, tensor) in whole {
            for shape in [tensor.shape + [2], [7, 7], [0, 4], [4, 0], [0]] {
                var stateDict = whole
                let count = shape.reduce(1, *)
                stateDict.tensors[name] = try Tensor(
                    [Float](repeating: 0, count: count), shape: shape)
                #expect(code(stateDict) != nil, "\(name) \(shape)")
            }
        }
    }

    @Test func `an empty tensor that claims many rows costs nothing`() throws {
        var stateDict = whole
        stateDict.tensors["head.weight"] = try Tensor([] as [Float], shape: [1 << 50, 0])
        #expect(code(stateDict) == .shapeMismatch)
    }

    @Test(arguments: [
        (0, [3], 2), (4, [0], 2), (4, [3], 0), (-1, [3], 2), (4, [-3], 2), (4, [3], .max),
        (.max, [], 2), (4, [1 << 20], 2),
    ])
    func `sizes that no layer has are refused`(
        sizes: (features: Int, hidden: [Int], classes: Int)
    ) {
        #expect(throws: CheckpointError(.shapeMismatch, "")) {
            try MLP<Float>(
                features: sizes.features, hidden: sizes.hidden, classes: sizes.classes, seed: 1)
        }
    }

    @Test func `samples of another size are refused`() throws {
        let model = try MLP<Float>(whole)
        #expect(throws: CheckpointError(.shapeMismatch, "")) {
            try model(Matrix(rows: 1, columns: 3, elements: [1, 2, 3]))
        }
        #expect(try model(Matrix(rows: 0, columns: 4, elements: [])).elements == [])
    }
}
