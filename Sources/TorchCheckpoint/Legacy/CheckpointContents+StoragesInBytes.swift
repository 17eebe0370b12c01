import ByteIO
import Pickle
import Tensors

extension CheckpointContents {
    /// Has storages that are written as the bytes of whole files be storages.
    ///
    /// - Throws: ``CheckpointError/Code/invalidStorage``; what reading such a file throws.
    func readStoragesInBytes(_ options: LoadOptions) throws(CheckpointError) {
        guard let name = graph.globalNames.firstIndex(where: { $0 == .loadFromBytes }) else {
            return
        }
        var replacements: [NodeID: NodeID] = [:]
        // Many calls can have the same bytes, which take long to read.
        var known: [NodeID: StorageInBytes] = [:]
        var byteCount = 0
        for id in graph.reachable() {
            guard let call = graph.call(id), graph.globalIndex(call.callable) == name else {
                continue
            }
            do throws(CheckpointError) {
                let storage = try addStorage(ofCall: id, &known, options)
                replacements[id] = storage
                byteCount = byteCount.addingCapped(self.storage(storage)?.byteCount ?? 0)
                try checkStoragesInBytes(byteCount)
            } catch {
                // What is wrong is inside the bytes; the place is that of the call.
                throw locating(
                    CheckpointError(
                        error.code, error.reason, offset: graph.offset(of: id),
                        advice: error.advice, underlying: error), at: nil)
            }
        }
        updateRoles()
        graph.replaceObjects(replacements)
    }

    // In Python each call makes a storage of its own, and so does whoever writes them.
    private func checkStoragesInBytes(_ byteCount: Int) throws(CheckpointError) {
        let stored = source.region?.count ?? 0
        let multiple = stored.multipliedCapped(by: Tensor.maximumExpansion)
        let allowed = max(Tensor.maximumExpandedByteCount, multiple)
        guard byteCount <= allowed else {
            throw CheckpointError(
                .limitExceeded,
                "storages made of the same bytes have \(byteCount) bytes together, but the file has "
                    + "\(stored)", advice: "The file may have been made to exhaust memory")
        }
    }

    private func addStorage(
        ofCall id: NodeID, _ known: inout [NodeID: StorageInBytes], _ options: LoadOptions
    ) throws(CheckpointError) -> NodeID {
        guard let argument = argument(0, of: id) else {
            throw LegacyIdentifiers.invalid("_load_from_bytes has no argument")
        }
        // The bytes, or the text that stands for them.
        let isText = graph.kind(of: argument) == .object && role(ofObject: argument) == .encode
        let key = isText ? self.argument(0, of: argument) ?? argument : argument
        let found =
            if let same = known[key] { same } else { try storage(inBytes: argument, options) }
        known[key] = found
        let device = options.mapLocation(found.storage.device)
        if device != found.storage.device { isEdited = true }
        // In Python each call makes a storage of its own.
        return try storages.addReference(
            to: Storage(found.storage, device: device), dtype: found.dtype, in: &graph,
            isTaken: { source.records?.has("data/\($0)") ?? false })
    }

    private func storage(
        inBytes id: NodeID, _ options: LoadOptions
    ) throws(CheckpointError) -> StorageInBytes {
        let key = String(storages.slots.count)
        switch graph.kind(of: id) {
        case .bytes, .byteArray, .byteString:
            return try StorageInBytes(graph.region(of: id), key: key, options)
        // Protocols before 3 have no bytes.
        case .object where role(ofObject: id) == .encode:
            guard let text = argument(0, of: id), graph.kind(of: text) == .text else { break }
            return try StorageInBytes(latin1: graph.region(of: text), key: key, options)
        default: break
        }
        throw LegacyIdentifiers.invalid("_load_from_bytes has no bytes as its argument")
    }
}

extension GlobalName {
    fileprivate static let loadFromBytes = GlobalName(
        module: "torch.storage", name: "_load_from_bytes")
}
