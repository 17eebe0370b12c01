import TestSupport
import Testing
import TorchCheckpoint

/// Files of torch before 1.6: `Specs/archive.md`, "Legacy files".
@Suite struct LegacyReadingTests {
    private func values(_ file: LegacyBytes) throws -> [[Float]] {
        try Checkpoint(bytes: file.bytes).tensors().map { try $0.tensor.array() }
    }

    private func error(_ change: (inout LegacyBytes) -> Void) -> CheckpointError? {
        var file = LegacyBytes.small
        change(&file)
        return thrown { _ = try Checkpoint(bytes: file.bytes).tensors() }
    }

    @Test func `a file is its tensors`() throws {
        let checkpoint = try Checkpoint(bytes: LegacyBytes.small.bytes)
        #expect(checkpoint.format == .legacy)
        #expect(try values(.small) == [[1, 2, 3]])
        #expect(try checkpoint.tensors()[0].tensor.storage.key == "k")
    }

    @Test func `a format is told without opening`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a", LegacyBytes.small.bytes)
        #expect(try FileFormat(ofFileAt: FilePath(path)) == .legacy)
        let pickle = try folder.write("b", LegacyBytes.pickled([0x4B, 1]))
        #expect(try FileFormat(ofFileAt: FilePath(pickle)) == .pickle)
    }

    @Test func `numbers are little-endian whatever the machine was`() throws {
        var file = LegacyBytes.small
        file.systemInfo = [0x7D] + LegacyBytes.text("little_endian") + [0x89, 0x73]
        #expect(try values(file) == [[1, 2, 3]])
    }

    @Test func `bytes behind the last storage are not read, as in torch`() throws {
        var file = LegacyBytes.small
        file.trailer = [1, 2, 3]
        #expect(try values(file) == [[1, 2, 3]])
        var checkpoint = try Checkpoint(bytes: file.bytes)
        try checkpoint.set(checkpoint.root, at: [])
        #expect(try checkpoint.serialized().suffix(3) == [1, 2, 3])
    }

    @Test func `a storage that is part of another one is by itself, with the same bytes`() throws {
        let checkpoint = try Checkpoint(bytes: LegacyBytes.view().bytes)
        let tensors = try checkpoint.tensors().map(\.tensor)
        #expect(try tensors.map { try $0.array() as [Float] } == [[1, 2, 3], [2, 3]])
        #expect(tensors[1].storage.key == "v")
        #expect(tensors[1].storage.byteCount == 8)
    }

    @Test func `a part that is none is refused`() throws {
        let files: [LegacyBytes] = [
            .view(offset: 2), .view(offset: -1), .view(count: -1), .view(offset: 0, count: 4),
            .view(rootCount: 4), .view(key: "k"), .view(offset: .max, count: .max),
        ]
        for file in files {
            let error: CheckpointError? = thrown { _ = try Checkpoint(bytes: file.bytes) }
            #expect(error?.code == .invalidStorage)
            #expect(error?.offset ?? 0 >= file.objectOffset || error?.offset == nil)
        }
    }

    @Test func `persistent ids of five items are read`() throws {
        var file = LegacyBytes.small
        let storage = LegacyBytes.storage(key: "k", count: 3, view: nil)
        file.objects = [LegacyBytes.tensor(storage, count: 3)]
        #expect(try values(file) == [[1, 2, 3]])
    }

    @Test func `whatever does not agree is refused`() {
        let none = LegacyBytes.text("nowhere") + [0x51]
        let twice = LegacyBytes.tensor(LegacyBytes.storage(key: "x", count: 3), count: 3)
        let refusals: [(CheckpointError.Code, (inout LegacyBytes) -> Void)] = [
            (.unsupportedFormat, { $0.version = [0x4D, 0xE8, 0x03] }),
            (.invalidStorage, { $0.storages[0].count = 2 }),
            (.truncated, { $0.storages[0].count = 4 }),
            (.invalidStorage, { $0.storages[0].count = -1 }),
            (.truncated, { $0.storages[0].count = 1 << 40 }),
            (.numberOutOfRange, { $0.storages[0].count = .max }),
            (.truncated, { $0.storages[0].bytes.removeLast() }),
            (.truncated, { $0.storages = [] }),
            (.missingRecord, { $0.keys = [] }),
            (.missingRecord, { $0.keys = ["x"] }),
            (.invalidStorage, { $0.keys = ["k", "x"] }),
            (.duplicateRecord, { $0.keys = ["k", "k"] }),
            (.missingRecord, { $0.objects.append(twice) }),
            (.invalidStorage, { $0.objects.append(none) }),
        ]
        for (place, refusal) in refusals.enumerated() {
            #expect(error(refusal.1)?.code == refusal.0, "\(place)")
            #expect(error(refusal.1)?.advice != nil, "\(place)")
        }
        #expect(error { _ in } == nil)
    }

    @Test func `code that hides beside the object is refused`() {
        let call = LegacyBytes.global("os", "system") + [0x30]
        let refusals: [(inout LegacyBytes) -> Void] = [
            { $0.systemInfo = call + $0.systemInfo }, { $0.version = call + $0.version },
        ]
        for refusal in refusals { #expect(error(refusal)?.code == .malformedPickle) }
        #expect(error { $0.systemInfo = [0x4E, 0x30] + $0.systemInfo } == nil)
    }

    @Test func `an error has its place in the file`() {
        var file = LegacyBytes.small
        let start = file.objectOffset
        file.objects = [LegacyBytes.text("nowhere") + [0x51]]
        let error: CheckpointError? = thrown { _ = try Checkpoint(bytes: file.bytes) }
        // PROTO, EMPTY_LIST, MARK and the text are before the instruction.
        #expect(error?.offset == start + 4 + LegacyBytes.text("nowhere").count)
    }

    @Test func `a class with its source is the class`() throws {
        let fixture = try Fixture.named("torch-2.13.0/legacy_module.pth")
        let checkpoint = try Checkpoint(contentsOf: fixture.path)
        #expect(checkpoint.root.typeName.description == "torch.nn.modules.container.Sequential")
        let error: CheckpointError? = thrown {
            _ = try Checkpoint(
                contentsOf: fixture.path, options: LoadOptions(globals: .weightsOnly))
        }
        #expect(error?.code == .forbiddenGlobal)
        #expect(error?.reason.contains("torch.nn.modules.container.Sequential") == true)
        let other = try Checkpoint(checkpoint.root)
        let names = try Checkpoint(bytes: other.serialized(options: SaveOptions(globals: .inert)))
            .graph.globalNames.map(\.description)
        #expect(names.contains("torch.nn.modules.container.Sequential"))
    }
}

/// What is cut off or damaged is an error or a valid reading, never a trap.
@Suite struct LegacyDamageTests {
    private static let names = [
        "torch-2.13.0/legacy_small.pth", "torch-2.13.0/legacy_module.pth",
        "torch-2.13.0/container_tar.pth", "pickles/tensor_inside_protocol_2.pkl",
        "pickles/tensor_inside_protocol_4.pkl",
    ]

    private func readAll(_ bytes: [UInt8], _ about: String) {
        do {
            let checkpoint = try Checkpoint(bytes: bytes)
            for entry in try checkpoint.tensors() where entry.tensor.byteCount < 1 << 13 {
                _ = try entry.tensor.rowMajorBytes()
            }
            for layout in [SaveOptions.Layout.current, .legacy] {
                let options = SaveOptions(layout: layout, globals: .inert)
                _ = Result { try checkpoint.serialized(options: options) }
            }
        } catch let error as CheckpointError {
            #expect(!error.reason.isEmpty, "\(about)")
        } catch {
            Issue.record(error, "\(about)")
        }
    }

    @Test(arguments: [
        "torch-2.13.0/legacy_small.pth", "torch-2.1.2/legacy_views.pth",
        "torch-2.13.0/legacy_cuda.pth",
    ])
    func `a file that is cut off anywhere is refused`(_ name: String) throws {
        let bytes = try Fixture.named(name).bytes()
        for count in bytes.indices {
            let error: CheckpointError? = thrown { _ = try Checkpoint(bytes: bytes.prefix(count)) }
            #expect(error?.advice?.isEmpty == false, "\(count)")
        }
    }

    @Test func `a tar that is cut off anywhere inside its members is refused`() throws {
        let bytes = try Fixture.named("torch-2.13.0/container_tar.pth").bytes()
        let last = try #require(bytes.lastIndex { $0 != 0 })
        for count in 0...last {
            let error: CheckpointError? = thrown { _ = try Checkpoint(bytes: bytes.prefix(count)) }
            #expect(error?.reason.isEmpty == false, "\(count)")
        }
        #expect(try Checkpoint(bytes: bytes).tensors().count == 3)
    }

    @Test(arguments: names)
    func `a changed byte is no trap`(_ name: String) throws {
        var bytes = try Fixture.named(name).bytes()
        let seed: UInt64 = 1989
        var random = SeededGenerator(seed: seed)
        for offset in bytes.indices where offset < 4096 || bytes[offset] != 0 {
            let original = bytes[offset]
            bytes[offset] = UInt8.random(in: 0...255, using: &random)
            readAll(bytes, "\(name), byte \(offset) is \(bytes[offset]), seed \(seed)")
            bytes[offset] = original
        }
    }
}
