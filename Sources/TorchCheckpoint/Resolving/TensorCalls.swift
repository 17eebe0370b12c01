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
        let storage: Storage
        var calls: [Call] = []
        /// The persistent objects that stand for it.
        var references: [NodeID] = []
        /// Whether it is there without a tensor around it, or with one that is not understood.
        var isBare = false
        /// Whether a quantized tensor has its scales or zero points here.
        var isQuantizer = false
    }

    /// In the order in which the storages are met.
    private(set) var groups: [Group] = []

    /// - Throws: ``CheckpointError`` for a tensor that makes no sense.
    /// - Complexity: O(*n*) in the number of objects.
    init(_ contents: CheckpointContents) throws(CheckpointError) {
        let graph = contents.graph
        let nodes = graph.reachable().order
        var places: [ObjectIdentifier: Int] = [:]
        var understood: Set<NodeID> = []
        let place = { (groups: inout [Group], storage: Storage) in
            if let known = places[ObjectIdentifier(storage)] { return known }
            groups.append(Group(storage: storage))
            places[ObjectIdentifier(storage)] = groups.count - 1
            return groups.count - 1
        }
        for id in nodes where graph.kind(of: id) == .object {
            guard let call = try contents.resolver.storageCall(id), let first = call.rebuild[0]
            else {
                continue
            }
            understood.insert(first)
            groups[place(&groups, call.tensor.storage)].calls.append(call)
        }
        for id in nodes where contents.role(ofObject: id) == .rebuildTensor(.quantized) {
            let quantizer = contents.argument(RebuildCall.quantizerPlace, of: id)
            for item in quantizer.flatMap(graph.items) ?? [] {
                guard let scales = try contents.resolver.tensor(item) else { continue }
                groups[place(&groups, scales.storage)].isQuantizer = true
            }
        }
        for id in nodes where graph.kind(of: id) == .persistent {
            guard let storage = contents.storage(id) else { continue }
            let index = place(&groups, storage)
            groups[index].references.append(id)
            if !understood.contains(id) { groups[index].isBare = true }
        }
    }
}

extension TensorResolver {
    /// The call by which an object is made, when that is of a storage and not of another tensor.
    func storageCall(_ id: NodeID) throws(CheckpointError) -> TensorCalls.Call? {
        guard var rebuild = RebuildCall(id, in: graph, roles: roles) else { return nil }
        if rebuild.rebuilder == .fromType {
            guard let unwrapped = unwrapType(rebuild) else { return nil }
            rebuild = unwrapped
        }
        guard rebuild[0].map({ graph.kind(of: $0) == .persistent }) == true,
            let tensor = try tensor(id)
        else { return nil }
        return TensorCalls.Call(object: id, tensor: tensor, rebuild: rebuild)
    }
}

extension CheckpointContents {
    /// Replaces the function and the arguments of a call.
    func replace(_ call: TensorCalls.Call, function: GlobalName?, arguments: [NodeID]) {
        guard let old = graph.call(call.object) else { return }
        let tuple = graph.addTuple(arguments)
        let new = function.map { graph.addGlobal($0) }
        updateRoles()
        guard role(ofObject: call.object) == .rebuildTensor(.fromType) else {
            return graph.setCall(
                ofObject: call.object, callable: new ?? old.callable, arguments: tuple)
        }
        var outer = Array(graph.items(old.arguments) ?? [])
        outer[0] = new ?? outer[0]
        outer[2] = tuple
        graph.setCall(
            ofObject: call.object, callable: old.callable, arguments: graph.addTuple(outer))
    }

    /// Has all references to a storage mean another one in the same record.
    func replace(
        _ group: TensorCalls.Group, by storage: Storage, dtype: (DType?) -> DType?
    ) {
        for id in group.references {
            guard let old = storages.reference(id, in: graph),
                let identifier = graph.persistentID(id)
            else { continue }
            let new = StorageTable.Reference(storage: storage, dtype: dtype(old.dtype))
            if new.dtype != old.dtype {
                let name = new.dtype.flatMap(GlobalRole.storageClass) ?? GlobalRole.untypedStorage
                graph.replaceItem(
                    ofTuple: identifier, at: StorageIdentifier.classPlace,
                    by: graph.addGlobal(name))
            }
            graph.replaceItem(
                ofTuple: identifier, at: StorageIdentifier.countPlace,
                by: graph.addInteger(storage.byteCount / (new.dtype?.itemSize ?? 1)))
            storages.replace(id, in: graph, by: new)
        }
        updateRoles()
    }
}
