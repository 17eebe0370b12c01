import TorchCheckpoint

extension MLP {
    /// Sets the gradients of all parameters to those of the loss of one batch.
    ///
    /// Running statistics are updated and dropout is at work. The Python counterpart is
    /// `cross_entropy(model.train()(inputs), targets).backward()`, after `zero_grad`.
    ///
    /// - Parameters:
    ///   - inputs: A sample in each row.
    ///   - targets: The class of each sample.
    ///   - generator: Decides what dropout takes away.
    /// - Returns: The loss.
    /// - Throws: `CheckpointError` with `shapeMismatch` when the sizes do not fit, also for a batch
    ///   of one, and `numberOutOfRange` for a target that is no class.
    public mutating func computeGradients(
        inputs: Matrix<Scalar>, targets: [Int], using generator: inout some RandomNumberGenerator
    ) throws -> Scalar {
        var activations = inputs
        var memories: [Block<Scalar>.Memory] = []
        for index in blocks.indices {
            let (output, memory) = try blocks[index].forward(
                activations, using: &generator)
            activations = output
            memories.append(memory)
        }
        var (loss, gradient) = try CrossEntropy.evaluate(head(activations), targets: targets)
        gradient = head.backward(gradient, from: activations)
        for index in blocks.indices.reversed() {
            gradient = blocks[index].backward(gradient, from: memories[index])
        }
        return loss
    }

    /// Changes all parameters, in the order of `model.parameters()`.
    ///
    /// - Parameter update: Is given the parameter's number, which optimizers know it by.
    package mutating func updateParameters(
        _ update: (Int, inout Parameter<Scalar>) throws -> Void
    ) rethrows {
        var number = 0
        func visit(_ parameter: inout Parameter<Scalar>) throws {
            try update(number, &parameter)
            number += 1
        }
        for index in blocks.indices {
            try visit(&blocks[index].linear.weight)
            if var bias = blocks[index].linear.bias {
                try visit(&bias)
                blocks[index].linear.bias = bias
            }
            try visit(&blocks[index].norm.weight)
            try visit(&blocks[index].norm.bias)
        }
        try visit(&head.weight)
        if var bias = head.bias {
            try visit(&bias)
            head.bias = bias
        }
    }

    /// All parameters, in the order of `model.parameters()`.
    public var parameters: [Parameter<Scalar>] {
        var model = self
        var parameters: [Parameter<Scalar>] = []
        model.updateParameters { _, parameter in parameters.append(parameter) }
        return parameters
    }
}
