import ByteIO
import Pickle

// What is changed in the graph of a checkpoint for a legacy file.
extension StorageTable {
    /// Numbers the storages in the order of `loads`, in the graph.
    ///
    /// Unlike in an archive, each mention has a text of its own, because torch makes it of an address
    /// each time.
    func numberApart(
        _ loads: [NodeID], in graph: inout PickleGraph
    ) throws(CheckpointError) {
        var numbers: [Int: Int] = [:]
        for load in loads {
            guard let slot = place(load, in: graph)?.slot else { continue }
            let number = numbers[slot] ?? numbers.count
            numbers[slot] = number
            let key = try graph.addText(String(number))
            graph.replaceItem(ofIdentifierOf: load, at: StorageIdentifier.keyPlace, by: key)
        }
    }
}

extension PickleGraph {
    /// The containers whose persistent ids differ in form.
    enum IdentifierForm { case zip, legacy }

    /// Gives all persistent ids of storages the form that torch takes in a container.
    ///
    /// In an archive they have five items. In a legacy file they have a sixth, `None`; and there
    /// torch can't read a storage without a dtype, so that its bytes are said to be `torch.uint8`.
    mutating func shapeIdentifiers(for form: IdentifierForm) throws(CheckpointError) {
        let count = StorageIdentifier.countPlace + 1
        for load in persistentLoads {
            guard let identifier = persistentID(load), kind(of: identifier) == .tuple,
                let items = items(identifier).map(Array.init), items.count >= count
            else { continue }
            var shaped = Array(items.prefix(count))
            if form == .legacy {
                shaped.append(.none)
                let name = global(items[StorageIdentifier.classPlace])
                if let name, GlobalRole(name) == .storage(nil) {
                    shaped[StorageIdentifier.classPlace] = addGlobal(.byteStorage)
                }
            }
            if shaped != items { setIdentifier(of: load, to: addTuple(shaped)) }
        }
    }
}

extension CheckpointContents {
    /// - Throws: ``CheckpointError/Code/unsupportedFormat`` when there are nested tensors: torch looks
    ///   at their sizes before it has read the storages of a legacy file.
    func checkLegacyNames() throws(CheckpointError) {
        guard let name = graph.globalNames.firstIndex(of: .rebuildNestedTensor) else { return }
        for id in graph.reachable() where graph.globalIndex(id) == name {
            throw CheckpointError(
                .unsupportedFormat,
                "has a nested tensor, which torch can't read from a legacy file",
                advice: "Save with SaveOptions(layout: .current)")
        }
    }
}

extension GlobalName {
    fileprivate static let rebuildNestedTensor = GlobalName(
        module: "torch._utils", name: "_rebuild_nested_tensor")
    fileprivate static let byteStorage = GlobalName(module: "torch", name: "ByteStorage")
}
