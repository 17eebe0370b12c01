import ByteIO
import OrderedCollections
import Safetensors
import SystemPackage
import Tensors
import TestSupport
import Testing

@Suite struct ReadingTests {
    private func open(_ header: String, data: [UInt8] = []) throws -> SafetensorsFile {
        let count = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
        return try open(bytes: count + Array(header.utf8) + data)
    }

    private func open(bytes: [UInt8]) throws -> SafetensorsFile {
        let folder = try TemporaryFolder()
        return try SafetensorsFile(contentsOf: FilePath(folder.write("in.safetensors", bytes)))
    }

    @Test func `a tensor is a range of the file`() throws {
        let file = try open(
            #"{"x":{"dtype":"I16","shape":[2],"data_offsets":[0,4]}}"#, data: [1, 0, 2, 0])
        #expect(try file.tensors["x"]?.array(of: Int16.self) == [1, 2])
    }

    @Test(arguments: [
        ("no JSON", "nothing"),
        ("a hole", #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#),
        (
            "an overlap",
            #"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
                + #""y":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#
        ),
        ("unused bytes", #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#),
        ("too few bytes", #"{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#),
        ("a wrong size", #"{"x":{"dtype":"U16","shape":[2],"data_offsets":[0,2]}}"#),
        ("reversed offsets", #"{"x":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}"#),
        ("three offsets", #"{"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2,2]}}"#),
        ("a negative size", #"{"x":{"dtype":"U8","shape":[-1,-2],"data_offsets":[0,2]}}"#),
        (
            "an overflowing shape",
            #"{"x":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,2]}}"#
        ),
        ("an unknown dtype", #"{"x":{"dtype":"F7","shape":[2],"data_offsets":[0,2]}}"#),
    ])
    func `a broken header is an error`(_ what: String, _ header: String) {
        #expect(throws: CheckpointError.self) { try open(header, data: [0, 0]) }
    }

    @Test func `a header longer than the file is an error`() {
        #expect(throws: CheckpointError.self) { try open(bytes: [255, 0, 0, 0, 0, 0, 0, 0, 123]) }
        #expect(throws: CheckpointError.self) {
            try open(bytes: [UInt8](repeating: 255, count: 9))
        }
        #expect(throws: CheckpointError.self) { try open(bytes: [1, 2]) }
    }

    @Test func `a file of the Python package is read`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("theirs.safetensors")
        let code = """
            import sys, torch
            from safetensors.torch import save_file
            save_file({str(d): torch.arange(6, dtype=torch.float32).reshape(2, 3).to(d) for d in [
                torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e5m2,
                torch.int64, torch.uint16, torch.bool, torch.complex64]}, sys.argv[1])
            """
        let outcome = try TorchPython.run(code: code, [path])
        try #require(outcome.status == 0, "\(outcome.error)")
        let file = try SafetensorsFile(contentsOf: FilePath(path))
        #expect(file.tensors.count == 9)
        for (name, tensor) in file.tensors where !tensor.dtype.isComplex && tensor.dtype != .bool {
            #expect(name == "torch.\(tensor.dtype)")
            #expect(try tensor.array(converting: Double.self) == [0, 1, 2, 3, 4, 5])
        }
    }
}
