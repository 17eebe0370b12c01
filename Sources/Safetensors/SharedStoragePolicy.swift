import ByteIO
package import OrderedCollections
package import Tensors

/// What to do with tensors that share memory, which the safetensors format can't express.
///
/// Tensors share memory when the parts of a storage that they span overlap; views of parts that do
/// not overlap are independent. The Python counterpart is the rule of `safetensors.torch`.
public enum SharedStoragePolicy: String, CaseIterable, Sendable {
    /// Refuse, naming the tensors. The default, as in Python's `save_file`.
    case reject
    /// Write the first of each group of identical tensors and note the others in the metadata, as
    /// Python's `save_model` does; tensors that overlap without being identical are all written.
    case keepFirst = "keep-first"
    /// Write every tensor in full.
    case duplicate
}

extension SharedStoragePolicy {
    /// The tensors to be written, and for each one that is left out the one that stands for it.
    ///
    /// - Throws: ``CheckpointError/Code/sharedStorage`` when the policy is ``reject`` and tensors
    ///   share memory.
    package func resolve(
        _ tensors: OrderedDictionary<String, Tensor>
    ) throws -> (
        kept: OrderedDictionary<String, Tensor>, standIns: OrderedDictionary<String, String>
    ) {
        let groups = try Self.groups(tensors)
        switch self {
        case .duplicate: return (tensors, [:])
        case .reject:
            guard let first = groups.first else { return (tensors, [:]) }
            throw CheckpointError(
                .sharedStorage,
                "\(first.prefix(4).joined(separator: ", "))\(first.count > 4 ? ", …" : "") share "
                    + "memory, and a safetensors file can't say so",
                advice: "Choose 'keep-first' to write one of them, or 'duplicate' to write all")
        case .keepFirst:
            return Self.keepingFirst(tensors, groups)
        }
    }

    private static func keepingFirst(
        _ tensors: OrderedDictionary<String, Tensor>, _ groups: [[String]]
    ) -> (kept: OrderedDictionary<String, Tensor>, standIns: OrderedDictionary<String, String>) {
        var standIns: OrderedDictionary<String, String> = [:]
        for group in groups {
            var firsts: [View: String] = [:]
            for name in group {
                guard let tensor = tensors[name] else { continue }
                if let first = firsts[View(tensor)] {
                    standIns[name] = first
                } else {
                    firsts[View(tensor)] = name
                }
            }
        }
        return (tensors.filter { standIns[$0.key] == nil }, standIns)
    }

    /// What makes two views of one storage the same tensor.
    private struct View: Hashable {
        let dtype: DType
        let layout: TensorLayout
        let pending: UInt8

        init(_ tensor: Tensor) {
            dtype = tensor.dtype
            layout = tensor.layout
            pending = tensor.pendingOperations.rawValue
        }
    }

    /// The names of tensors that overlap in memory, group by group, in the order of the file.
    private static func groups(
        _ tensors: OrderedDictionary<String, Tensor>
    ) throws -> [[String]] {
        var byStorage: OrderedDictionary<ObjectIdentifier, [(name: String, range: Range<Int>)]> =
            [:]
        for (name, tensor) in tensors {
            let extent = try tensor.layout.extent()
            guard !extent.isEmpty else { continue }
            let size = tensor.dtype.itemSize
            let range = (extent.lowerBound * size)..<(extent.upperBound * size)
            byStorage[ObjectIdentifier(tensor.storage), default: []].append((name, range))
        }
        return byStorage.values.filter { $0.count > 1 }.flatMap { overlapping($0, in: tensors) }
    }

    private static func overlapping(
        _ views: [(name: String, range: Range<Int>)], in tensors: OrderedDictionary<String, Tensor>
    ) -> [[String]] {
        var groups: [[String]] = []
        var end = 0
        for view in views.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            if view.range.lowerBound < end, !groups.isEmpty {
                groups[groups.count - 1].append(view.name)
            } else {
                groups.append([view.name])
            }
            end = max(end, view.range.upperBound)
        }
        let places = { (name: String) in tensors.index(forKey: name) ?? 0 }
        return groups.filter { $0.count > 1 }.map { $0.sorted { places($0) < places($1) } }
    }
}
