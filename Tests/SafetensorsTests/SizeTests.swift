import ByteIO
import OrderedCollections
import Safetensors
import SystemPackage
import Tensors
import TestSupport
import Testing

/// Numbers in a header at and around the largest of 31, 32, 63 and 64 bits.
@Suite struct SizeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Writes the length of a header, the header, and data that are a hole but for their end.
    private func write(
        count: UInt64? = nil, _ header: String, hole: Int = 0, _ end: [UInt8]
    ) throws -> FilePath {
        let count = count ?? UInt64(header.utf8.count)
        let head = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8)
        let path = FilePath(try folder.write("x.safetensors", head))
        let file = try FileDescriptor.open(path, .writeOnly)
        try file.closeAfter {
            _ = try file.writeAll(toAbsoluteOffset: Int64(head.count + hole), end)
        }
        return path
    }

    @Test(arguments: [(1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 32) + 1])
    func `a tensor of 2³¹ or 2³² bytes is read, and what is behind it`(_ count: Int) throws {
        let path = try write(
            #"{"x":{"dtype":"U8","shape":[\#(count)],"data_offsets":[0,\#(count)]},"#
                + #""y":{"dtype":"U8","shape":[3],"data_offsets":[\#(count),\#(count + 3)]}}"#,
            hole: count, [1, 2, 3])
        let file = try SafetensorsFile(contentsOf: path)
        #expect(file.tensors["x"]?.byteCount == count)
        #expect(try file.tensors["y"]?.array(of: UInt8.self) == [1, 2, 3])
    }

    @Test(arguments: [3, 100_000_000, 100_000_001, 1 << 31, 1 << 32, 1 << 63, .max] as [UInt64])
    func `a header that is longer than the file is refused`(_ count: UInt64) throws {
        let path = try write(count: count, "{}", [])
        #expect(throws: CheckpointError(.invalidSafetensors, "")) {
            try SafetensorsFile(contentsOf: path)
        }
        let right = try write("{}", [])
        #expect(try SafetensorsFile(contentsOf: right).tensors.isEmpty)
    }

    @Test(arguments: [
        ("U8", "[2]", "[0,4294967298]"), ("U8", "[2]", "[4294967296,4294967298]"),
        ("U8", "[2]", "[0,9223372036854775807]"), ("U8", "[2]", "[0,9223372036854775808]"),
        ("U8", "[2]", "[0,18446744073709551618]"), ("U8", "[4294967298]", "[0,2]"),
        ("U8", "[9223372036854775807]", "[0,2]"), ("U16", "[4611686018427387905]", "[0,2]"),
        ("U8", "[18446744073709551618]", "[0,2]"), ("U8", "[4294967296,4294967296,2]", "[0,2]"),
    ])
    func `numbers that the file can't have are refused`(
        _ dtype: String, _ shape: String, _ offsets: String
    ) throws {
        let path = try write(
            #"{"x":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#, [1, 2])
        let error = #expect(throws: CheckpointError.self) {
            try SafetensorsFile(contentsOf: path)
        }
        let codes: [CheckpointError.Code] = [
            .invalidSafetensors, .numberOutOfRange, .truncated, .invalidTensor,
        ]
        #expect(error.map { codes.contains($0.code) } == true, "\(String(describing: error))")
    }
}
