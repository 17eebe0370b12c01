import TestSupport
import Testing

/// `pth convert --format`: the container of the output.
@Suite struct ConvertFormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let zip = Fixture.path("torch-2.13.0/container_path.pth")
    private static let legacy = Fixture.path("torch-2.13.0/legacy_small.pth")
    private static let tar = Fixture.path("torch-2.13.0/container_tar.pth")
    private static let pickle = Fixture.path("pickles/tensor_inside_protocol_4.pkl")

    private func convert(_ input: String, _ options: [String]) throws -> [UInt8] {
        let outcome = try PTHTool.run(["convert", input, folder.path("out.pth")] + options)
        try #require(outcome.status == 0, "\(outcome.error)")
        return try folder.contents()["out.pth"] ?? []
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        let name = path.dropFirst(Fixture.path("").count)
        return try Fixture.named(String(name)).bytes()
    }

    @Test(arguments: [
        (zip, []), (zip, ["--format", "zip"]), (legacy, []), (legacy, ["--format", "legacy"]),
        (tar, []), (pickle, []),
    ])
    func `the format that a file has already makes a copy`(
        _ input: String, _ options: [String]
    ) throws {
        #expect(try convert(input, options) == bytes(input))
    }

    @Test(arguments: [
        (zip, ["--format", "legacy"], "legacy"), (legacy, ["--format", "zip"], "zip"),
        (legacy, ["--repack"], "zip"), (legacy, ["--repack", "--format", "legacy"], "legacy"),
        (legacy, ["--drop", "epoch"], "legacy"), (tar, ["--drop", "epoch"], "zip"),
        (tar, ["--format", "zip"], "zip"), (tar, ["--format", "legacy"], "legacy"),
        (pickle, ["--format", "zip"], "zip"), (pickle, ["--format", "legacy"], "legacy"),
        (legacy, ["--map-location", "cuda:0"], "legacy"),
    ])
    func `a file is written in the format that is asked for`(
        _ input: String, _ options: [String], _ format: String
    ) throws {
        let output = try convert(input, options)
        #expect(try output != bytes(input))
        let listing = try PTHTool.run("inspect", "--json", folder.path("out.pth"))
        #expect(listing.output.contains(#""format":"\#(format)""#))
    }

    @Test func `what was converted is the same to torch`() throws {
        var written = WrittenCheckpoints(in: folder)
        for (input, options, accepted) in [
            (Self.zip, ["--format", "legacy"], true), (Self.legacy, ["--format", "zip"], true),
            (Self.legacy, ["--repack", "--format", "legacy"], true),
            (Self.tar, ["--format", "zip"], false), (Self.tar, ["--format", "legacy"], false),
        ] {
            try written.convert(input, options, [], weightsOnly: accepted)
        }
        try written.check()
    }

    @Test func `safetensors become a legacy file`() throws {
        let tensors = folder.path("a.safetensors")
        #expect(try PTHTool.run("convert", Self.legacy, tensors, "--key", "state").status == 0)
        let outcome = try PTHTool.run(
            "convert", tensors, folder.path("b.pth"), "--format", "legacy")
        #expect(outcome.status == 0, "\(outcome.error)")
        let listing = try PTHTool.run("inspect", "--json", folder.path("b.pth"))
        #expect(listing.output.contains(#""format":"legacy""#))
    }
}
