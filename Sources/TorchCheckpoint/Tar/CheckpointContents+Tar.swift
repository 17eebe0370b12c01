import ByteIO
import Pickle
import Tensors

extension CheckpointContents {
    /// Reads a tar archive of torch 0.1.
    ///
    /// The pickle has numbers where tensors and storages are; they become what torch writes today:
    /// calls that make tensors of storages.
    convenience init(
        tar region: ByteRegion, filePath: String?, options: LoadOptions
    ) throws(CheckpointError) {
        let tar = try TorchTar(TarArchive(region), options)
        do throws(CheckpointError) {
            var graph = try PickleGraph(parsing: tar.pickle, limits: options.pickleLimits)
            let loads = graph.persistentLoads
            graph.setPersistentLoads([])
            try self.init(
                CheckpointSource(format: .tar, filePath: filePath, region: region), graph: graph,
                options: options)
            try replace(loads, by: tar)
        } catch {
            throw error.inRecord("pickle")
        }
        try map(options.mapLocation)
    }

    private func replace(_ loads: [NodeID], by tar: TorchTar) throws(CheckpointError) {
        var replacements: [NodeID: NodeID] = [:]
        var known: [Int: NodeID] = [:]
        var names = TensorNames()
        for load in loads {
            do throws(CheckpointError) {
                let identifier = graph.persistentID(load) ?? .none
                // A class with its source code: (class, file, source).
                if graph.kind(of: identifier) == .tuple, let name = graph.item(0, of: identifier) {
                    replacements[load] = name
                    continue
                }
                let number = try Self.number(identifier, in: graph)
                if known[number] == nil { known[number] = try add(number, of: tar, &names) }
                replacements[load] = known[number]
            } catch {
                throw error.atOffset(graph.offset(of: load))
            }
        }
        updateRoles()
        graph.replaceObjects(replacements)
    }

    private static func number(
        _ identifier: NodeID, in graph: PickleGraph
    ) throws(CheckpointError) -> Int {
        if let number = graph.integer(identifier) { return number }
        guard let number = graph.string(identifier).flatMap({ Int($0) }) else {
            throw CheckpointError(
                .invalidStorage, "a persistent id is neither a number nor a class with its source",
                advice: "The file is damaged or was not written by torch 0.1")
        }
        return number
    }

    private func add(
        _ number: Int, of tar: TorchTar, _ names: inout TensorNames
    ) throws(CheckpointError) -> NodeID {
        if let tensor = tar.tensors[number] { return try add(tensor, &names) }
        guard let typed = tar.storages[number] else {
            throw CheckpointError(
                .missingRecord, "refers to \(number), which is no tensor or storage of the archive",
                advice: "The file is damaged or was not written by torch 0.1")
        }
        return try storages.addReference(
            to: typed.storage, dtype: typed.dtype, in: &graph, isTaken: { _ in false })
    }
}
