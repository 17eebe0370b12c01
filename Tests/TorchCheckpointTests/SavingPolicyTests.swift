import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Which globals, numbers and tensors a file that is saved may have.
@Suite struct SavingPolicyTests {
    private static let versions = ["1.13.1", "2.1.2", "2.6.0", "2.13.0"]
    private static let inert = SaveOptions(globals: .inert)

    @Test(arguments: versions, [false, true])
    func `numpy's scalars are refused, each named with its place`(
        _ version: String, _ isEdited: Bool
    ) throws {
        let fixture = try Fixture.named("torch-\(version)/values_numpy_values.pth")
        var checkpoint = try fixture.checkpoint()
        if isEdited { checkpoint["note"] = 1 }
        let error = #expect(throws: CheckpointError.self) { try checkpoint.serialized() }
        #expect(error?.code == .forbiddenGlobal)
        #expect(error?.advice != nil)
        let reason = error?.reason ?? ""
        #expect(reason.contains(".multiarray.scalar (at ['"), "\(reason)")
        #expect(reason.components(separatedBy: " (at [").count > 2, "\(reason)")
        _ = try checkpoint.serialized(options: Self.inert)
    }

    @Test(arguments: ["protocol_4_values", "protocol_5_values", "protocol_0_values"])
    func `names of other protocols have their places, too`(_ name: String) throws {
        var checkpoint = try Fixture.named("torch-2.13.0/\(name).pth").checkpoint()
        checkpoint["note"] = 1
        let error = #expect(throws: CheckpointError.self) { try checkpoint.serialized() }
        #expect(error?.code == .forbiddenGlobal)
        let reason = error?.reason ?? ""
        let named = reason.components(separatedBy: ", ").filter { $0.contains(".") }
        #expect(named.allSatisfy { $0.contains(" (at [") }, "\(reason)")
    }

    @Test func `a whole module is refused, kept, or accepted by its names`() throws {
        let fixture = try Fixture.named("torch-2.13.0/training_whole_module.pth")
        var checkpoint = try fixture.checkpoint()
        let error = #expect(throws: CheckpointError.self) { try checkpoint.serialized() }
        #expect(error?.code == .forbiddenGlobal)
        #expect(try checkpoint.serialized(options: Self.inert) == fixture.bytes())
        let names = checkpoint.graph.globalNames.map { $0.description }
        var policy = GlobalPolicy.weightsOnly
        for name in names { policy = policy.adding(name) }
        #expect(try checkpoint.serialized(options: SaveOptions(globals: policy)) == fixture.bytes())
        try checkpoint.set(true, at: ["training"])
        _ = try checkpoint.serialized(options: SaveOptions(globals: policy))
        #expect(throws: CheckpointError.self) { try checkpoint.serialized() }
    }

    @Test func `what is no longer referred to is no longer refused`() throws {
        var checkpoint = try Fixture.named("torch-2.13.0/writing_modules.pth").checkpoint()
        #expect(throws: CheckpointError.self) { try checkpoint.serialized() }
        try checkpoint.remove(at: ["model"])
        #expect(throws: CheckpointError.self) { try checkpoint.serialized() }
        checkpoint["copy"] = nil
        checkpoint["parts"] = nil
        #expect(try Checkpoint(bytes: checkpoint.serialized())["state"] != nil)
    }

    @Test func `what runs programs is never accepted by its name`() throws {
        let checkpoint = try Checkpoint(bytes: "cos\nsystem\n(S'true'\ntR.".latin1)
        let policy = GlobalPolicy.weightsOnly.adding("os.system", "posix.system")
        let error = #expect(throws: CheckpointError.self) {
            try checkpoint.serialized(options: SaveOptions(globals: policy))
        }
        #expect(error?.code == .forbiddenGlobal)
    }

    @Test func `numbers up to 255 bytes are saved by default`() throws {
        for sign in [1, -1] as [BigInt] {
            let checkpoint = try Checkpoint(["n": CheckpointValue(sign << 2038)])
            let again = try Checkpoint(bytes: checkpoint.serialized())
            #expect(again["n"]?.bigInteger == sign << 2038)
        }
        let large = try Checkpoint(["n": CheckpointValue(BigInt(1) << 2039)])
        let error = #expect(throws: CheckpointError.self) { try large.serialized() }
        #expect(error?.code == .unsupportedOpcode)
        #expect(error?.advice != nil)
        let bytes = try large.serialized(options: Self.inert)
        #expect(try Checkpoint(bytes: bytes)["n"]?.bigInteger == BigInt(1) << 2039)
    }

    @Test func `frozen sets are refused by default`() throws {
        let checkpoint = try Checkpoint(["f": .frozenSet([1, 2])])
        let error = #expect(throws: CheckpointError.self) { try checkpoint.serialized() }
        #expect(error?.code == .forbiddenGlobal)
        #expect(error?.reason.contains("builtins.frozenset") == true, "\(error?.reason ?? "")")
        let again = try Checkpoint(bytes: checkpoint.serialized(options: Self.inert))
        #expect(again["f"]?.kind == .frozenSet)
    }

    @Test func `what lies outside the pickle and is no storage can't be saved`() throws {
        var checkpoint = try Checkpoint(bytes: "Pabc\n.".latin1)
        #expect(try checkpoint.serialized() == "Pabc\n.".latin1)
        try checkpoint.set(checkpoint.root, at: [])
        for edit in [{ _ = try checkpoint.serialized() }, { _ = try Checkpoint(checkpoint.root) }] {
            let error = #expect(throws: CheckpointError.self) { try edit() }
            #expect(error?.code == .invalidStorage)
            #expect(error?.advice != nil)
        }
    }

    @Test(arguments: ["qint8", "quint8", "qint32", "quint4x2", "quint2x4"])
    func `a quantized tensor goes by itself, but not without its scales`(_ dtype: String) throws {
        let other = try Fixture.named("torch-2.13.0/quantized_\(dtype).pth").checkpoint()
        let entry = try #require(try other.tensors().first { $0.tensor.dtype.isQuantized })
        let bare = try Tensor(
            storage: entry.tensor.storage, dtype: entry.tensor.dtype, shape: entry.tensor.shape)
        let error = #expect(throws: CheckpointError.self) { try CheckpointValue(bare) }
        #expect(error?.code == .unsupportedDType)
        #expect(error?.advice != nil)
        let checkpoint = try Checkpoint(["q": CheckpointValue(entry.tensor)])
        let tensor = try Checkpoint(bytes: checkpoint.serialized()).value(at: ["q"]).tensor()
        #expect(tensor.dtype == entry.tensor.dtype)
        #expect(try tensor.rowMajorBytes() == entry.tensor.rowMajorBytes())
        #expect(
            try tensor.dequantized().rowMajorBytes() == entry.tensor.dequantized().rowMajorBytes())
    }
}
