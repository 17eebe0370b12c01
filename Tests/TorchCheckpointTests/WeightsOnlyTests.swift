import ByteIO
import Foundation
import TestSupport
import Testing
import TorchCheckpoint
import ZipArchive

/// What a refusal by the weights-only policy says, and what `TorchLoadability` says of files.
///
/// What is refused is held to torch by `WeightsOnlyDifferentialTests`.
@Suite struct WeightsOnlyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let hooks = "ccollections\nOrderedDict\n)R"
    private let storage =
        "(X\u{7}\0\0\0storagectorch\nFloatStorage\nX\u{1}\0\0\00X\u{3}\0\0\0cpuK\u{4}tQ"

    /// An archive around a pickle that is given as text, a character for each byte.
    private func archive(_ pickle: String, version: String? = "3", storage: Int = 16) throws
        -> [UInt8]
    {
        let bytes = [0x80, 2] + pickle.unicodeScalars.map { UInt8($0.value) } + [0x2E]
        var records: [(name: String, bytes: [UInt8])] = [
            ("a/data.pkl", bytes), ("a/data/0", [UInt8](repeating: 0, count: storage)),
        ]
        if let version { records.append(("a/version", Array(version.utf8))) }
        var writer = ZipArchiveWriter(MemorySink())
        for record in records {
            let contents = try ByteRegion(copying: record.bytes)
            try writer.write(record.name, contents.bytes)
        }
        return try writer.finish().bytes
    }

    private func open(_ bytes: [UInt8], _ policy: GlobalPolicy = .weightsOnly) throws -> Checkpoint
    {
        try Checkpoint(bytes: bytes, options: LoadOptions(globals: policy))
    }

    private func refusal(
        _ bytes: [UInt8], _ policy: GlobalPolicy = .weightsOnly
    ) throws -> CheckpointError {
        try #require(thrown(CheckpointError.self) { _ = try open(bytes, policy) })
    }

    private func tensor(_ size: String, requiresGrad: String = "\u{89}") -> String {
        "ctorch._utils\n_rebuild_tensor_v2\n(\(storage)K\0K\(size)\u{85}K\u{1}\u{85}\(requiresGrad)\(hooks)tR"
    }

    @Test func `a refusal has the record, the offset of the instruction and advice`() throws {
        let error = try refusal(archive("]K\u{1}0"))
        #expect(error.code == .refusedByWeightsOnly)
        #expect(error.record == "data.pkl" && error.offset == 5)
        #expect(error.reason.contains("no instruction POP") && error.advice?.isEmpty == false)
        #expect(throws: Never.self) { try open(archive("]K\u{1}0"), .inert) }
    }

    @Test func `a tensor that is not read either has its own code`() throws {
        #expect(throws: Never.self) { try open(archive(tensor("\u{4}"))) }
        let outside = try refusal(archive(tensor("\u{5}")))
        #expect(outside.code == .invalidTensor && outside.record == "data.pkl")
        #expect(throws: Never.self) { try open(archive(tensor("\u{5}")), .inert) }
    }

    @Test func `a number in the place of requires_grad is read here and refused by the policy`()
        throws
    {
        let bytes = try archive(tensor("\u{4}", requiresGrad: "K\u{1}"))
        #expect(try refusal(bytes).code == .refusedByWeightsOnly)
        #expect(try open(bytes, .inert).root.tensor().requiresGrad)
    }

    @Test(arguments: ["0", "11", nil])
    func `versions that torch does not read are refused`(_ version: String?) throws {
        let error = try refusal(archive("N", version: version))
        #expect([.refusedByWeightsOnly, .unsupportedFormat].contains(error.code))
        #expect(throws: Never.self) { try open(archive("N", version: "10")) }
    }

    @Test(arguments: [
        "torch-2.13.0/torchscript_small.pt", "by_hand/tar_sharing.pth",
        "pickles/batches_protocol_2.pkl",
    ])
    func `files that torch does not load so are refused`(_ name: String) throws {
        let path = try Fixture.named(name).path
        #expect(throws: CheckpointError(.refusedByWeightsOnly, "")) {
            try Checkpoint(contentsOf: path, options: LoadOptions(globals: .weightsOnly))
        }
    }

    @Test func `an end record in the comment is refused, for torch reads that one`() throws {
        let end = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 1, count: 30)
        #expect(try refusal(archive("N") + end).code == .refusedByWeightsOnly)
        #expect(throws: Never.self) { try open(archive("N") + end, .inert) }
        #expect(throws: Never.self) { try open(archive("N") + end.dropFirst()) }
    }

    @Test func `the device that a storage is mapped to counts`() throws {
        let bytes = try archive(
            tensor("\u{4}").replacing("X\u{3}\0\0\0cpu", with: "X\u{3}\0\0\0foo"))
        #expect(try refusal(bytes).code == .refusedByWeightsOnly)
        let mapped = LoadOptions(mapLocation: .cpu, globals: .weightsOnly)
        #expect(throws: Never.self) { try Checkpoint(bytes: bytes, options: mapped) }
    }

    @Test func `an added class is called and given a state, and filled as nothing else is`() throws
    {
        let policy = GlobalPolicy.weightsOnly.adding("m.Class")
        #expect(throws: Never.self) { try open(archive("cm\nClass\n)\u{81}}b"), policy) }
        #expect(throws: Never.self) { try open(archive("cm\nClass\nK\u{1}\u{85}R"), policy) }
        #expect(
            try refusal(archive("cm\nClass\n)\u{81}K\u{1}a"), policy).code == .refusedByWeightsOnly)
        #expect(try refusal(archive("cm\nClass\n)\u{81}}b")).code == .forbiddenGlobal)
    }

    @Test func `an object of numpy dtype needs the class that it is of`() throws {
        let pickle = "cnumpy\ndtype\n(X\u{2}\0\0\0f8\u{89}\u{88}tR(K\u{3}tb"
        let policy = GlobalPolicy.weightsOnly.adding("numpy.dtype")
        #expect(try refusal(archive(pickle), policy).code == .forbiddenGlobal)
        let both = policy.adding("numpy.dtypes.Float64DType")
        #expect(throws: Never.self) { try open(archive(pickle), both) }
    }

    @Test func `names of Python 2 are renamed as torch does, which is less than Python does`() {
        let policy = GlobalPolicy.weightsOnly.adding("pickle.loads", "copyreg._reconstructor")
        #expect(policy.accepts(GlobalName(module: "copy_reg", name: "_reconstructor")))
        #expect(!policy.accepts(GlobalName(module: "cPickle", name: "loads")))
    }

    @Test func `calls that go through the same elements over and over end`() throws {
        let many = String(repeating: "K\u{1}", count: 20_000)
        let calls = String(repeating: "cbuiltins\nset\nh\0\u{85}R", count: 2000)
        let error = try refusal(archive("](](\(many)eq\0\(calls)e"))
        #expect(error.code == .limitExceeded)
    }

    // MARK: TorchLoadability

    private func loadability(_ bytes: [UInt8]) throws -> TorchLoadability {
        try TorchLoadability(contentsOf: FilePath(folder.write("file.pth", bytes)))
    }

    @Test func `what loads, loads mapped`() throws {
        let found = try loadability(archive(tensor("\u{4}")))
        #expect(found.weightsOnly.isLoaded && found.memoryMapped.isLoaded)
    }

    @Test func `deflated storages are misread when they are mapped`() throws {
        let path = Fixture.path("torch-2.13.0/container_deflated.pth")
        let found = try TorchLoadability(contentsOf: FilePath(path))
        #expect(found.weightsOnly.isLoaded)
        guard case .misread(let reason) = found.memoryMapped else {
            Issue.record("\(found.memoryMapped)")
            return
        }
        #expect(reason.contains("deflated"))
    }

    @Test func `a storage that is shorter than it says is read beyond its end when it is mapped`()
        throws
    {
        let found = try loadability(archive(tensor("\u{4}"), storage: 12))
        guard case .refused(let error) = found.weightsOnly, case .misread = found.memoryMapped
        else {
            Issue.record("\(found)")
            return
        }
        #expect(error.code == .invalidStorage)
    }

    @Test func `legacy files are not mapped`() throws {
        let path = Fixture.path("torch-2.13.0/legacy_views.pth")
        let found = try TorchLoadability(contentsOf: FilePath(path))
        #expect(found.weightsOnly.isLoaded && !found.memoryMapped.isLoaded)
    }

    @Test func `a file that is not there is an error, and one that is no checkpoint an outcome`()
        throws
    {
        #expect(throws: CheckpointError(.fileSystem, "")) {
            try TorchLoadability(contentsOf: FilePath(folder.path("none.pth")))
        }
        guard case .refused(let error) = try loadability(Array("hello".utf8)).weightsOnly else {
            Issue.record("a text is loaded")
            return
        }
        #expect(error.path == folder.path("file.pth"))
    }
}
