import ByteIO
import Pickle
import Tensors

// The table of tensors: their number; of each a pickle (key, storage, class), then as bytes the
// number of dimensions, sizes, strides and the offset.
extension TorchTar {
    mutating func readTensors(_ table: inout PickleSequence) throws(CheckpointError) {
        var rest = try readCount(&table)
        while rest > 0 {
            rest -= 1
            let start = table.position
            let graph = try next(&table)
            guard let (key, storage, name) = graph.triple(graph.root),
                let number = graph.integer(key), let name = graph.global(name)
            else { throw Self.invalid("an entry is not (key, storage, class)", start) }
            let typed = try self.storage(storage, in: graph, className: name, start)
            let layout = try Self.layout(&table, isEmpty: storage == .none)
            let tensor: Tensor
            do throws(CheckpointError) {
                tensor = try Tensor(
                    storage: typed.storage, dtype: typed.dtype ?? .uint8, layout: layout)
            } catch {
                throw error.atOffset(start)
            }
            guard storages[number] == nil, tensors.updateValue(tensor, forKey: number) == nil
            else { throw Self.invalid("\(number) is there twice", start) }
        }
    }

    /// The storage of a tensor; a tensor that never had elements has none.
    private func storage(
        _ id: NodeID, in graph: PickleGraph, className: GlobalName, _ offset: Int
    ) throws(CheckpointError) -> TypedStorage {
        if let number = graph.integer(id), let known = storages[number] { return known }
        guard id == .none, className.name.hasSuffix("Tensor") else {
            throw Self.invalid("a tensor has a storage that is not there", offset)
        }
        let storageName = className.name.dropLast("Tensor".count) + "Storage"
        let role = GlobalRole(GlobalName(module: "torch", name: String(storageName)))
        guard case .storage(let dtype?) = role else {
            throw Self.invalid("a tensor is of the unknown class \(className)", offset)
        }
        let storage = Storage(key: nil, device: .cpu, region: ByteRegion())
        return TypedStorage(storage: storage, dtype: dtype)
    }

    private static func layout(
        _ table: inout PickleSequence, isEmpty: Bool
    ) throws(CheckpointError) -> TensorLayout {
        let start = table.position
        let rank = try Int(table.readInteger(Int32.self))
        // The number of dimensions takes eight bytes, of which four count.
        _ = try table.readBytes(4)
        guard 0...TensorLayout.maximumRank ~= rank else {
            throw invalid("a tensor has \(rank) dimensions", start)
        }
        let shape = try readIntegers(&table, count: rank)
        let strides = try readIntegers(&table, count: rank)
        let offset = try Int(checked: table.readInteger(Int64.self))
        // Before torch 0.4, a tensor without dimensions was one without elements.
        guard !(isEmpty && rank == 0) else {
            return try TensorLayout(shape: [0], strides: [1], offset: 0)
        }
        return try TensorLayout(shape: shape, strides: strides, offset: offset)
    }

    private static func readIntegers(
        _ table: inout PickleSequence, count: Int
    ) throws(CheckpointError) -> [Int] {
        var integers: [Int] = []
        for _ in 0..<count { try integers.append(Int(checked: table.readInteger(Int64.self))) }
        return integers
    }
}
