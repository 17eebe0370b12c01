import Foundation
import TestSupport
import Testing

/// What a process may have no more of: one line and status 1, and an old file as it was.
@Suite struct ResourceTests {
    private let folder: TemporaryFolder
    private let small = Fixture.path("torch-2.13.0/training_checkpoint_adam.pth")

    init() throws { folder = try TemporaryFolder() }

    /// A checkpoint of as many MiB as there are tensors.
    private func checkpoint(_ count: Int) throws -> String {
        let code = """
            import sys, torch
            torch.save({f"t{i}": torch.full((1 << 18,), i / 3) for i in range(int(sys.argv[2]))},
                sys.argv[1])
            """
        let path = folder.path("large.pth")
        let made = try TorchPython.run(code: code, [path, "\(count)"])
        try #require(made.status == 0, "\(made.error)")
        return path
    }

    /// Runs `pth` within bounds and holds a failure to its form.
    @discardableResult
    private func run(
        _ arguments: [String], within bounds: TestSupport.Measurement.Bounds
    ) throws -> TestSupport.Measurement {
        let output = arguments[0] == "convert" ? arguments[2] : nil
        if let output { try Data("old".utf8).write(to: URL(fileURLWithPath: output)) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let outcome = try TestSupport.Measurement(of: PTHTool.executable, arguments, within: bounds)
        #expect([0, 1].contains(outcome.status), "\(arguments): \(outcome)")
        guard outcome.status == 1 else { return outcome }
        #expect(outcome.error.hasPrefix("pth: ") && outcome.error.isOneLine, "\(outcome)")
        if let output {
            #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == Data("old".utf8))
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names)
        return outcome
    }

    private func conversions(of path: String) -> [[String]] {
        let output = ["out.pth", "out.safetensors"].map(folder.path)
        return [
            ["convert", path, output[0]], ["convert", path, output[0], "--repack"],
            ["convert", path, output[1]],
        ]
    }

    // Three of them are the standard ones.
    @Test func `four open files are enough for every command`() throws {
        for command in [
            ["inspect", small], ["inspect", small, "--buffered"], ["show", small, "epoch"],
            ["scan", small], ["verify", small],
        ] + conversions(of: small) {
            #expect(try run(command, within: .init(open: 4)).status == 0, "\(command)")
        }
    }

    @Test func `an output that may not grow so large is an error`() throws {
        let path = try checkpoint(8)
        for command in conversions(of: path) {
            let outcome = try run(command, within: .init(file: 2))
            #expect(outcome.status == 1)
            #expect(outcome.error.contains("File too large"), "\(outcome)")
        }
    }

    #if os(Linux)
        @Test func `a file that has no room in the process is an error`() throws {
            let path = try checkpoint(200)
            for command in [["inspect", path], ["show", path, "t0"]] + conversions(of: path) {
                let outcome = try run(command, within: .init(memory: 180))
                #expect(outcome.status == 1)
                #expect(outcome.error.contains("can't be mapped into memory"), "\(outcome)")
            }
            let outcome = try run(["inspect", path, "--buffered"], within: .init(memory: 180))
            #expect(outcome.error.contains("bytes of memory are not to be had"), "\(outcome)")
        }

        @Test func `a mapped file takes no memory, a buffered one is refused what it has not`()
            throws
        {
            let path = try checkpoint(64)
            for command in [["inspect", path], ["show", path, "t0"]] + conversions(of: path) {
                #expect(try run(command, within: .init(data: 40)).status == 0, "\(command)")
            }
            for command in [["inspect", path], ["show", path, "t0"]] {
                let outcome = try run(command + ["--buffered"], within: .init(data: 40))
                #expect(outcome.status == 1)
                #expect(outcome.error.contains("Open it mapped"), "\(outcome)")
            }
            #expect(try run(["inspect", path, "--buffered"], within: .init(data: 200)).status == 0)
        }

        // Threads have no room either; what they would have helped with is done without them.
        @Test func `memory that is refused in the middle of a conversion is an error`() throws {
            let code = """
                import sys, torch
                torch.save(torch.full((4 << 20,), 1 / 3), sys.argv[1])
                """
            let path = folder.path("large.pth")
            try #require(try TorchPython.run(code: code, [path]).status == 0)
            let command = ["convert", path, folder.path("out.pth"), "--dtype", "bfloat16"]
            let refused = try run(command, within: .init(seconds: 60, data: 14))
            #expect(refused.status == 1)
            #expect(refused.error.contains("bytes of memory are not to be had"), "\(refused)")
            #expect(try run(command, within: .init(seconds: 60, data: 60)).status == 0)
        }
    #endif

    @Test func `a result that can't be told is an error`() throws {
        for command in [["inspect", small], ["inspect", small, "--json"], ["show", small]] {
            let outcome = try PTHTool.run(inShell: #""$@" > /dev/full"#, command)
            #expect(outcome.status == 1 && outcome.error.isOneLine, "\(outcome)")
        }
    }

    @Test func `--buffered changes no result`() throws {
        for command in [
            ["inspect", small], ["inspect", small, "--json", "--digest"],
            ["show", small, "model_state_dict", "head.bias"], ["scan", small, "--json"],
            ["verify", small, "--json"],
        ] {
            #expect(
                try PTHTool.run(command).output == PTHTool.run(command + ["--buffered"]).output)
        }
        let (mapped, buffered) = (folder.path("mapped.pth"), folder.path("buffered.pth"))
        for (path, options) in [(mapped, []), (buffered, ["--buffered"])] {
            #expect(try PTHTool.run(["convert", small, path] + options).status == 0)
        }
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: mapped))
                == Data(contentsOf: URL(fileURLWithPath: buffered)))
        let (first, second) = (folder.path("1.safetensors"), folder.path("2.safetensors"))
        #expect(try PTHTool.run("convert", small, first).status == 0)
        #expect(try PTHTool.run("convert", first, second, "--buffered").status == 0)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: first))
                == Data(contentsOf: URL(fileURLWithPath: second)))
    }
}
