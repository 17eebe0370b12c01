import TestSupport
import Testing

@testable import Pickle

/// How long lists and dictionaries are cut into batches.
@Suite struct EmissionBatchTests {
    static let rows: [(count: Int, list: String, dictionary: String, items: String)] = [
        (0, "", "", ""),
        (1, "a", "s", "a"),
        (2, "(e", "(u", "(e"),
        (999, "(e", "(u", "(e"),
        (1000, "(e", "(u(u", "(e"),
        (1001, "(e(e", "(u(u", "(ea"),
        (1002, "(e(e", "(u(u", "(e(e"),
        (2000, "(e(e", "(u(u(u", "(e(e"),
        (2001, "(e(e(e", "(u(u(u", "(e(ea"),
    ]

    @Test(arguments: rows)
    func `a list is written in batches of 1000`(
        _ row: (count: Int, list: String, dictionary: String, items: String)
    ) throws {
        let nones = String(repeating: "N", count: row.count)
        #expect(try shape("(\(nones)l.") == "]q\u{0}\(row.list).")
    }

    @Test(arguments: rows)
    func `a full batch of a dictionary is followed by another one, even an empty one`(
        _ row: (count: Int, list: String, dictionary: String, items: String)
    ) throws {
        let nones = String(repeating: "NN", count: row.count)
        #expect(try shape("(\(nones)d.") == "}q\u{0}\(row.dictionary).")
    }

    @Test(arguments: rows)
    func `of an object, a lone last item is written by itself`(
        _ row: (count: Int, list: String, dictionary: String, items: String)
    ) throws {
        let call = "cm\nf\n)R"
        let start = "cm\nf\nq\u{0})Rq\u{1}"
        let nones = String(repeating: "N", count: row.count)
        #expect(try shape("\(call)(\(nones)e.") == "\(start)\(row.items).")
        let entries = row.items.map { $0 == "e" ? "u" : $0 == "a" ? "s" : $0 }
        #expect(try shape("\(call)(\(nones)\(nones)u.") == "\(start)\(String(entries)).")
    }

    /// The pickle that is written for the graph of another, without its `NONE`s.
    private func shape(_ pickle: String) throws -> String {
        let emitted = try graph(pickle).pickled().dropFirst(2)
        return String(String.UnicodeScalarView(emitted.map { UnicodeScalar($0) }))
            .filter { $0 != "N" }
    }
}
