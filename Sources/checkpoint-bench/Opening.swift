import TorchCheckpoint

/// What a listing says of a tensor.
typealias Row = (name: String, dtype: DType, shape: [Int])

/// The tensors of a checkpoint of any shape.
func listed(_ file: String) throws -> [Row] {
    try Checkpoint(contentsOf: file).tensors().map { entry in
        (entry.path.dotted, entry.tensor.dtype, entry.tensor.shape)
    }
}

/// The tensors of a safetensors file.
func listedSafetensors(_ file: String) throws -> [Row] {
    try SafetensorsFile(contentsOf: FilePath(file)).tensors.map { name, tensor in
        (name, tensor.dtype, tensor.shape)
    }
}

/// The state dict that is the root of a checkpoint.
func opened(_ file: String) throws -> StateDict {
    try Checkpoint(contentsOf: file).stateDict()
}
