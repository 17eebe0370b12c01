import TorchCheckpoint

/// A multi-layer perceptron: blocks of Linear, BatchNorm1d, ReLU and Dropout, then a Linear layer.
///
/// It is the counterpart of this module, and has its state dict:
///
///     class Block(nn.Module):
///         def __init__(self, inputs, outputs, bias, dropout):
///             super().__init__()
///             self.linear = nn.Linear(inputs, outputs, bias=bias)
///             self.norm = nn.BatchNorm1d(outputs)
///             self.dropout = nn.Dropout(dropout)
///
///         def forward(self, x):
///             return self.dropout(torch.relu(self.norm(self.linear(x))))
///
///     class MLP(nn.Module):
///         def __init__(self, features, hidden, classes, bias=False, dropout=0.0):
///             super().__init__()
///             sizes = [features, *hidden]
///             self.layers = nn.ModuleList(
///                 Block(*pair, bias, dropout) for pair in zip(sizes, sizes[1:]))
///             self.head = nn.Linear(sizes[-1], classes)
///
///         def forward(self, x):
///             for layer in self.layers:
///                 x = layer(x)
///             return self.head(x)
public struct MLP<Scalar: NetworkScalar>: Sendable {
    package var blocks: [Block<Scalar>]
    package var head: Linear<Scalar>

    /// The number of numbers that a sample has.
    public var features: Int { blocks.first?.linear.inputs ?? head.inputs }
    /// The number of classes that a sample can be of.
    public var classes: Int { head.outputs }

    init(blocks: [Block<Scalar>], head: Linear<Scalar>) {
        self.blocks = blocks
        self.head = head
    }

    /// Creates a model with random weights.
    ///
    /// - Parameters:
    ///   - features: The number of numbers that a sample has.
    ///   - hidden: The number of outputs of each block.
    ///   - classes: The number of classes.
    ///   - hasBias: Whether the linear layers of blocks have a bias. Batch norm takes it away again:
    ///     its true gradient is 0, and Adam makes steps of the rounding errors.
    ///   - dropout: The share of numbers that dropout takes away in training.
    ///   - seed: The same seed gives the same weights.
    /// - Throws: `CheckpointError` with `shapeMismatch` for sizes that no layer has, and
    ///   `numberOutOfRange` for a dropout that is no share.
    public init(
        features: Int, hidden: [Int], classes: Int, hasBias: Bool = false, dropout: Double = 0,
        seed: UInt64
    ) throws {
        var generator = SplitMix64(seed: seed)
        let dropout = try Dropout(probability: dropout)
        let sizes = [features] + hidden
        let blocks = try zip(sizes, hidden).map { inputs, outputs in
            try Block<Scalar>(
                Linear(inputs: inputs, outputs: outputs, hasBias: hasBias, using: &generator),
                dropout)
        }
        let head = try Linear<Scalar>(
            inputs: hidden.last ?? features, outputs: classes, hasBias: true, using: &generator)
        self.init(blocks: blocks, head: head)
    }

    /// The logits of each sample: inference, with the running statistics and without dropout.
    ///
    /// The Python counterpart is `model.eval()(inputs)`.
    ///
    /// - Throws: `CheckpointError` with `shapeMismatch` for samples of another size.
    public func callAsFunction(_ inputs: Matrix<Scalar>) throws -> Matrix<Scalar> {
        try head(blocks.reduce(inputs) { try $1($0) })
    }

    /// The mean loss of samples that the model is not trained with: inference, as above.
    ///
    /// The Python counterpart is `cross_entropy(model.eval()(inputs), targets)`.
    ///
    /// - Throws: `CheckpointError` with `shapeMismatch` for samples of another size, and
    ///   `numberOutOfRange` for a target that is no class.
    public func loss(on dataset: Dataset<Scalar>) throws -> Scalar {
        try CrossEntropy.evaluate(self(dataset.inputs), targets: dataset.targets).loss
    }
}
