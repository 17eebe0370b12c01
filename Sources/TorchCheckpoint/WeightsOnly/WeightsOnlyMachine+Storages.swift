import ByteIO
import Pickle
import Tensors

extension WeightsOnlyMachine {
    /// `BINPERSID`: a storage that is named by the tuple on top.
    mutating func pushStorage() throws(CheckpointError) {
        let identifier = try pop()
        guard storageSource != nil else {
            throw .refusedByTorch("a persistent id is where there are no storages")
        }
        guard case .tuple(let parts) = identifier, parts.count > 0 else {
            throw .refusedByTorch("a persistent id is a \(identifier.typeName), not a tuple")
        }
        guard isText(items[parts.range.lowerBound], "storage") else {
            throw .refusedByTorch("a persistent id is not that of a storage")
        }
        let number = loadedCount
        loadedCount += 1
        try stack.append(.storage(restore(Array(items[parts.range]), number)))
    }

    /// The number of the storage that a persistent id stands for.
    private mutating func restore(
        _ identifier: [PythonValue], _ number: Int
    ) throws(CheckpointError) -> UInt32 {
        let isLegacy = storageSource?.isLegacy == true
        guard identifier.count == (isLegacy ? 6 : 5) else {
            throw .refusedByTorch("a persistent id has \(identifier.count) elements")
        }
        let dtype: DType
        switch meaning(of: identifier[StorageIdentifier.classPlace]) {
        case .storageType(let known): dtype = known
        case .untypedStorage where !isLegacy: dtype = .uint8
        default:
            throw .refusedByTorch(
                "\(path(of: identifier[StorageIdentifier.classPlace])) has no dtype for a storage")
        }
        let key = identifier[StorageIdentifier.keyPlace]
        guard let slot = storageSource?.slot(ofLoad: number, key: string(key)) else {
            throw .notFollowed("a persistent id names a storage in an unusual way")
        }
        if let known = storageSource?.known[slot] { return known }
        return try restore(
            slot, dtype, location: identifier[StorageIdentifier.locationPlace])
    }

    private mutating func restore(
        _ slot: Int, _ dtype: DType, location: PythonValue
    ) throws(CheckpointError) -> UInt32 {
        // Not kept, or `known` would be copied when it is written to.
        guard let map = storageSource?.map, let contents = storageSource?.contents else { return 0 }
        let tag = try map(Device(rawValue: tag(location))).rawValue
        guard let device = TorchDevice(restoring: tag) else {
            throw .refusedByTorch("it knows no device '\(tag.prefix(40))' to restore a storage to")
        }
        let byteCount = contents.storages.slots[slot].storage.byteCount
        storages.append(
            RestoredStorage(
                dtype: dtype, byteCount: byteCount, device: device == .meta ? .meta : .cpu))
        let number = UInt32(truncatingIfNeeded: storages.count - 1)
        // One without bytes is made anew for each reference.
        if byteCount > 0, device != .meta { storageSource?.known[slot] = number }
        return number
    }

    private func tag(_ location: PythonValue) throws(CheckpointError) -> String {
        let tag: String?
        switch location {
        case .text(let text), .bytes(let text): tag = string(.text(text))
        default: tag = nil
        }
        guard let tag else { throw .refusedByTorch("a storage has no text as its device") }
        return tag
    }
}
