import ByteIO
import Pickle
import Tensors

/// Storages that follow each other behind the pickles of a legacy file.
struct LegacyStorageSource: StorageSource {
    private var regions: [ByteRegion] = []
    private var numbers: [String: Int]

    var recordCount: Int { regions.count }

    /// - Parameters:
    ///   - sequence: The file, from the first storage on.
    ///   - numbers: The numbers of the keys, in the order of the storages.
    ///   - itemSizes: The element size of each storage.
    /// - Throws: ``CheckpointError/Code/truncated``; ``CheckpointError/Code/invalidStorage`` when
    ///   nothing refers to a storage, so that its size can't be known.
    init(
        _ sequence: inout PickleSequence, numbers: [String: Int], itemSizes: [Int?]
    ) throws(CheckpointError) {
        self.numbers = numbers
        regions.reserveCapacity(itemSizes.count)
        for (number, itemSize) in itemSizes.enumerated() {
            guard let itemSize else {
                let key = numbers.first { $0.value == number }?.key ?? ""
                throw CheckpointError(
                    .invalidStorage, "nothing refers to storage '\(key)', which is in the file",
                    offset: sequence.position,
                    advice: "The file is damaged or was not written by torch")
            }
            try regions.append(sequence.readStorage(itemSize: itemSize))
        }
    }

    /// The numbers of keys.
    ///
    /// - Throws: ``CheckpointError/Code/duplicateRecord``.
    static func numbers(of keys: [String]) throws(CheckpointError) -> [String: Int] {
        var numbers: [String: Int] = [:]
        numbers.reserveCapacity(keys.count)
        for (number, key) in keys.enumerated()
        where numbers.updateValue(number, forKey: key) != nil {
            throw CheckpointError(
                .duplicateRecord, "storage '\(key)' is listed twice",
                advice: "The file is damaged or was not written by torch")
        }
        return numbers
    }

    func record(ofKey key: RawSpan) -> Int? {
        numbers[String(decoding: Array(copying: key), as: UTF8.self)]
    }

    func storage(
        inRecord record: Int, key: String, device: Device
    ) throws(CheckpointError) -> Storage {
        Storage(key: key, device: device, region: regions[record])
    }

    /// Makes a part of a storage one that can be referred to by its own key.
    ///
    /// - Throws: ``CheckpointError/Code/invalidStorage`` when it is no part of the storage, or when
    ///   its key is that of something else.
    mutating func add(
        _ view: LegacyIdentifiers.View, key: String
    ) throws(CheckpointError) {
        let whole = regions[view.root]
        guard try view.rootCount.multipliedChecked(by: view.itemSize) == whole.count else {
            throw LegacyIdentifiers.invalid(
                "storage '\(key)' is a part of one of \(whole.count) bytes, but the pickle says "
                    + "\(view.rootCount) elements of \(view.itemSize)")
        }
        let start = try view.offset.multipliedChecked(by: view.itemSize)
        let count = try view.count.multipliedChecked(by: view.itemSize)
        guard start <= whole.count, count <= whole.count - start else {
            throw LegacyIdentifiers.invalid(
                "storage '\(key)' is said to be bytes \(start) to \(start.addingCapped(count)) of "
                    + "one of \(whole.count)")
        }
        let part = try whole.slice(at: start, count: count)
        guard let known = numbers[key] else {
            numbers[key] = regions.count
            return regions.append(part)
        }
        guard regions[known].isIdentical(to: part) else {
            throw LegacyIdentifiers.invalid(
                "storage '\(key)' is said to be in two places of the file")
        }
    }
}
