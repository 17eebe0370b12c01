import Foundation
package import TestSupport
import Testing
import TorchCheckpoint

/// What Python is asked about written checkpoints.
///
/// All at once, because torch takes longer to start than to read. The tasks:
/// `PythonFixtures/README.md`.
struct WrittenChecks {
    private var rows: [(task: JSONValue, about: String)] = []
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    var count: Int { rows.count }

    /// A new path for a file to be written.
    func path() -> String { folder.path("\(rows.count).pth") }

    /// Both files are the same to torch.
    mutating func same(_ original: Fixture, _ written: String, _ about: String = "") {
        let files: JSONValue = [.string(original.path), .string(written)]
        add(["same": files, "weightsOnly": original.weightsOnly], "\(original) \(about)")
    }

    /// The written file is the original after some edits.
    mutating func edits(
        _ edits: [JSONValue], of original: Fixture, _ written: String, _ about: String = ""
    ) {
        let files: [String: JSONValue] = [
            "original": .string(original.path), "written": .string(written),
        ]
        add(
            .object(
                files.merging(["edits": .array(edits), "weightsOnly": original.weightsOnly]) {
                    $1
                }), "\(original) \(about)")
    }

    /// All records but some have the bytes that they had, and the order.
    mutating func records(
        of original: Fixture, _ written: String, but others: some Sequence<String>,
        _ about: String = ""
    ) {
        let names = others.map { JSONValue.string($0) }
        let files: JSONValue = [.string(original.path), .string(written), .array(names)]
        add(["records": files], "\(original) \(about): records")
    }

    mutating func add(_ task: JSONValue, _ about: String) { rows.append((task, about)) }

    /// Has Python do all tasks; each that it says no to is an issue, and each that it does not
    /// answer.
    func run(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let lines = try rows.map {
            try String(decoding: JSONEncoder().encode($0.task), as: UTF8.self)
        }
        let list = try folder.write("tasks", Array(lines.joined(separator: "\n").utf8))
        let outcome = try TorchPython.run(script: "check_written.py", ["--batch", list])
        let answers = try outcome.output.split(separator: "\n").map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))
        }
        for (row, answer) in zip(rows, answers) where answer["ok"]?.bool != true {
            Issue.record(
                "\(row.about): \(answer["why"]?.string ?? "?")", sourceLocation: sourceLocation)
        }
        #expect(
            answers.count == rows.count, "\(outcome.error.suffix(2000))",
            sourceLocation: sourceLocation)
    }
}

extension Fixture {
    /// Whether torch reads it with `weights_only=True`.
    var isWeightsOnly: Bool { row["weightsOnly"]?.bool == true }

    fileprivate var weightsOnly: JSONValue { .bool(isWeightsOnly) }

    /// Options that keep whatever globals the file has to have.
    var saveOptions: SaveOptions { SaveOptions(globals: isWeightsOnly ? .weightsOnly : .inert) }

    func checkpoint() throws -> Checkpoint { try Checkpoint(contentsOf: path) }

    /// What is in an archive of torch by name, without the root folder.
    static func recordNames(_ path: String) throws -> Set<String> {
        let entries = try Checkpoint(contentsOf: path).archive.map { Array($0.entries) } ?? []
        return Set(entries.map { String($0.name.drop { $0 != "/" }.dropFirst()) })
    }
}

extension CheckpointPath {
    /// The path as `check_written.py` takes it; nil for keys that are neither text nor integers.
    var task: JSONValue? {
        var steps: [JSONValue] = []
        for key in keys {
            switch key {
            case .string(let text): steps.append(.string(text))
            case .integer(let value): steps.append(.integer(value))
            case .other: return nil
            }
        }
        return .array(steps)
    }
}

extension JSONValue: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral entries: (String, JSONValue)...) {
        self = .object(Dictionary(uniqueKeysWithValues: entries))
    }
}
