import TestSupport
import TorchCheckpoint

extension StateDict {
    /// A state dict of tensors that have a storage each, by names as a model has them.
    static func ofTensors(_ count: Int, elements: Int = 8) throws -> StateDict {
        var stateDict = StateDict()
        for index in 0..<count {
            let values = [Float](repeating: Float(index), count: elements)
            stateDict.tensors["layers.\(index).weight"] = try Tensor(values)
        }
        return stateDict
    }
}

extension Tensor {
    /// A vector of bf16 numbers.
    static func ofBFloat16(_ count: Int) throws -> Tensor {
        try Tensor([BFloat16](repeating: 1.5, count: count))
    }

    /// A matrix of floats, transposed, so that no two neighbours are beside each other.
    static func transposed(rows: Int, columns: Int) throws -> Tensor {
        let matrix = try Tensor([Float](repeating: 1.5, count: rows * columns))
        return try Tensor(
            storage: matrix.storage, dtype: .float32, shape: [rows, columns], strides: [1, rows])
    }
}

extension TemporaryFolder {
    /// Writes a checkpoint and returns its path.
    func write(_ stateDict: StateDict, as name: String = "input.pth") throws -> String {
        try Checkpoint(stateDict).write(to: path(name))
        return path(name)
    }
}
