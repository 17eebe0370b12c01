import ByteIO
import Pickle
import Tensors

/// How the bytes of storages are turned around that have another byte order than the file.
struct ByteSwaps {
    private var order = ByteOrder.little
    /// The size of the numbers in each storage that has to be turned around.
    private var sizes: [ObjectIdentifier: Int] = [:]

    /// Turns nothing around.
    init() {}

    /// Finds out which storages are to be turned around, and what they hold.
    ///
    /// - Parameters:
    ///   - storages: The storages that are written.
    ///   - order: The byte order of the file.
    ///   - contents: What the storages are written for.
    /// - Throws: ``CheckpointError/Code/invalidStorage`` when one is seen as numbers of several
    ///   sizes.
    init(
        _ storages: [Storage], to order: ByteOrder, _ contents: CheckpointContents
    ) throws(CheckpointError) {
        self.order = order
        let foreign = Set(storages.filter { $0.byteOrder != order }.map(ObjectIdentifier.init))
        guard !foreign.isEmpty else { return }
        // An untyped storage has numbers of the size that its tensors say.
        for id in contents.graph.reachable() {
            if let tensor = try contents.resolver.tensor(id) {
                try note(tensor.dtype, of: tensor.storage, ifIn: foreign)
            } else if let reference = contents.storages.reference(id, in: contents.graph),
                let dtype = reference.dtype
            {
                try note(dtype, of: reference.storage, ifIn: foreign)
            }
        }
    }

    private mutating func note(
        _ dtype: DType, of storage: Storage, ifIn foreign: Set<ObjectIdentifier>
    ) throws(CheckpointError) {
        guard foreign.contains(ObjectIdentifier(storage)) else { return }
        let known = sizes.updateValue(dtype.swapSize, forKey: ObjectIdentifier(storage))
        guard known == nil || known == dtype.swapSize else {
            throw CheckpointError(
                .invalidStorage,
                "storage \(storage.key ?? "?") is seen as numbers of \(dtype.swapSize) and of "
                    + "\(known ?? 0) bytes, so its byte order can't be changed",
                advice: "Copy the tensors into storages of their own")
        }
    }

    /// The bytes of a storage in the order of the file.
    func region(of storage: Storage) throws(CheckpointError) -> ByteRegion {
        try storage.region(swappingBytesOf: sizes[ObjectIdentifier(storage)] ?? 1)
    }
}
