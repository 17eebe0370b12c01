import ByteIO
import Pickle
import Tensors

extension CheckpointContents {
    /// Reads a file of torch before 1.6.
    convenience init(
        legacy region: ByteRegion, filePath: String?, options: LoadOptions
    ) throws(CheckpointError) {
        let file = try LegacyFile(region, options)
        let numbers = try LegacyStorageSource.numbers(of: file.keys)
        var graph = file.graph
        let keysOffset = file.objectOffset + graph.byteCount
        let identifiers: LegacyIdentifiers
        do throws(CheckpointError) {
            identifiers = try LegacyIdentifiers(graph, keys: numbers)
        } catch {
            throw error.movingOffset(by: file.objectOffset)
        }
        var data = PickleSequence(region, at: file.dataOffset, limits: options.pickleLimits)
        let storages = try graph.takeLegacyStorages(identifiers, numbers, &data)
        let source = try CheckpointSource(
            format: .legacy, filePath: filePath, region: region,
            legacy: LegacySource(
                header: region.slice(at: 0, count: file.objectOffset),
                keys: region.slice(at: keysOffset, count: file.dataOffset - keysOffset),
                trailer: region.slice(at: data.position, count: region.count - data.position),
                classIdentifiers: identifiers.classIdentifiers))
        try self.init(source, graph: graph, options: options)
        do throws(CheckpointError) {
            self.storages = try StorageTable(self.graph, roles: roles, source: storages)
        } catch {
            throw error.movingOffset(by: file.objectOffset)
        }
        try map(options.mapLocation)
    }
}

extension PickleGraph {
    /// Has persistent objects that stand for classes be the classes, and those that stand for parts of
    /// storages be storages by themselves.
    fileprivate mutating func takeLegacyStorages(
        _ identifiers: LegacyIdentifiers, _ numbers: [String: Int], _ data: inout PickleSequence
    ) throws(CheckpointError) -> LegacyStorageSource {
        var source = try LegacyStorageSource(
            &data, numbers: numbers, itemSizes: identifiers.itemSizes)
        for view in identifiers.views {
            try source.add(view, key: string(view.key) ?? "")
            var items = Array(items(persistentID(view.load) ?? .none) ?? [])
            items[StorageIdentifier.keyPlace] = view.key
            items[StorageIdentifier.countPlace] = addInteger(view.count)
            items[LegacyIdentifiers.viewPlace] = .none
            setIdentifier(of: view.load, to: addTuple(items))
        }
        if !identifiers.classes.isEmpty {
            setPersistentLoads(identifiers.storages)
            replaceObjects(identifiers.classes)
        }
        return source
    }
}
