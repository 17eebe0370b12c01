import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// What `PythonFixtures/torchscript_cases.py` wrote, once for all tests.
enum ProgramCases {
    /// A file, and what torch reads from it.
    struct Case: CustomStringConvertible {
        let row: JSONValue
        let folder: TemporaryFolder

        var description: String { file }
        var file: String { row["file"]?.string ?? "" }
        var kind: String { row["kind"]?.string ?? "" }
        var path: String { folder.path(file) }

        func bytes() throws -> [UInt8] { try Array(Data(contentsOf: URL(fileURLWithPath: path))) }

        func checkpoint() throws -> Checkpoint { try Checkpoint(contentsOf: path) }

        /// The state dict that torch has of the whole program, or of a part of it.
        func expected(_ part: String? = nil) throws -> StateDict {
            try Checkpoint(contentsOf: folder.path("\(file).\(part ?? "expected").pth")).stateDict()
        }
    }

    private static let written = Result { try PythonCases(script: "torchscript_cases.py") }

    /// The cases of some kinds: script, export, old.
    static func all(_ kinds: String...) throws -> [Case] {
        let written = try written.get()
        let cases = (written.json["cases"]?.array ?? [])
            .map { Case(row: $0, folder: written.folder) }
            .filter { kinds.contains($0.kind) || kinds.isEmpty }
        try #require(cases.count > 1)
        return cases
    }

    static func named(_ file: String) throws -> Case {
        try #require(try all().first { $0.file == file })
    }

    /// The names of the files that are to be refused, and where they are.
    static func broken() throws -> (folder: TemporaryFolder, files: [String]) {
        let written = try written.get()
        return (written.folder, (written.json["broken"]?.array ?? []).compactMap(\.string))
    }
}

extension StateDict {
    /// Expects the same names in the same order, with tensors of the same dtypes, shapes and
    /// elements.
    func expectSame(as expected: StateDict, _ title: String, strides: Bool = true) throws {
        #expect(names == expected.names, "\(title)")
        for (name, tensor) in expected {
            let found = try self.tensor(name)
            #expect(found.dtype == tensor.dtype, "\(title): \(name)")
            #expect(found.shape == tensor.shape, "\(title): \(name)")
            if strides { #expect(found.strides == tensor.strides, "\(title): \(name)") }
            #expect(try found.rowMajorBytes() == tensor.rowMajorBytes(), "\(title): \(name)")
        }
        #expect(extras.isEmpty, "\(title)")
    }
}
