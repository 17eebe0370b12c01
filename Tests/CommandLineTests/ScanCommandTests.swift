import Foundation
import TestSupport
import Testing

@Suite struct ScanCommandTests {
    private let folder: TemporaryFolder
    private let clean = Fixture.path("torch-2.13.0/training_checkpoint_adam.pth")
    private let dangerous = Fixture.path("not_checkpoints/pickle_os_system.pth")

    init() throws { folder = try TemporaryFolder() }

    private func json(_ arguments: String...) throws -> (status: Int32, report: JSONValue) {
        let outcome = try PTHTool.run(["scan", "--json"] + arguments)
        let report = try JSONDecoder().decode(JSONValue.self, from: Data(outcome.output.utf8))
        return (outcome.status, report)
    }

    @Test func `a clean file has status 0`() throws {
        let outcome = try PTHTool.run("scan", clean)
        #expect(outcome.status == 0)
        #expect(outcome.output == "\(clean): clean (zip)\n")
    }

    @Test func `a finding has status 1 and a line`() throws {
        let outcome = try PTHTool.run("scan", dangerous)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("\(dangerous): dangerous (zip)\n"))
        #expect(outcome.output.contains("dangerousGlobal"))
        #expect(outcome.output.contains("posix.system is called"))
    }

    @Test func `a file that can't be read has status 2, whatever the others are`() throws {
        let outcome = try PTHTool.run("scan", folder.path + "/none.pth", dangerous)
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("none.pth"))
        #expect(outcome.output.contains("dangerous"))
    }

    @Test func `the JSON has its contract`() throws {
        let (status, report) = try json(dangerous, clean)
        #expect(status == 1)
        let file = try #require(report["files"]?.array?.first)
        #expect(file["file"]?.string == dangerous)
        #expect(file["format"]?.string == "zip")
        #expect(file["verdict"]?.string == "dangerous")
        let global = try #require(file["globals"]?.array?.first)
        #expect(global["name"]?.string == "posix.system")
        #expect(global["verdict"]?.string == "dangerous")
        #expect(global["uses"]?.array?.map(\.string) == ["called"])
        #expect(global["record"]?.string == "archive/data.pkl")
        #expect(global["offset"]?.int == 2)
        let finding = try #require(file["findings"]?.array?.first)
        #expect(finding["code"]?.string == "dangerousGlobal")
        #expect(finding["severity"]?.string == "danger")
        #expect(report["totals"]?["files"]?.int == 2)
        #expect(report["totals"]?["clean"]?.int == 1)
    }

    @Test func `a folder is searched, and what is no checkpoint is passed over`() throws {
        let deep = folder.path + "/a/b"
        let manager = FileManager.default
        try manager.createDirectory(atPath: deep, withIntermediateDirectories: true)
        try manager.copyItem(atPath: dangerous, toPath: deep + "/model.txt")
        try manager.copyItem(atPath: clean, toPath: folder.path + "/run.pth")
        try "# A heading\n".write(
            toFile: folder.path + "/README.md", atomically: true, encoding: .utf8)
        try manager.createSymbolicLink(
            atPath: deep + "/around", withDestinationPath: folder.path)
        let (status, report) = try json(folder.path)
        #expect(status == 1)
        #expect(
            report["files"]?.array?.map { $0["file"]?.string ?? "" }.sorted()
                == [deep + "/model.txt", folder.path + "/run.pth"])
        #expect(report["totals"]?["skipped"]?.int == 1)
    }

    // No path leads to the innermost folders, whoever asks.
    @Test func `a folder that can't be looked into has status 2`() throws {
        let made = try Measurement(
            of: TorchPython.executable,
            [
                "-c",
                """
                import os
                os.chdir(\"\(folder.path)\")
                for _ in range(20):
                    os.mkdir("d" * 250)
                    os.chdir("d" * 250)
                """,
            ])
        try #require(made.status == 0)
        defer { _ = try? Measurement(of: "/bin/rm", ["-rf", folder.path]) }
        try FileManager.default.copyItem(atPath: clean, toPath: folder.path + "/run.pth")
        let outcome = try PTHTool.run("scan", folder.path)
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("can't be looked into"), "\(outcome.error)")
        #expect(outcome.output.contains("1 files: "), "\(outcome.output)")
    }

    @Test func `a file that is no checkpoint is a finding when it is named`() throws {
        let path = folder.path + "/README.md"
        try "# A heading\n".write(toFile: path, atomically: true, encoding: .utf8)
        let outcome = try PTHTool.run("scan", path)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("unrecognizedFormat"))
    }

    @Test func `names can't steer the terminal`() throws {
        let path = folder.path + "/escape.pkl"
        try Data("cm\u{1B}[31m\nf\n.".utf8).write(to: URL(fileURLWithPath: path))
        let outcome = try PTHTool.run("scan", path)
        #expect(!outcome.output.contains("\u{1B}"))
        #expect(outcome.output.contains("\\u{1b}"))
    }
}

@Suite struct VerifyCommandTests {
    private func verify(_ file: String, _ arguments: String...) throws -> (Int32, JSONValue) {
        let outcome = try PTHTool.run(["verify", "--json", Fixture.path(file)] + arguments)
        let report = try JSONDecoder().decode(JSONValue.self, from: Data(outcome.output.utf8))
        return (outcome.status, report)
    }

    private func outcomes(_ report: JSONValue) -> [String: String] {
        let checks = report["checks"]?.array ?? []
        let pairs = checks.map { ($0["name"]?.string ?? "", $0["outcome"]?.string ?? "") }
        return Dictionary(pairs) { first, _ in first }
    }

    @Test func `a whole checkpoint passes every check`() throws {
        let (status, report) = try verify("torch-2.13.0/training_checkpoint_adam.pth", "--numbers")
        #expect(status == 0 && report["passed"]?.bool == true)
        let outcomes = outcomes(report)
        for name in [
            "opening", "checksums", "tensors", "storages", "records", "alignment", "numbers",
            "weights_only", "mmap",
        ] {
            #expect(outcomes[name] == "passed", "\(name)")
        }
    }

    @Test(arguments: [
        ("torch-2.13.0/container_wrong_crc.pth", "checksums"),
        ("not_checkpoints/tensor_past_storage.pth", "tensors"),
        ("not_checkpoints/tensor_numel_too_large.pth", "opening"),
        ("not_checkpoints/zip_damaged_deflate.pth", "opening"),
        ("torch-2.13.0/container_no_version.pth", "records"),
    ])
    func `what is wrong fails its check, with status 1`(_ file: String, _ check: String) throws {
        let (status, report) = try verify(file)
        #expect(status == 1 && report["passed"]?.bool == false)
        #expect(outcomes(report)[check] == "failed")
    }

    @Test(arguments: [
        ("torch-2.13.0/modules_linear.pth", "weights_only"),
        ("torch-2.13.0/modules_linear.pth", "mmap"),
        ("torch-2.13.0/container_deflated.pth", "mmap"),
        ("torch-2.13.0/legacy_uint16.pth", "mmap"),
    ])
    func `what torch would not load is noted, with status 0`(_ file: String, _ check: String) throws
    {
        let (status, report) = try verify(file)
        #expect(status == 0)
        #expect(outcomes(report)[check] == "noted")
    }

    @Test func `NaNs are counted when they are asked for`() throws {
        let file = "torch-2.13.0/printing.pth"
        let (status, report) = try verify(file, "--numbers")
        #expect(status == 0)
        #expect(outcomes(report)["numbers"] == "noted")
        #expect(report["nonFinite"]?.array?.isEmpty == false)
        #expect(try verify(file).1["nonFinite"]?.array?.isEmpty == true)
    }

    @Test func `the report for people has a line for each check`() throws {
        let outcome = try PTHTool.run(
            "verify", Fixture.path("torch-2.13.0/training_checkpoint_adam.pth"))
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("passed  checksums"))
        #expect(outcome.output.contains("27 tensors lie inside their storages"))
    }
}
