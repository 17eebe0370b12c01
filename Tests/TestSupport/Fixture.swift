import Foundation

/// A file of `PythonFixtures/files` and what torch reads from it.
package struct Fixture: Sendable, CustomStringConvertible {
    /// The path below `PythonFixtures/files`.
    package let name: String
    /// The row of the manifest.
    package let row: JSONValue

    package var description: String { name }
    /// The path of the file.
    package var path: String { Self.path(name) }
    /// zip, legacy, tar, torchscript, pickle or broken.
    package var format: String { row["format"]?.string ?? "" }
    /// What torch says when it can't read the file.
    package var error: String? { row["error"]?.string }
    /// The rows of tensors.
    package var tensors: [JSONValue] { row["tensors"]?.array ?? [] }
    /// The rows of other values.
    package var values: [JSONValue] { row["values"]?.array ?? [] }

    /// Whether the file belongs to the matrix of kinds: `KindMatrixTests`.
    package var isOfKindMatrix: Bool {
        let base = name.split(separator: "/").last ?? ""
        let prefixes = ["kinds_", "modules_", "python_", "python2_", "tar_", "exported_"]
        return prefixes.contains { base.hasPrefix($0) }
            || (base.hasPrefix("torchscript_") && base != "torchscript_small.pt")
    }

    /// The bytes of the file.
    package func bytes() throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// All rows of the manifest.
    ///
    /// Tests that read none of them must fail, so a missing or unreadable
    /// manifest stops the run.
    package static let all: [Fixture] = {
        let url = URL(fileURLWithPath: Repository.root + "/PythonFixtures/manifest.json")
        do {
            let rows = try JSONDecoder().decode([JSONValue].self, from: Data(contentsOf: url))
            return rows.map { Fixture(name: $0["file"]?.string ?? "", row: $0) }
        } catch {
            fatalError("the manifest of the fixtures can't be read: \(error)")
        }
    }()

    /// The path of a file that has the given path below `PythonFixtures/files`.
    package static func path(_ name: String) -> String {
        Repository.root + "/PythonFixtures/files/" + name
    }

    /// The fixtures of one format that torch can read.
    package static func readable(_ format: String) -> [Fixture] {
        all.filter { $0.format == format && $0.error == nil }
    }

    /// The fixture with the given path below `PythonFixtures/files`.
    package static func named(_ name: String) throws -> Fixture {
        guard let fixture = all.first(where: { $0.name == name }) else {
            throw CocoaError(.fileNoSuchFile)
        }
        return fixture
    }
}

/// Where the package's sources are.
package enum Repository {
    /// The folder of `Package.swift`.
    package static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
