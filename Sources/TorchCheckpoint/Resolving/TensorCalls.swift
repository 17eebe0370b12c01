import Pickle
import Tensors

/// The calls in a checkpoint that make tensors of storages, by the storages.
///
/// For changes to whole storages: they have to reach every tensor that sees them.
struct TensorCalls {
    /// A call that makes a tensor of a storage.
    struct Call {
        /// The object that is made by the call, or that has the function and its arguments as its
        /// own arguments (`_rebuild_from_type_v2`).
        let object: NodeID
        let tensor: Tensor
        let rebuild: RebuildCall
    }

    /// A storage with all that is made of it.
    struct Group {
        let slot: Int
        let storage: Storage
        /// The key of the storage in this checkpoint.
        let key: String
        var calls: [Call] = []
        /// The persistent objects that stand for it and can be reached.
        var references: [NodeID] = []
        /// The size of the elements that the largest class of a reference counts in.
        var countedByteCount = 1
        /// Whether it is there without a tensor around it, or with one that is not understood.
        var isBare: Bool { !bareDTypes.isEmpty }
        /// What it has the elements of there; nil for bytes.
        var bareDTypes: Set<DType?> = []
        /// Whether a quantized tensor has its scales or zero points here.
        var isQuantizer = false
    }

    /// In the order of the slots.
    private(set) var groups: [Group] = []

    /// - Throws: ``CheckpointError`` for a tensor that makes no sense.
    /// - Complexity: O(*n*) in the number of objects.
    init(_ contents: CheckpointContents) throws(CheckpointError) {
        let (graph, resolver) = (contents.graph, contents.resolver)
        groups = contents.storages.slots.enumerated().map {
            Group(slot: $0, storage: $1.storage, key: $1.key)
        }
        let nodes = graph.reachable()
        var understood: Set<NodeID> = []
        for id in nodes where graph.kind(of: id) == .object {
            try note(quantizerOf: id, contents, resolver)
            guard let call = try resolver.storageCall(id),
                let load = call.rebuild.argument(0, in: graph),
                let slot = contents.storages.reference(load, in: graph)?.slot
            else { continue }
            understood.insert(load)
            groups[slot].calls.append(call)
        }
        for id in nodes where graph.kind(of: id) == .persistent {
            guard let reference = contents.storages.reference(id, in: graph) else { continue }
            let slot = reference.slot
            groups[slot].references.append(id)
            groups[slot].countedByteCount = max(
                groups[slot].countedByteCount, reference.dtype?.itemSize ?? 1)
            if !understood.contains(id) { groups[slot].bareDTypes.insert(reference.dtype) }
        }
    }

    private mutating func note(
        quantizerOf id: NodeID, _ contents: CheckpointContents, _ resolver: TensorResolver
    ) throws(CheckpointError) {
        guard contents.role(ofObject: id) == .rebuildTensor(.quantized),
            let quantizer = contents.argument(RebuildCall.quantizerPlace, of: id)
        else { return }
        for item in contents.graph.items(quantizer) ?? [] {
            guard let call = try resolver.storageCall(item)?.rebuild,
                let load = call.argument(0, in: contents.graph),
                let slot = contents.storages.reference(load, in: contents.graph)?.slot
            else { continue }
            groups[slot].isQuantizer = true
        }
    }
}

extension TensorResolver {
    /// The call by which an object is made, when that is of a storage and not of another tensor.
    func storageCall(_ id: NodeID) throws(CheckpointError) -> TensorCalls.Call? {
        guard var rebuild = RebuildCall(id, in: graph, roles: roles) else { return nil }
        if rebuild.rebuilder == .fromType {
            guard let unwrapped = rebuild.unwrappingType(in: graph, roles: roles) else {
                return nil
            }
            rebuild = unwrapped
        }
        guard let load = rebuild.argument(0, in: graph), graph.kind(of: load) == .persistent,
            let tensor = try tensor(id)
        else { return nil }
        return TensorCalls.Call(object: id, tensor: tensor, rebuild: rebuild)
    }
}

extension CheckpointContents {
    /// Replaces the function and the arguments of a call.
    func replace(_ call: TensorCalls.Call, function: GlobalName?, arguments: [NodeID]) {
        replace(object: call.object, function: function, arguments: arguments)
    }

    /// Replaces the function and the arguments of the call that makes an object, or of the one that
    /// `_rebuild_from_type_v2` has as its arguments.
    func replace(object: NodeID, function: GlobalName?, arguments: [NodeID]) {
        guard let old = graph.call(object) else { return }
        let tuple = graph.addTuple(arguments)
        let new = function.map { graph.addGlobal($0) }
        updateRoles()
        guard role(ofObject: object) == .rebuildTensor(.fromType) else {
            return graph.setCall(
                ofObject: object, callable: new ?? old.callable, arguments: tuple)
        }
        var outer = Array(graph.items(old.arguments) ?? [])
        outer[RebuildCall.typeFunctionPlace] = new ?? outer[RebuildCall.typeFunctionPlace]
        outer[RebuildCall.typeArgumentsPlace] = tuple
        graph.setCall(
            ofObject: object, callable: old.callable, arguments: graph.addTuple(outer))
    }

    /// Has all references to a storage mean another one in the same record.
    ///
    /// - Parameter dtype: Gives the dtype of a reference for the one that it had.
    func replace(
        _ group: TensorCalls.Group, by storage: Storage, dtype: (DType?) -> DType?
    ) {
        storages.replaceStorage(inSlot: group.slot, by: storage)
        for id in group.references {
            guard let old = storages.reference(id, in: graph) else { continue }
            let new = dtype(old.dtype)
            if new != old.dtype {
                let name = new.flatMap(GlobalRole.storageClass) ?? GlobalRole.untypedStorage
                graph.replaceItem(
                    ofIdentifierOf: id, at: StorageIdentifier.classPlace,
                    by: graph.addGlobal(name))
                storages.setDType(new, of: id, in: graph)
            }
            graph.replaceItem(
                ofIdentifierOf: id, at: StorageIdentifier.countPlace,
                by: graph.addInteger(storage.byteCount / (new?.itemSize ?? 1)))
        }
        updateRoles()
    }
}
