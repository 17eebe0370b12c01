import ByteIO
import TestSupport
import Testing

/// A file of torch before 1.6, made by hand: a list of tensors of float32.
struct LegacyBytes {
    var version: [UInt8] = [0x4D, 0xE9, 0x03]
    var systemInfo: [UInt8] = Array("}".utf8)
    /// What is in the list, each a tensor or anything else.
    var objects: [[UInt8]] = []
    var keys: [String] = []
    /// The number of elements and the bytes of each storage.
    var storages: [(count: Int64, bytes: [UInt8])] = []
    var trailer: [UInt8] = []

    static let magic: [UInt8] =
        [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]

    /// A tensor that is all of the storage "k", of three elements.
    static var small: LegacyBytes {
        var file = LegacyBytes()
        file.objects = [tensor(storage(key: "k", count: 3), count: 3)]
        file.keys = ["k"]
        file.storages = [(3, floats([1, 2, 3]))]
        return file
    }

    /// Two tensors: the storage "k", and the last two elements of it as the storage "v".
    static func view(
        offset: Int32 = 1, count: Int32 = 2, key: String = "v", rootCount: Int32 = 3
    ) -> LegacyBytes {
        var file = small
        let part = text(key) + integer(offset) + integer(count) + [0x87]
        file.objects.append(
            tensor(storage(key: "k", count: rootCount, view: part), count: count))
        return file
    }

    static func floats(_ values: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in values { bytes.append(littleEndian: value.bitPattern) }
        return bytes
    }

    static func text(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = [0x58]
        bytes.append(littleEndian: UInt32(text.utf8.count))
        return bytes + Array(text.utf8)
    }

    static func integer(_ value: Int32) -> [UInt8] {
        var bytes: [UInt8] = [0x4A]
        bytes.append(littleEndian: value)
        return bytes
    }

    static func global(_ module: String, _ name: String) -> [UInt8] {
        Array("c\(module)\n\(name)\n".utf8)
    }

    /// A persistent object.
    ///
    /// - Parameter view: The sixth item; nil for none at all.
    static func storage(
        key: String, count: Int32, className: String = "FloatStorage", view: [UInt8]? = [0x4E]
    ) -> [UInt8] {
        let items = [
            text("storage"), global("torch", className), text(key), text("cpu"), integer(count),
            view ?? [],
        ]
        return [0x28] + items.flatMap { $0 } + [0x74, 0x51]
    }

    static func tensor(_ storage: [UInt8], count: Int32) -> [UInt8] {
        let shape = integer(count) + [0x85, 0x4B, 1, 0x85]
        let arguments = storage + [0x4B, 0] + shape + [0x89] + global("collections", "OrderedDict")
        return global("torch._utils", "_rebuild_tensor_v2") + [0x28] + arguments
            + [0x29, 0x52, 0x74, 0x52]
    }

    static func pickled(_ instructions: [UInt8]) -> [UInt8] { [0x80, 2] + instructions + [0x2E] }

    /// Where the pickle of the object begins.
    var objectOffset: Int {
        Self.magic.count + Self.pickled(version).count + Self.pickled(systemInfo).count
    }

    var bytes: [UInt8] {
        var bytes = Self.magic + Self.pickled(version) + Self.pickled(systemInfo)
        bytes += Self.pickled([0x5D, 0x28] + objects.flatMap { $0 } + [0x65])
        bytes += Self.pickled([0x5D, 0x28] + keys.flatMap(Self.text) + [0x65])
        for storage in storages {
            bytes.append(littleEndian: storage.count)
            bytes += storage.bytes
        }
        return bytes + trailer
    }
}
