import Foundation

/// What a script of `PythonFixtures` writes into a folder: files, and what they are in
/// `cases.json`.
package struct PythonCases: Sendable {
    package let folder: TemporaryFolder
    package let json: JSONValue

    /// The cases, when they are an array by themselves.
    package var rows: [JSONValue] { json.array ?? [] }

    package init(script: String) throws {
        folder = try TemporaryFolder()
        let outcome = try TorchPython.run(script: script, [folder.path])
        guard outcome.status == 0 else {
            throw ScriptFailure(description: "\(script): \(outcome.error.suffix(2000))")
        }
        let text = try Data(contentsOf: URL(fileURLWithPath: folder.path("cases.json")))
        json = try JSONDecoder().decode(JSONValue.self, from: text)
    }

    private struct ScriptFailure: Error, CustomStringConvertible {
        let description: String
    }
}
