import ByteIO
import TestSupport
import Testing
import ZipArchive

@testable import Pickle

/// Graphs written back: the bytes that CPython's pickler wrote.
@Suite struct EmitterTests {
    /// The checkpoints of torch's Python pickler at protocol 2.
    static let protocol2 = Fixture.readable("zip").filter { fixture in
        guard let pickle = try? dataPickle(of: fixture) else { return false }
        return pickle.starts(with: [Opcode.proto.rawValue, 2])
    }

    static func dataPickle(of fixture: Fixture) throws -> [UInt8] {
        let archive = try ZipArchive(ByteRegion(copying: fixture.bytes()))
        let entry = try #require(
            archive.entries.first { $0.name.lowercased().hasSuffix("data.pkl") })
        return try archive.bytes(of: entry)
    }

    @Test(arguments: protocol2)
    func `an unedited graph gives the bytes of data.pkl`(_ fixture: Fixture) throws {
        let pickle = try Self.dataPickle(of: fixture)
        let graph = try PickleGraph(parsing: pickle)
        let emitted = try graph.emitted()
        #expect(emitted.bytes == pickle)
        #expect(emitted.globalNames == graph.globalNames)
    }

    @Test func `there are enough of them`() { #expect(Self.protocol2.count >= 400) }

    @Test(arguments: protocol2)
    func `what weights_only takes has no opcodes beyond it`(_ fixture: Fixture) throws {
        guard fixture.row["weightsOnly"]?.bool == true else { return }
        let graph = try PickleGraph(parsing: Self.dataPickle(of: fixture))
        #expect(try graph.emitted().beyondWeightsOnly.isEmpty)
    }

    @Test(arguments: ["batches", "objects", "values", "tensor_inside"])
    func `pickles without an archive come back too`(_ name: String) throws {
        let pickle = try fixture("pickles/\(name)_protocol_2.pkl")
        #expect(try PickleGraph(parsing: pickle).pickled() == pickle)
    }

    /// The five pickles of torch's older format, back to back.
    static let legacy = Fixture.readable("legacy").filter { fixture in
        // Of protocol 2, and by Python 3's own pickler.
        fixture.row["writer"]?.string != "hand" && !fixture.name.contains("legacy_protocol_")
    }

    @Test(arguments: legacy)
    func `the pickles of a legacy file come back too`(_ fixture: Fixture) throws {
        var rest = try fixture.bytes()[...]
        for _ in 0..<5 {
            let graph = try PickleGraph(
                parsing: ByteRegion(copying: rest), allowsTrailingBytes: true)
            #expect(try graph.pickled() == Array(rest.prefix(graph.byteCount)))
            rest = rest.dropFirst(graph.byteCount)
        }
    }
}
