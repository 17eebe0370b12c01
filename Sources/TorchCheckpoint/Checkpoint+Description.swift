public import Tensors

extension Checkpoint: CustomStringConvertible {
    /// One line: entries, tensors, size, format and byte order; without tensors and size when one of
    /// them makes no sense.
    ///
    /// - Complexity: O(*n*) in the number of objects.
    public var description: String {
        var parts: [String] = []
        if let count = root.count { parts.append(count.counted("entry", "entries")) }
        if let totals = try? totals() {
            parts.append(totals.tensors.counted("tensor", "tensors"))
            parts.append(totals.storageBytes.describedAsByteCount)
        }
        parts.append(format.rawValue)
        parts.append("\(byteOrder) endian")
        return parts.joined(separator: ", ")
    }
}

extension Checkpoint {
    /// How much a checkpoint holds.
    public struct Totals: Hashable, Sendable {
        /// The number of places at which there is a tensor.
        public var tensors = 0
        /// The number of their elements.
        public var elements = 0
        /// The size of their elements in bytes.
        public var bytes = 0
        /// The number of storages that they are views of.
        public var storages = 0
        /// The size of those storages in bytes.
        public var storageBytes = 0
    }

    /// Counts tensors, elements and storages.
    ///
    /// Numbers of elements are capped where expanded views would overflow them.
    ///
    /// - Throws: as ``tensors()``.
    public func totals() throws -> Totals {
        Totals(of: try tensorValues().lazy.map(\.value))
    }
}

extension Checkpoint.Totals {
    /// Counts the elements and storages of tensors.
    public init(of list: some Sequence<Tensor>) {
        var seen: Set<ObjectIdentifier> = []
        for tensor in list {
            tensors += 1
            add(tensor, &seen)
        }
    }

    /// Counts the elements and storages of tensors of all kinds; of sparse and nested ones those of
    /// what they are made of.
    public init(of list: some Sequence<TensorValue>) {
        var seen: Set<ObjectIdentifier> = []
        for value in list {
            tensors += 1
            switch value {
            case .strided(let tensor): add(tensor, &seen)
            case .sparse(let tensor): for part in tensor.parts { add(part.tensor, &seen) }
            case .nested(let tensor): for part in tensor.parts { add(part.tensor, &seen) }
            case .uninitialized: break
            }
        }
    }

    private mutating func add(_ tensor: Tensor, _ seen: inout Set<ObjectIdentifier>) {
        elements = elements.addingCapped(tensor.elementCount)
        guard tensor.hasData else { return }
        bytes = bytes.addingCapped(tensor.byteCount)
        if seen.insert(ObjectIdentifier(tensor.storage)).inserted {
            storages += 1
            storageBytes = storageBytes.addingCapped(tensor.storage.byteCount)
        }
    }
}

extension Int {
    /// The number and what is counted: `1 tensor`, `2 tensors`.
    package func counted(_ one: String, _ many: String) -> String {
        "\(self) \(self == 1 ? one : many)"
    }
}
