import TestSupport
import Testing
import TorchCheckpoint

/// Strings of Python 2 by the encoding that the caller names.
@Suite struct StringEncodingTests {
    /// `{'lr': 1, '\xe9': 2}` as Python 2 writes it.
    private let pickle =
        Array("(dS'lr'\nI1\nsS'".utf8) + Array("\\xe9'\nI2\ns.".utf8)

    private func open(_ encoding: PickleEncoding) throws -> CheckpointValue {
        try Checkpoint(bytes: pickle, options: LoadOptions(encoding: encoding)).root
    }

    @Test func `keys are texts or bytes as the encoding says`() throws {
        let reprs = try Dictionary(
            uniqueKeysWithValues: PickleEncoding.allCases.map { ($0, try open($0).pythonRepr()) })
        #expect(
            reprs == [
                .latin1: "{'lr': 1, 'é': 2}", .bytes: #"{b'lr': 1, b'\xe9': 2}"#,
                // Python refuses these two; here bytes that are no text stay bytes.
                .utf8: #"{'lr': 1, b'\xe9': 2}"#, .ascii: #"{'lr': 1, b'\xe9': 2}"#,
            ])
        #expect(try open(.latin1)["é"]?.int == 2)
        #expect(try open(.utf8)["lr"]?.int == 1)
        #expect(try open(.bytes)["lr"] == nil)
        #expect(try open(.bytes)[.other("b'lr'")]?.int == 1)
    }

    @Test func `edits find the keys that the encoding gives`() throws {
        var checkpoint = try Checkpoint(bytes: pickle, options: LoadOptions(encoding: .latin1))
        checkpoint["é"] = 3
        #expect(checkpoint.root.dictionary?.count == 2)
        #expect(checkpoint["é"]?.int == 3)
    }

    @Test func `torch's own tags are read whatever the encoding is`() throws {
        let path = Fixture.path("torch-2.13.0/view_contiguous.pth")
        for encoding in PickleEncoding.allCases {
            let checkpoint = try Checkpoint(
                contentsOf: path, options: LoadOptions(encoding: encoding))
            #expect(try !checkpoint.tensors().isEmpty)
        }
        let device = Array("ctorch\ndevice\n(S'cuda'\nI1\ntR.".utf8)
        for encoding in PickleEncoding.allCases {
            let checkpoint = try Checkpoint(
                bytes: device, options: LoadOptions(encoding: encoding))
            #expect(checkpoint.root.device?.rawValue == "cuda:1")
        }
    }

    @Test(arguments: PickleEncoding.allCases)
    func `an edited legacy file keeps its storages whatever the encoding is`(
        _ encoding: PickleEncoding
    ) throws {
        var checkpoint = try Checkpoint(
            contentsOf: Fixture.path("by_hand/python2_legacy_state_dict.pth"),
            options: LoadOptions(encoding: encoding))
        let tensors = try checkpoint.tensors().map { try $0.tensor.rowMajorBytes() }
        #expect(tensors.count == 4)
        try checkpoint.set(checkpoint.root, at: [])
        let saved = try Checkpoint(bytes: checkpoint.serialized())
        #expect(try saved.tensors().map { try $0.tensor.rowMajorBytes() } == tensors)
    }

    @Test func `kinds and contents follow the encoding`() throws {
        let text = Array("S'ab'\n.".utf8)
        for encoding in PickleEncoding.allCases {
            let value = try Checkpoint(bytes: text, options: LoadOptions(encoding: encoding)).root
            #expect(value.kind == (encoding == .bytes ? .bytes : .string))
            #expect(value.string == (encoding == .bytes ? nil : "ab"))
            #expect(value.bytes == [0x61, 0x62])
        }
    }
}
