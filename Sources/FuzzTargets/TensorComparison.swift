import Tensors
import TorchCheckpoint

/// Says how the tensors of two checkpoints differ; nil when they do not, or can't be listed.
func differenceOfTensors(_ before: Checkpoint, _ after: Checkpoint) -> String? {
    guard let old = attempt({ try before.tensorValues() }) else { return nil }
    guard let new = attempt({ try after.tensorValues() }) else { return "no tensors are listed" }
    guard old.count == new.count else { return "\(old.count) tensors are \(new.count)" }
    for (left, right) in zip(old, new).prefix(64) {
        // A long key has the byte offset in the pickle behind it, which is another one afterwards.
        let isNamedAlike = left.path == right.path || left.path.dotted.contains(" at byte ")
        guard isNamedAlike, isSame(left.value, right.value) else {
            return "the tensor \(left.path) is another one"
        }
    }
    return nil
}

private func isSame(_ left: TensorValue, _ right: TensorValue) -> Bool {
    switch (left, right) {
    case (.strided(let left), .strided(let right)): return isSame(left, right)
    case (.sparse(let left), .sparse(let right)):
        return left.layout == right.layout && left.shape == right.shape
            && isSame(left.parts, right.parts)
    case (.nested(let left), .nested(let right)):
        return left.layoutName == right.layoutName && isSame(left.parts, right.parts)
    case (.uninitialized(let left), .uninitialized(let right)): return left == right
    default: return false
    }
}

private func isSame(
    _ left: [(name: String, tensor: Tensor)], _ right: [(name: String, tensor: Tensor)]
) -> Bool {
    left.count == right.count
        && zip(left, right).allSatisfy { $0.name == $1.name && isSame($0.tensor, $1.tensor) }
}

private func isSame(_ left: Tensor, _ right: Tensor) -> Bool {
    guard left.dtype == right.dtype, left.shape == right.shape, left.device == right.device,
        left.strides == right.strides, left.storageOffset == right.storageOffset,
        left.requiresGrad == right.requiresGrad, left.isParameter == right.isParameter,
        left.quantization?.schemeName == right.quantization?.schemeName
    else { return false }
    guard left.byteCount <= 1 << 16 else { return true }
    return attempt { try left.rowMajorBytes() } == attempt { try right.rowMajorBytes() }
}
