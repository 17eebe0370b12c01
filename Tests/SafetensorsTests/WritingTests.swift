import ByteIO
import OrderedCollections
import Safetensors
import SystemPackage
import Tensors
import TestSupport
import Testing

@Suite struct WritingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(
        _ tensors: OrderedDictionary<String, Tensor>,
        metadata: OrderedDictionary<String, String> = [:],
        sharedStorage: SharedStoragePolicy = .reject
    ) throws -> SafetensorsFile {
        let path = FilePath(folder.path("out.safetensors"))
        try SafetensorsWriter.write(
            tensors, to: path, metadata: metadata, sharedStorage: sharedStorage)
        return try SafetensorsFile(contentsOf: path)
    }

    @Test func `what is written is read back`() throws {
        let file = try write(
            [
                "b": Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]),
                "a \"quoted\" é\n": Tensor([true, false]),
                "empty": Tensor([] as [Int64], shape: [0, 3]),
                "scalar": Tensor([7] as [Int64], shape: []),
            ], metadata: ["format": "pt", "epoch": "3"])
        #expect(file.metadata == ["format": "pt", "epoch": "3"])
        #expect(file.tensors.keys.sorted() == ["a \"quoted\" é\n", "b", "empty", "scalar"])
        #expect(try file.tensors["b"]?.array(of: Float.self) == [1, 2, 3, 4])
        #expect(file.tensors["b"]?.shape == [2, 2])
        #expect(try file.tensors["a \"quoted\" é\n"]?.array(of: Bool.self) == [true, false])
        #expect(file.tensors["empty"]?.shape == [0, 3])
        #expect(try file.tensors["scalar"]?.item(as: Int64.self) == 7)
    }

    @Test func `the bytes are those of Python's save_file`() throws {
        let path = folder.path("ours.safetensors")
        try SafetensorsWriter.write(
            [
                "layer.weight": Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]),
                "layer.bias": Tensor([0.5, -0.5] as [Float]),
                "steps": Tensor([9] as [Int64], shape: []),
                "mask\t\u{1}/\\\"é": Tensor([true, false, true]),
                "half": Tensor([1.5, 2.5] as [BFloat16]),
                "codes": Tensor([1, 2, 3] as [UInt8]),
            ], to: FilePath(path), metadata: ["format": "pt"])
        let code = """
            import sys, torch
            from safetensors.torch import save_file
            save_file({
                "layer.weight": torch.tensor([[1., 2, 3], [4, 5, 6]]),
                "layer.bias": torch.tensor([.5, -.5]), "steps": torch.tensor(9),
                "mask\\t\\x01/\\\\\\"é": torch.tensor([True, False, True]),
                "half": torch.tensor([1.5, 2.5], dtype=torch.bfloat16),
                "codes": torch.tensor([1, 2, 3], dtype=torch.uint8),
            }, sys.argv[2], metadata={"format": "pt"})
            sys.exit(open(sys.argv[1], "rb").read() != open(sys.argv[2], "rb").read())
            """
        let outcome = try TorchPython.run(code: code, [path, folder.path("theirs.safetensors")])
        #expect(outcome.status == 0, "\(outcome.error)")
    }

    @Test func `views of overlapping memory are refused by default`() throws {
        let whole = try Tensor([1, 2, 3, 4] as [Float])
        let error = #expect(throws: CheckpointError.self) {
            try write(["whole": whole, "alias": whole])
        }
        #expect(error?.code == .sharedStorage)
        #expect(error?.reason.contains("whole, alias") == true)
    }

    @Test func `the first of identical tensors is kept, and the others noted`() throws {
        let whole = try Tensor([1, 2, 3, 4] as [Float])
        let file = try write(
            ["whole": whole, "alias": whole, "other": Tensor([5] as [Float])],
            sharedStorage: .keepFirst)
        #expect(file.tensors.keys.sorted() == ["other", "whole"])
        #expect(file.metadata == ["alias": "whole"])
    }

    @Test func `duplicates are written in full on request`() throws {
        let whole = try Tensor([1, 2, 3, 4] as [Float])
        let file = try write(["whole": whole, "alias": whole], sharedStorage: .duplicate)
        #expect(try file.tensors["alias"]?.array(of: Float.self) == [1, 2, 3, 4])
        #expect(file.tensors.count == 2)
    }

    @Test func `a dtype without a counterpart is refused by name`() throws {
        let error = #expect(throws: CheckpointError.self) {
            try write(["codes": Tensor([1, 2] as [UInt8], dtype: .bits8)])
        }
        #expect(error?.code == .unsupportedDType)
        #expect(error?.reason.contains("codes (bits8)") == true)
    }

    @Test func `an interrupted write leaves the old file and no litter`() throws {
        struct Stop: Error {}
        let path = try folder.write("out.safetensors", [1, 2, 3])
        #expect(throws: Stop.self) {
            try SafetensorsWriter.write(
                ["a": Tensor([1, 2] as [Float])], to: FilePath(path)
            ) { _, _ in throw Stop() }
        }
        #expect(try folder.contents() == ["out.safetensors": [1, 2, 3]])
    }
}
