import ByteIO
import Foundation
import Testing

@testable import Pickle

/// A row of `Specs/opcodes.tsv`.
struct OpcodeRow: CustomTestStringConvertible, Sendable {
    var byte: String
    var name: String
    var protocolVersion: String
    var argument: String
    var example: String
    var result: String
    var code: String
    var refusedExample: String

    var testDescription: String { name }

    static let all: [OpcodeRow] = {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Specs/opcodes.tsv")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").dropFirst().compactMap { OpcodeRow(line: $0) }
    }()

    private init?(line: Substring) {
        let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard cells.count == 9 else { return nil }
        (byte, name, protocolVersion, argument) = (cells[0], cells[1], cells[2], cells[3])
        (example, result, code, refusedExample) = (cells[5], cells[6], cells[7], cells[8])
    }
}

/// Reads the escapes of the table: `\n`, `\\` and `\xHH`.
private func unescape(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "\\"), let kind = rest.popFirst() else {
            result.append(byte)
            continue
        }
        switch kind {
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "x"):
            result.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        default: result.append(kind)
        }
    }
    return result
}

struct OpcodeTableTests {
    @Test func `the table has one row for each of the 68 opcodes`() {
        #expect(OpcodeRow.all.count == 68)
        #expect(Opcode.allCases.count == 68)
        #expect(Set(OpcodeRow.all.map(\.name)) == Set(Opcode.allCases.map(\.pythonName)))
    }

    @Test(arguments: OpcodeRow.all)
    func `a row has the byte and the argument of its opcode`(_ row: OpcodeRow) throws {
        let byte = try #require(UInt8(row.byte.dropFirst(2), radix: 16))
        let opcode = try #require(Opcode(rawValue: byte))
        #expect(opcode.pythonName == row.name)
        #expect("\(opcode.argument)" == row.argument)
        #expect(0...5 ~= Int(row.protocolVersion) ?? -1)
    }

    @Test(arguments: OpcodeRow.all.filter { $0.example != "-" })
    func `a row's example gives the kind of object that it says`(_ row: OpcodeRow) throws {
        let example = unescape(row.example)
        let graph = try PickleGraph(parsing: example)
        #expect("\(graph.kind(of: graph.root))" == row.result)
        #expect(example.contains(try #require(UInt8(row.byte.dropFirst(2), radix: 16))))
    }

    @Test(arguments: OpcodeRow.all.filter { $0.refusedExample != "-" })
    func `a row's other example is refused with the code that it says`(_ row: OpcodeRow) throws {
        let error = try #require(failure(unescape(row.refusedExample)))
        #expect(error.code.rawValue == row.code)
        #expect(error.offset != nil)
    }

    @Test(arguments: OpcodeRow.all.filter { $0.argument != "none" })
    func `an argument that is cut off is refused`(_ row: OpcodeRow) throws {
        let byte = try #require(UInt8(row.byte.dropFirst(2), radix: 16))
        let error = try #require(failure([byte]))
        #expect(error.code == .truncated)
    }

    @Test func `every other byte is no opcode`() {
        for byte in UInt8.min...UInt8.max where Opcode(rawValue: byte) == nil {
            let error = failure([0x4E, byte])
            #expect(error?.code == .unknownOpcode)
            #expect(error?.offset == 1)
        }
    }
}
