import ByteIO
import Foundation
import TestSupport
import Testing
import TorchCheckpoint
import ZipArchive

/// The JSON that describes programs.
@Suite struct ProgramJSONTests {
    private func archive(_ records: KeyValuePairs<String, String>) throws -> [UInt8] {
        var writer = ZipArchiveWriter(MemorySink())
        for (name, text) in records {
            let contents = try ByteRegion(copying: Array(text.utf8))
            try writer.write("root/\(name)", contents.bytes)
        }
        return try writer.finish().bytes
    }

    /// A module of 2019.
    private func open(module text: String) throws -> Checkpoint {
        try Checkpoint(bytes: archive(["version": "1\n", "model.json": text]))
    }

    private static let list = "data/weights/model_weights_config.json"

    /// An exported program with tensors of two bytes in one record.
    private func open(tensors: String) throws -> Checkpoint {
        try Checkpoint(
            bytes: archive([
                "archive_format": "pt2", "models/model.json": "{}",
                Self.list: "{\"config\": {\(tensors)}}", "data/weights/weight_0": "ab",
                "data/constants/model_constants_config.json": "{\"config\": {}}",
            ]))
    }

    private func tensor(_ name: String, size: String = "2", offset: String = "0") -> String {
        """
        "\(name)" : {"path_name": "weight_0", "is_param": false, "use_pickle": false,
        "tensor_meta": {"dtype": 1, "sizes": [{"as_int": \(size)}], "strides": [{"as_int": 1}],
        "storage_offset": {"as_int": \(offset)}, "requires_grad": false,
        "device": {"type": "cpu", "index": null}, "layout": 7}}
        """
    }

    private func refusal(_ body: () throws -> Checkpoint) -> CheckpointError? {
        thrown { _ = try body() }
    }

    @Test func `the order of an exported state dict is torch's`() throws {
        let row = try ProgramCases.named("order.pt2")
        let (found, expected) = try (row.checkpoint().stateDict(), row.expected())
        #expect(expected.names.contains("größe") && expected.names != expected.names.sorted())
        try found.expectSame(as: expected, row.file)
        #expect(try found.tensor("b").storage === found.tensor("z").storage)
    }

    @Test func `the order is that of the text, however names are written`() throws {
        let names = ["z", "config", #"\u0061"#, #"q\"{:"#, "path_name", "é", #"back\\"#, "as_int"]
        let checkpoint = try open(tensors: names.map { tensor($0) }.joined(separator: ","))
        #expect(
            try checkpoint.stateDict().names
                == ["z", "config", "a", "q\"{:", "path_name", "é", "back\\", "as_int"])
    }

    @Test(arguments: [("a", "a"), ("a", #"\u0061"#), ("\u{E9}", "e\u{301}")])
    func `a name that is there twice is refused`(_ first: String, _ second: String) throws {
        let error = refusal { try open(tensors: tensor(first) + "," + tensor(second)) }
        #expect(error?.code == .malformedJSON)
        #expect(error?.record == Self.list)
        #expect(try open(tensors: tensor(first) + "," + tensor("b")).stateDict().count == 2)
    }

    @Test func `of a field that is there twice the first counts`() throws {
        let text = #"{"mainModule":{},"producerName":"a","producerName":"b"}"#
        #expect(try open(module: text).torchScript?.producer == "a")
    }

    /// Modules inside each other.
    private func nested(_ count: Int) -> String {
        #"{"mainModule":{"# + String(repeating: #""submodules":[{"name":"m","#, count: count - 1)
            + #""submodules":[]"# + String(repeating: "}]", count: count - 1) + "}}"
    }

    @Test func `modules are read as deep as Foundation reads JSON`() throws {
        var value = try open(module: nested(255)).root
        for _ in 1..<255 { value = try #require(value["m"]) }
        #expect(value.count == 0)
        for count in [257, 100_000] {
            let error = refusal { try open(module: nested(count)) }
            #expect(error?.code == .malformedJSON, "\(count)")
            #expect(error?.record == "model.json")
        }
        for text in ["[", "{\"a\":"] {
            let error = refusal { try open(module: String(repeating: text, count: 1_000_000)) }
            #expect(error?.code == .malformedJSON)
        }
    }

    @Test func `a record of JSON that is too long is refused before it is read`() throws {
        let (limit, text) = (1 << 26, #"{"mainModule":{}}"#)
        func padded(_ count: Int) -> String {
            text + String(repeating: " ", count: count - text.utf8.count)
        }
        #expect(try open(module: padded(limit)).root.count == 0)
        let error = refusal { try open(module: padded(limit + 1)) }
        #expect(error?.code == .limitExceeded)
        #expect(error?.record == "model.json")
    }

    @Test func `integers are read as numbers and as text`() throws {
        for version in ["5", "\"5\"", "5.0", "null", "-9223372036854775808"] {
            _ = try open(module: #"{"mainModule":{},"protoVersion":\#(version)}"#)
        }
        for size in ["2", "2.0", "\"2\""] {
            let tensors = try open(tensors: tensor("a", size: size)).stateDict()
            #expect(try tensors.tensor("a").shape == [2])
        }
    }

    @Test func `integers of 64 bits are exact`() throws {
        for number in ["9007199254740993", "9223372036854775807", "\"9223372036854775807\""] {
            let error = refusal {
                try open(module: #"{"mainModule":{},"protoVersion":\#(number)}"#)
            }
            #expect(error?.code == .unsupportedFormat)
            #expect(error?.reason.contains(number.filter(\.isNumber)) == true)
        }
    }

    @Test(arguments: [
        "0.5", "1e-1", "9007199254740992.5", "1.0000000000000000000001", "9223372036854775808",
        "\"9223372036854775808\"", "\"1.0\"", "\"\"", "1e400", "true", "[]", "{}", "NaN", "01",
    ])
    func `what is no integer of 64 bits is refused`(_ number: String) {
        let old = refusal { try open(module: #"{"mainModule":{},"protoVersion":\#(number)}"#) }
        #expect(old?.code == .malformedJSON && old?.record == "model.json")
        let exported = refusal { try open(tensors: tensor("a", size: "1", offset: number)) }
        #expect(exported?.code == .malformedJSON && exported?.record == Self.list)
        #expect(exported?.advice?.isEmpty == false)
    }

    @Test func `an error names the field`() {
        let error = refusal { try open(tensors: tensor("a", offset: "\"x\"")) }
        #expect(error?.reason.contains("'config.a.tensor_meta.storage_offset.as_int'") == true)
        let long = String(repeating: "n", count: 100_000)
        let shortened = refusal { try open(tensors: tensor(long, offset: "0.5")) }
        #expect(shortened.map { $0.reason.utf8.count < 1000 } == true)
    }
}
