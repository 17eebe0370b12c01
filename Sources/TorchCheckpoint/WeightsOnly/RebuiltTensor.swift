import Tensors

/// A tensor as torch would have rebuilt it, without its elements.
struct RebuiltTensor {
    var dtype: DType
    var device: TorchDevice
    var layout = TorchLayout.strided
    /// Places in the machine's array of dimensions: the sizes.
    var sizes: Range<Int>
    /// The strides; empty where they don't matter.
    var strides = 0..<0
    var isParameter = false
    var requiresGrad = false
    /// Whether it is made of other tensors by an operation that autograd has noted.
    var isComputed = false

    var rank: Int { sizes.count }
    /// Whether it is one that torch's functions for strided tensors take.
    var isPlain: Bool { layout == .strided && !dtype.isQuantized }
}

extension DType {
    /// Whether torch records gradients of it.
    var hasGradients: Bool { isFloatingPoint || isComplex }
}

/// A storage as torch would have it.
struct RestoredStorage {
    /// The dtype of the first reference to it, which torch takes for all.
    let dtype: DType
    let byteCount: Int
    let device: TorchDevice
}
