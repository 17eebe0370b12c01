import Foundation
import TestSupport
import Testing

@testable import Pickle

/// Pickles of all protocols, written at protocol 2 and read by Python.
@Suite struct EmittedPickleTests {
    private struct Pair: Encodable {
        let original: String
        let emitted: String
    }

    private struct Verdict: Decodable {
        let equal: Bool
        let same: Bool
        let error: String?
    }

    /// What Python itself would write in other bytes.
    private static let different = [
        // Reading attributes makes their names equal to other texts; protocols 0 and 1 also spell
        // objects in a way that protocol 2 does not.
        "objects",
        // The storage in the bytes inside is named by its place in memory.
        "tensor_inside",
        // Texts of one character are one object to Python once it has read them.
        "values_keys", "values_ordered",
        // Objects that are made anew when they are read.
        "values_object_cycle", "values_numpy_values",
    ]

    @Test func `Python reads equal objects, and would write the same bytes`() throws {
        let folder = try TemporaryFolder()
        let pickles = try Self.pickles()
        let pairs = try pickles.enumerated().map { index, pickle in
            let emitted = try PickleGraph(parsing: pickle.bytes).pickled()
            return Pair(
                original: try folder.write("\(index).original", pickle.bytes),
                emitted: try folder.write("\(index).emitted", emitted))
        }
        let list = try folder.write("list.json", JSONEncoder().encode(pairs))
        let outcome = try TorchPython.run(script: "check_emitted.py", ["--batch", list])
        #expect(outcome.status == 0, "\(outcome.error)")
        let verdicts = try JSONDecoder().decode([Verdict].self, from: Data(outcome.output.utf8))
        #expect(verdicts.count == pickles.count)
        for (verdict, pickle) in zip(verdicts, pickles) {
            #expect(verdict.equal, "\(pickle.name): \(verdict.error ?? "")")
            // What numpy, Python 2 and slots make is equal; which objects are one differs.
            if pickle.name.hasPrefix("python") { continue }
            let mayDiffer = Self.different.contains { pickle.name.hasPrefix($0) }
            #expect(verdict.same != mayDiffer, "\(pickle.name)")
        }
    }

    private static func pickles() throws -> [(name: String, bytes: [UInt8])] {
        let plain = Fixture.readable("pickle").filter { $0.row["encoding"] == nil }
            .map { ($0.name, try? $0.bytes()) }
        let inArchives = Fixture.readable("zip").filter { fixture in
            ["protocol_", "values_"].contains { fixture.name.hasPrefix("torch-2.13.0/\($0)") }
        }.map { ($0.name, try? EmitterTests.dataPickle(of: $0)) }
        let all = (plain + inArchives).compactMap { name, bytes in
            bytes.map { (name: String(name.split(separator: "/").last ?? ""), bytes: $0) }
        }
        #expect(all.count > 50)
        return all
    }
}
