import Foundation
import TestSupport
import Testing

@testable import TorchCheckpoint

/// `Specs/rebuild-globals.tsv` against torch's own list and against what names mean here.
@Suite struct RebuildGlobalsTests {
    struct Row: Sendable, CustomStringConvertible {
        let name: String
        let what: String
        let role: String

        var description: String { name }
        var isOld: Bool { what.hasPrefix("old: ") }
    }

    /// What is done with a name, in the words of the table.
    static let roles: Set = [
        "tensor", "sparse tensor", "nested tensor", "meta tensor", "wrapper tensor",
        "device tensor", "storage class", "untyped storage", "dtype", "value", "dictionary",
        "part", "class", "tensor class", "embedded file", "inert object", "uninitialized tensor",
    ]

    static let rows: [Row] = {
        let text = (try? Source.text("../Specs/rebuild-globals.tsv")) ?? ""
        return text.split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(
                String.init)
            return Row(name: cells[0], what: cells[1], role: cells[2])
        }
    }()

    /// What a name means in this library, in the words of the table; nil for what is inert here.
    private static func role(_ name: String) -> String? {
        let parts = name.split(separator: ".")
        let module = parts.dropLast().joined(separator: ".")
        switch GlobalRole(GlobalName(module: module, name: String(parts.last ?? ""))) {
        case .dtype: return "dtype"
        case .storage(let dtype): return dtype == nil ? "untyped storage" : "storage class"
        case .size, .device, .encode, .builtin: return "value"
        case .dictionary: return "dictionary"
        case .rebuildTensor, .parameterClass: return "tensor"
        case .tensorClass(_?, _): return "tensor class"
        case .uninitializedClass: return "uninitialized tensor"
        default: return nil
        }
    }

    private func lines(_ outcome: Outcome) -> Set<String> {
        Set(outcome.output.split(separator: "\n").map(String.init))
    }

    @Test func `every name that torch rebuilds with is in the table`() throws {
        let outcome = try TorchPython.run(script: "rebuild_globals.py", [])
        #expect(outcome.status == 0, "\(outcome.error)")
        let ofTorch = lines(outcome)
        #expect(ofTorch.count > 160)
        let missing = ofTorch.subtracting(Self.rows.map(\.name))
        #expect(missing.isEmpty, "torch has these as well: \(missing.sorted())")
    }

    @Test func `a name that torch does not have is marked as old, and no other is`() throws {
        let names = Self.rows.map(\.name)
        let outcome = try TorchPython.run(script: "rebuild_globals.py", names + ["torch.nothing"])
        #expect(outcome.status == 0, "\(outcome.error)")
        let old = Set(Self.rows.filter(\.isOld).map(\.name))
        #expect(lines(outcome) == old.union(["torch.nothing"]))
    }

    @Test func `the table is sorted, without repetition, and uses the words there are`() {
        let names = Self.rows.map(\.name)
        #expect(names == Set(names).sorted())
        #expect(Set(Self.rows.map(\.role)) == Self.roles)
        #expect(Self.rows.allSatisfy { !$0.what.isEmpty })
    }

    @Test(arguments: rows)
    func `what the table says is what the name means`(_ row: Row) {
        let role = Self.role(row.name)
        let named: Set = [
            "dtype", "storage class", "untyped storage", "dictionary", "tensor class",
            "uninitialized tensor",
        ]
        if named.contains(row.role) || role != nil && role != "tensor" {
            #expect(role == row.role)
        } else {
            #expect(row.role.hasSuffix("tensor") == (role == "tensor"))
        }
    }
}
