import ByteIO
public import OrderedCollections
import Pickle

extension CheckpointValue {
    /// Creates a state dict: an `OrderedDict` of the tensors and then the other values, with
    /// `_metadata` when there is some.
    ///
    /// Saved by itself it has the very bytes that `torch.save` writes for the same dictionary.
    ///
    /// - Throws: as ``init(_:)-(Tensor)``.
    public init(_ stateDict: StateDict) throws {
        let contents = CheckpointContents()
        try self.init(contents: contents, id: contents.add(stateDict))
    }

    /// Creates what state dicts have as `_metadata`: the versions of the modules by their names,
    /// the model itself under the empty name.
    ///
    /// The key `version` is one object in all of them, as it is in Python.
    public static func moduleVersions(
        _ versions: OrderedDictionary<String, Int>
    ) -> CheckpointValue {
        CheckpointValue { (contents) throws(CheckpointError) in
            let key = try contents.graph.addInterned("version")
            var entries: [NodeID] = []
            for (name, version) in versions {
                let version = [key, contents.graph.addInteger(version)]
                try entries += [
                    contents.graph.addText(name), contents.graph.addDictionary(version),
                ]
            }
            return contents.graph.addOrderedDictionary(entries)
        }
    }
}

extension CheckpointContents {
    /// Adds a state dict; storages are shared with the tensors that have them already.
    ///
    /// - Throws: as ``add(_:)-(Tensor)``.
    func add(_ stateDict: StateDict) throws(CheckpointError) -> NodeID {
        defer { updateRoles() }
        var names = TensorNames()
        var entries: [NodeID] = []
        for (name, tensor) in stateDict.tensors {
            try entries.append(graph.addText(name))
            try entries.append(add(tensor, &names))
        }
        let extras = try add(contentsOf: stateDict.extras.values)
        for (name, extra) in zip(stateDict.extras.keys, extras) {
            try entries += [graph.addText(name), extra]
        }
        let id = graph.addOrderedDictionary(entries)
        if let metadata = stateDict.metadata {
            let state = try [graph.addInterned("_metadata"), add(metadata)]
            let attributes = graph.addDictionary(state)
            _ = graph.withStates(ofObject: id) { $0.append(attributes) }
        }
        return id
    }
}

extension PickleGraph {
    /// Adds a `collections.OrderedDict` of keys and values in turn.
    mutating func addOrderedDictionary(_ entries: [NodeID]) -> NodeID {
        let id = addCall(addGlobal(.orderedDict))
        if !entries.isEmpty { _ = withEntries(ofObject: id) { $0 = entries } }
        return id
    }
}
