import TorchCheckpoint

/// The elements of all tensors of a checkpoint, row-major, in memory of their own.
func readWhole(_ file: String) throws -> [[UInt8]] {
    try Checkpoint(contentsOf: file).tensors().map { try $0.tensor.rowMajorBytes() }
}

/// Gathers the elements of tensors that are in memory.
func gathering(_ file: String) throws -> Operation {
    let tensors = try opened(file).copied().tensors.values
    return { try Run.timing { try tensors.map { try $0.rowMajorBytes() } } }
}

/// Converts the elements of tensors that are in memory.
func convertingToFloat(_ file: String) throws -> Operation {
    let tensors = try opened(file).copied().tensors.values
    return { try Run.timing { try tensors.map { try $0.array(converting: Float.self) } } }
}
