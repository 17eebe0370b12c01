public import OrderedCollections
public import Tensors

/// Tensors by name, in the order of the file: the parameters and buffers of a model.
///
/// The Python counterpart is what `torch.nn.Module.state_dict()` returns.
public struct StateDict: Sendable {
    /// The tensors by name, in the order of the file.
    public var tensors: OrderedDictionary<String, Tensor>
    /// What is in the state dict beside tensors, such as a module's `_extra_state`.
    public var extras: OrderedDictionary<String, CheckpointValue>
    /// The dictionary's `_metadata`: versions of the modules, by their names.
    public var metadata: CheckpointValue?

    /// Creates a state dict.
    public init(
        _ tensors: OrderedDictionary<String, Tensor> = [:],
        extras: OrderedDictionary<String, CheckpointValue> = [:], metadata: CheckpointValue? = nil
    ) {
        self.tensors = tensors
        self.extras = extras
        self.metadata = metadata
    }

    /// The names, in the order of the file.
    ///
    /// - Complexity: O(*n*).
    public var names: [String] { Array(tensors.keys) }

    /// The number of tensors.
    public var count: Int { tensors.count }

    /// The tensor with the given name, or nil.
    ///
    /// - Complexity: O(1) on average.
    public subscript(name: String) -> Tensor? { tensors[name] }

    /// The tensor with the given name.
    ///
    /// - Throws: ``CheckpointError/Code/keyNotFound`` that lists the names most like it.
    /// - Complexity: O(1) on average when the name is there.
    public func tensor(_ name: String) throws -> Tensor {
        if let tensor = tensors[name] { return tensor }
        let near = tensors.keys.mostSimilar(to: name, count: 5)
        throw CheckpointError(
            .keyNotFound, "there is no tensor '\(name)' among \(count)",
            advice: near.isEmpty
                ? "The state dict is empty" : "Names like it: \(near.joined(separator: ", "))")
    }
}

extension StateDict: Sequence {
    /// Iterates over names and tensors in the order of the file.
    public func makeIterator() -> OrderedDictionary<String, Tensor>.Iterator {
        tensors.makeIterator()
    }
}

extension StateDict: CustomStringConvertible {
    /// One line: the number of tensors, their elements and bytes.
    ///
    /// - Complexity: O(*n*) in the number of tensors.
    public var description: String {
        let totals = Checkpoint.Totals(of: tensors.values)
        return count.counted("tensor", "tensors") + ", "
            + totals.elements.counted("element", "elements") + ", "
            + totals.bytes.describedAsByteCount
    }
}

extension Sequence<String> {
    /// The strings that share the longest beginnings and endings with `name`, the best first.
    func mostSimilar(to name: String, count: Int) -> [String] {
        let scored = map { candidate in
            (score: candidate.affinity(to: name), candidate: candidate)
        }
        return scored.sorted { $0.score > $1.score }.prefix(count).map(\.candidate)
    }
}

extension String {
    private func commonLength(_ other: some Sequence<UInt8>, _ own: some Sequence<UInt8>) -> Int {
        zip(own, other).prefix { $0 == $1 }.count
    }

    fileprivate func affinity(to other: String) -> Int {
        commonLength(other.utf8, utf8) + commonLength(other.utf8.reversed(), utf8.reversed())
            - abs(utf8.count - other.utf8.count)
    }
}
