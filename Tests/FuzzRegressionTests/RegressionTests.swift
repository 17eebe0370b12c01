import Foundation
import FuzzTargets
import TestSupport
import Testing

/// The inputs that fuzzing has found something with, through their targets once more.
@Suite struct RegressionTests {
    struct Input: CustomStringConvertible, Sendable {
        let target: String
        let path: String

        var description: String { path }
    }

    private static let folder = Repository.root + "/Tests/Regressions"

    static let inputs: [Input] = {
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        return (paths ?? []).filter { $0.hasSuffix(".bin") }.sorted().map {
            Input(target: String($0.prefix { $0 != "/" }), path: $0)
        }
    }()

    // A broken promise ends the process: the last input that the log names is the one.
    @Test(arguments: inputs)
    func `what was found once is refused or read`(_ input: Input) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == input.target })
        let bytes = try Array(Data(contentsOf: URL(filePath: "\(Self.folder)/\(input.path)")))
        let seconds = threadSeconds { target.run(bytes) }
        // libFuzzer's limit for a hang, in a debug build.
        #expect(seconds < 10, "\(input.path)")
    }

    @Test func `each finding has a file and each file says what it was`() throws {
        let table = try String(contentsOfFile: Self.folder + "/README.md", encoding: .utf8)
        #expect(!Self.inputs.isEmpty)
        for input in Self.inputs {
            #expect(table.contains("`\(input.path)`"), "\(input.path) has no row")
        }
    }

    @Test(arguments: FuzzTarget.all.map(\.name))
    func `a target takes any bytes`(_ name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        for bytes in [[], [0], Array("PK\u{5}\u{6}".utf8), [UInt8](repeating: 0, count: 2048)] {
            target.run(bytes)
        }
    }
}
