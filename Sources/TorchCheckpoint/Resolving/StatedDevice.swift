import ByteIO
import Pickle
import Tensors

extension GlobalRole.TensorRebuilder {
    /// Where a call states the device of its tensor, which otherwise is that of the storage.
    ///
    /// That of `_rebuild_meta_tensor_no_storage` is `meta` whatever a map says, as in torch.
    var devicePlace: Int? {
        switch self {
        case .wrapper: 6
        case .fromNumPy, .xla, .fromCPU: 2
        default: nil
        }
    }
}

extension CheckpointContents {
    /// The objects that are made by calls which state something, with the calls, inside of
    /// `_rebuild_from_type_v2` or not.
    ///
    /// - Complexity: O(*n*) in the number of objects when there is such a function, else O(1).
    func statingCalls() -> [(object: NodeID, rebuild: RebuildCall)] {
        let isAny = roles.contains {
            if case .rebuildTensor(let rebuilder) = $0 {
                rebuilder.devicePlace != nil
            } else {
                false
            }
        }
        guard isAny else { return [] }
        return graph.reachable().compactMap { id in
            guard graph.kind(of: id) == .object, var call = RebuildCall(id, in: graph, roles: roles)
            else { return nil }
            if call.rebuilder == .fromType {
                guard let inner = call.unwrappingType(in: graph, roles: roles) else { return nil }
                call = inner
            }
            return call.rebuilder.devicePlace == nil ? nil : (id, call)
        }
    }

    /// Changes the devices that calls state.
    ///
    /// - Returns: Whether any changed.
    func mapStatedDevices(_ map: LocationMap) throws(CheckpointError) -> Bool {
        guard !map.isIdentity else { return false }
        var isChanged = false
        for (object, call) in statingCalls() {
            guard let place = call.rebuilder.devicePlace else { continue }
            let old = try resolver.device(call, place)
            let new = map(old)
            guard new != old else { continue }
            try StorageIdentifier.check(new)
            var arguments = Array(graph.items(call.arguments) ?? [])
            arguments[place] = try add(new, inPlaceOf: arguments[place])
            replace(object: object, function: nil, arguments: arguments)
            isChanged = true
        }
        return isChanged
    }

    // A torch.device where one was, else its name.
    private func add(
        _ device: Device, inPlaceOf old: NodeID
    ) throws(CheckpointError) -> NodeID {
        guard let call = graph.call(old) else { return try graph.addText(device.rawValue) }
        var parts = try [graph.addText(device.type)]
        if let index = device.index { parts.append(graph.addInteger(index)) }
        return graph.addCall(call.callable, parts)
    }
}
