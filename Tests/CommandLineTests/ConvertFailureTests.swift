import Foundation
import TestSupport
import Testing

/// Places where `pth convert` can't write: one line that names the file and says what to do, status
/// 1, an old file as it was, and no litter.
@Suite struct ConvertFailureTests {
    private static let names = ["out.pth", "out.safetensors"]
    private static let large = Repository.root + "/.fixtures/large_tensors.pth"
    private let folder: TemporaryFolder
    private let checkpoint = Fixture.current("training_state_dict.pth")

    init() throws { folder = try TemporaryFolder() }

    private func expectRefusal(
        _ status: Int?, _ error: String, naming output: String, advising advice: String
    ) {
        #expect(status == 1)
        #expect(error.hasPrefix("pth: \(output): "), "\(error)")
        #expect(error.contains(". \(advice)"), "\(error)")
        #expect(error.isOneLine, "\(error)")
    }

    private func expectRefusal(
        of outcome: Outcome, naming output: String, advising advice: String
    ) {
        #expect(outcome.output.isEmpty)
        expectRefusal(
            Int(outcome.status), outcome.error, naming: output, advising: advice)
    }

    @Test(arguments: names)
    func `a missing input is named`(_ name: String) throws {
        let input = folder.path("missing.pth")
        let outcome = try PTHTool.run("convert", input, folder.path(name))
        expectRefusal(of: outcome, naming: input, advising: "Check the path")
        #expect(try folder.contents().isEmpty)
    }

    @Test(arguments: names)
    func `a missing folder is not made`(_ name: String) throws {
        let output = folder.path("missing/\(name)")
        let outcome = try PTHTool.run("convert", checkpoint, output)
        expectRefusal(of: outcome, naming: output, advising: "Make the folder first")
        #expect(try folder.contents().isEmpty)
    }

    @Test(arguments: names)
    func `a folder is not replaced`(_ name: String) throws {
        let output = folder.path(name)
        try FileManager.default.createDirectory(
            atPath: output, withIntermediateDirectories: false)
        let outcome = try PTHTool.run("convert", checkpoint, output)
        expectRefusal(of: outcome, naming: output, advising: "Name a file to write")
        #expect(try FileManager.default.contentsOfDirectory(atPath: output).isEmpty)
    }

    @Test(arguments: names)
    func `a link that leads nowhere is not followed`(_ name: String) throws {
        let output = folder.path(name)
        try FileManager.default.createSymbolicLink(
            atPath: output, withDestinationPath: "missing")
        let outcome = try PTHTool.run("convert", checkpoint, output)
        expectRefusal(of: outcome, naming: output, advising: "Remove the link")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
    }

    @Test(arguments: names)
    func `a folder that is only for reading stays as it is`(_ name: String) throws {
        let output = try folder.write(name, Array("old".utf8))
        try setPermissions(0o555)
        defer { try? setPermissions(0o755) }
        for output in [output, folder.path("new-" + name)] {
            let outcome = try PTHTool.run(heedingPermissions: "convert", checkpoint, output)
            expectRefusal(of: outcome, naming: output, advising: "Name a file in a folder that")
        }
        #expect(try folder.contents() == [name: Array("old".utf8)])
    }

    private func setPermissions(_ permissions: Int) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: permissions], ofItemAtPath: folder.path)
    }

    @Test(arguments: [
        ("out.pth", []), ("out.pth", ["--repack"]), ("out.safetensors", []),
    ])
    func `a file that grows beyond the limit is an error and no crash`(
        _ name: String, _ options: [String]
    ) throws {
        _ = try folder.write(name, Array("old".utf8))
        let before = try folder.contents()
        for output in [folder.path(name), folder.path("new-" + name)] {
            let cost = try Measurement(
                of: PTHTool.executable, ["convert", Self.large, output] + options,
                within: .init(file: 1))
            expectRefusal(cost.status, cost.error, naming: output, advising: "Name a file on")
            #expect(cost.error.contains("ulimit -f"))
        }
        #expect(try folder.contents() == before)
    }

    #if os(Linux)
        private static let canMount: Bool = {
            guard let folder = try? TemporaryFolder() else { return false }
            return (try? mount(at: folder.path)) != nil
                && (try? run("/bin/umount", [folder.path]))?.status == 0
        }()

        /// Mounts a file system of memory with room for 1 MiB.
        private static func mount(at path: String) throws {
            let arguments = ["-t", "tmpfs", "-o", "size=1m", "none", path]
            try #require(run("/bin/mount", arguments).status == 0)
        }

        @Test(
            .enabled(if: canMount, "mounting takes root; the limit of file sizes is tested anyway"),
            arguments: names)
        func `a full disk is an error`(_ name: String) throws {
            let disk = try TemporaryFolder()
            try Self.mount(at: disk.path)
            defer { _ = try? run("/bin/umount", [disk.path]) }
            _ = try disk.write(name, Array("old".utf8))
            for output in [disk.path(name), disk.path("new-" + name)] {
                let outcome = try PTHTool.run("convert", Self.large, output)
                expectRefusal(of: outcome, naming: output, advising: "Make room there")
            }
            #expect(try disk.contents() == [name: Array("old".utf8)])
        }
    #endif

    @Test func `a checkpoint may take the place of the one that is read`() throws {
        let original = try Fixture.named("torch-2.13.0/training_state_dict.pth").bytes()
        let path = try folder.write("model.pth", original)
        let link = folder.path("link.pth")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "model.pth")
        for (input, output) in [(path, path), (path, link), (link, path), (link, link)] {
            #expect(try PTHTool.run("convert", input, output).status == 0)
            #expect(try folder.contents()["model.pth"] == original)
        }
        var written = WrittenCheckpoints(in: folder)
        for (output, options, edit) in [
            (path, ["--dtype", "float16"], #"{"op": "cast", "dtype": "float16"}"#),
            (link, ["--drop", "*.bias", "--repack"], ""),
        ] {
            let before = try folder.write("before-\(options[1].count).pth", read(path))
            let outcome = try PTHTool.run(["convert", output, output] + options)
            #expect(outcome.status == 0, "\(outcome.error)")
            let after = try folder.write("after-\(options[1].count).pth", read(path))
            let removals = ["conv.bias", "norm.bias", "head.bias"].map {
                #"{"op": "remove", "path": ["\#($0)"]}"#
            }
            written.add(output, edit.isEmpty ? removals : [edit], from: before, to: after)
        }
        try written.check()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "model.pth")
    }

    private func read(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path))
    }
}
