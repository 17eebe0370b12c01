import ByteIO
import Foundation
import Pickle
import TestSupport
import Testing
import TorchCheckpoint
import ZipArchive

/// Editing and saving checkpoints that torch has not written: nothing traps, and nothing is written
/// that reads as something else.
@Suite struct UnusualStorageTests {
    @Test(arguments: ["9223372036854775806", "99999999999999999999", "-5", "x"])
    func `new storages find a number whatever the keys of others are`(_ key: String) throws {
        var checkpoint = try Checkpoint(bytes: archive(["a": Reference(key: key)]))
        checkpoint["b"] = try CheckpointValue(Tensor([1, 2] as [Float]))
        checkpoint["c"] = try CheckpointValue(Tensor([3] as [Float]))
        let again = try Checkpoint(bytes: checkpoint.serialized())
        #expect(try again["a"]?.tensor().array(of: Float.self) == [0, 0, 0, 0])
        #expect(try again["b"]?.tensor().array(of: Float.self) == [1, 2])
        #expect(try again["c"]?.tensor().array(of: Float.self) == [3])
    }

    @Test func `a storage that torch would read as one of two dtypes is not saved`() throws {
        let storage = try Storage(bytes: [UInt8](0..<16))
        let tensors = try [DType.float32, .int32].map { dtype in
            try CheckpointValue(Tensor(storage: storage, dtype: dtype, shape: [4]))
        }
        let checkpoint = try Checkpoint(.list(tensors))
        let error = #expect(throws: CheckpointError(.invalidStorage, "")) {
            try checkpoint.serialized()
        }
        #expect(error?.reason.contains("float32 and as int32") == true)
        let untyped = try [DType.uint16, .uint32].map { dtype in
            try CheckpointValue(
                Tensor(storage: storage, dtype: dtype, shape: [16 / dtype.itemSize]))
        }
        #expect(throws: Never.self) { try Checkpoint(.list(untyped)).serialized() }
    }

    @Test func `empty strings and bytes are one object each, as in Python`() throws {
        let checkpoint = try Checkpoint(["a": "", "b": "", "c": ["d": ""]])
        #expect(checkpoint["a"]?.id == checkpoint["b"]?.id)
        #expect(checkpoint["a"]?.id == checkpoint["c"]?["d"]?.id)
        let bytes = try Checkpoint(.list([CheckpointValue(bytes: []), CheckpointValue(bytes: [])]))
        #expect(bytes[0]?.id == bytes[1]?.id)
    }

    @Test func `what is left of a storage is a whole number of its class's elements`() throws {
        // Counted in elements of 16 bytes, seen as two bytes.
        let file = try archive(["a": Reference(storage: "ComplexDoubleStorage", v3: "uint8")])
        var checkpoint = try Checkpoint(bytes: file)
        try checkpoint.compact()
        let again = try Checkpoint(bytes: checkpoint.serialized())
        #expect(try again["a"]?.tensor().array(of: UInt8.self) == [0, 0])
    }

    @Test func `a persistent id has to be a tuple`() throws {
        let file = try archive(["a": Reference(isList: true)])
        #expect(throws: CheckpointError(.invalidStorage, "")) { try Checkpoint(bytes: file) }
    }

    @Test func `a persistent id that is a value, too, stays what it is`() throws {
        var checkpoint = try Checkpoint(bytes: archive(["a": Reference(isValue: true)]))
        try checkpoint.castFloatingPoint(to: .float64)
        let options = SaveOptions(mapLocation: .device(.cuda(1)), globals: .inert)
        let again = try Checkpoint(bytes: checkpoint.serialized(options: options))
        #expect(try again["a"]?.tensor().device == .cuda(1))
        #expect(try again["a"]?.tensor().dtype == .float64)
        #expect(again["a id"]?[3]?.string == "cpu")
        #expect(again["a id"]?[1]?.typeName.name == "FloatStorage")
    }

    @Test(arguments: ["", "cuda 0", "cuda:é", "cuda\n", String(repeating: "x", count: 1025)])
    func `device tags that could not be read are not written`(_ tag: String) throws {
        let checkpoint = try Checkpoint(bytes: archive(["a": Reference()]))
        let map = LocationMap.device(Device(rawValue: tag))
        #expect(throws: CheckpointError(.invalidStorage, "")) {
            try checkpoint.serialized(options: SaveOptions(mapLocation: map))
        }
        let tensor = try Tensor([1.0], device: Device(rawValue: tag))
        #expect(throws: CheckpointError(.invalidStorage, "")) { try CheckpointValue(tensor) }
    }

    @Test func `an alignment that can't be had is not promised either`() throws {
        let records = [".storage_alignment": Array("1000000".utf8)]
        var checkpoint = try Checkpoint(bytes: archive(["a": Reference()], records))
        checkpoint["b"] = 1
        let again = try Checkpoint(bytes: checkpoint.serialized())
        #expect(again.archiveInfo?.storageAlignment == 64)
    }

    @Test func `records below data that are no storages are kept`() throws {
        let records = ["data/foo": [UInt8](1...3), "data/9": [4]]
        let checkpoint = try Checkpoint(bytes: archive(["a": Reference(key: "7")], records))
        for layout in [SaveOptions.Layout.preserved, .current] {
            var edited = checkpoint
            edited["b"] = 1
            let again = try Checkpoint(
                bytes: edited.serialized(options: SaveOptions(layout: layout)))
            let names =
                again.archive?.entries.map { $0.name.split(separator: "/").last ?? "" } ?? []
            #expect(names.contains("foo") && names.contains("9"), "\(layout)")
        }
    }

    @Test(arguments: [#"a\b.pth"#: "b", "a.b.pth": "a.b", "plain": "plain", ".pth": "archive"])
    func `the root folder is the one that torch names`(_ name: String, _ root: String) throws {
        let folder = try TemporaryFolder()
        try Checkpoint(["a": 1]).write(to: folder.path(name))
        #expect(try Checkpoint(contentsOf: folder.path(name)).archiveInfo?.root == root)
    }
}

extension UnusualStorageTests {
    /// How a tensor of the file refers to its storage.
    private struct Reference {
        var key = "0"
        var storage = "FloatStorage"
        /// The dtype of `_rebuild_tensor_v3`; nil for `_rebuild_tensor_v2`.
        var v3: String?
        /// Whether the persistent id is a list.
        var isList = false
        /// Whether the persistent id is a value of the dictionary, too.
        var isValue = false
    }

    /// An archive of a dictionary of tensors over storages of zeros.
    private func archive(
        _ references: KeyValuePairs<String, Reference>, _ others: [String: [UInt8]] = [:]
    ) throws -> [UInt8] {
        var graph = PickleGraph()
        var entries: [NodeID] = []
        var writer = ZipArchiveWriter(MemorySink())
        for (name, reference) in references {
            let identifier = try identifier(reference, in: &graph)
            let tensor = tensor(reference, graph.addPersistent(identifier), in: &graph)
            entries += try [graph.addText(name), tensor]
            if reference.isValue { entries += try [graph.addText(name + " id"), identifier] }
        }
        graph.root = graph.addDictionary(entries)
        let pickle = try ByteRegion(copying: graph.pickled())
        try writer.write("unusual/data.pkl", pickle.bytes)
        for (_, reference) in references {
            let count = reference.storage == "FloatStorage" ? 16 : 64
            let zeros = try ByteRegion(copying: [UInt8](repeating: 0, count: count))
            try writer.write("unusual/data/\(reference.key)", zeros.bytes)
        }
        for (name, bytes) in others {
            let contents = try ByteRegion(copying: bytes)
            try writer.write("unusual/\(name)", contents.bytes)
        }
        return try writer.finish().bytes
    }

    private func identifier(
        _ reference: Reference, in graph: inout PickleGraph
    ) throws -> NodeID {
        let storage = GlobalName(module: "torch", name: reference.storage)
        let items = try [
            graph.addText("storage"), graph.addGlobal(storage), graph.addText(reference.key),
            graph.addText("cpu"), graph.addInteger(4),
        ]
        return reference.isList ? graph.addList(items) : graph.addTuple(items)
    }

    private func tensor(
        _ reference: Reference, _ load: NodeID, in graph: inout PickleGraph
    ) -> NodeID {
        let count = graph.addTuple([graph.addInteger(reference.v3 == nil ? 4 : 2)])
        let hooks = graph.addCall(
            graph.addGlobal(GlobalName(module: "collections", name: "OrderedDict")))
        let one = graph.addTuple([graph.addInteger(1)])
        var arguments = [
            load, graph.addInteger(0), count, one, PickleGraph.bool(false), hooks,
        ]
        if let dtype = reference.v3 {
            arguments.append(graph.addGlobal(GlobalName(module: "torch", name: dtype)))
        }
        let name = reference.v3 == nil ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3"
        let function = GlobalName(module: "torch._utils", name: name)
        return graph.addCall(graph.addGlobal(function), arguments)
    }
}
