import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// The cases of `PythonFixtures/loading_cases.py`, loaded by torch and here.
@Suite struct StateDictLoadingCaseTests {
    private let cases: PythonCases

    init() throws {
        cases = try PythonCases(script: "loading_cases.py")
        try #require(cases.rows.count > 40)
    }

    /// Calls `check` with each case and each way to load it.
    private func forEachWay(
        _ check: (_ row: JSONValue, _ way: JSONValue, _ title: String) throws -> Void
    ) throws {
        for row in cases.rows {
            for way in row["results"]?.array ?? [] {
                let title = try #require(row["title"]?.string)
                let isStrict = way["strict"]?.bool == true ? "strict" : "not strict"
                let assigns = way["assign"]?.bool == true ? ", assigned" : ""
                try check(row, way, "\(title), \(isStrict)\(assigns)")
            }
        }
    }

    private func open(_ name: JSONValue?) throws -> StateDict {
        try Checkpoint(contentsOf: cases.folder.path(#require(name?.string))).stateDict()
    }

    @Test func `missing, unexpected and unfit names are torch's, in torch's order`() throws {
        try forEachWay { row, way, title in
            var model = NamedTensors(own: try open(row["model"]))
            #expect(try model.outcome(open(row["loaded"]), way) == Outcome(way), "\(title)")
        }
    }

    @Test func `what torch returns has torch's text`() throws {
        var texts: Set<String> = []
        try forEachWay { row, way, title in
            guard let text = way["text"]?.string else { return }
            var model = NamedTensors(own: try open(row["model"]))
            let keys = try model.load(
                open(row["loaded"]), strict: way["strict"]?.bool ?? true,
                assign: way["assign"]?.bool ?? false)
            #expect("\(keys)" == text, "\(title)")
            texts.insert(text)
        }
        #expect(texts.count > 10)
    }

    @Test func `a model without metadata gets the same names`() throws {
        try forEachWay { row, way, title in
            var model = NamedTensors(own: try open(row["model"]))
            model.own.metadata = nil
            let outcome = try model.outcome(open(row["loaded"]), way)
            #expect(outcome.sorted == Outcome(way).sorted, "\(title)")
        }
    }

    @Test func `the model has what it would have in torch`() throws {
        var count = 0
        try forEachWay { row, way, title in
            guard let after = way["after"] else { return }
            var model = NamedTensors(own: try open(row["model"]))
            _ = try model.outcome(open(row["loaded"]), way)
            let expected = try open(after)
            #expect(Set(model.own.names) == Set(expected.names), "\(title)")
            for (name, tensor) in expected {
                let found = try model.own.tensor(name)
                #expect(found.dtype == tensor.dtype, "\(title): \(name)")
                #expect(found.shape == tensor.shape, "\(title): \(name)")
                #expect(found.isParameter == tensor.isParameter, "\(title): \(name)")
                #expect(found.requiresGrad == tensor.requiresGrad, "\(title): \(name)")
                #expect(try found.rowMajorBytes() == tensor.rowMajorBytes(), "\(title): \(name)")
            }
            let extras = [model.own, expected].map { $0.extras.mapValues(\.description) }
            #expect(extras[0] == extras[1], "\(title)")
            count += 1
        }
        #expect(count > 100)
    }

    @Test func `a model into which nothing was loaded is as it was`() throws {
        try forEachWay { row, way, title in
            guard way["after"] == nil else { return }
            let own = try open(row["model"])
            var model = NamedTensors(own: own)
            _ = try model.outcome(open(row["loaded"]), way)
            #expect(model.updates == 0, "\(title)")
        }
    }
}

extension NamedTensors {
    fileprivate mutating func outcome(_ loaded: StateDict, _ way: JSONValue) throws -> Outcome {
        let (strict, assign) = (way["strict"]?.bool ?? true, way["assign"]?.bool ?? false)
        do {
            return try Outcome(load(loaded, strict: strict, assign: assign))
        } catch let error as CheckpointError {
            #expect(error.code == .incompatibleStateDict)
            return Outcome(try #require(error.underlying as? StateDictMismatch))
        }
    }
}

/// What loading a state dict says.
private struct Outcome: Equatable {
    var keys: [[String]] = [[], []]
    var shapes: [String] = []
    var others: [String] = []
    var hasFailed = false

    var sorted: Outcome {
        var result = self
        result.keys = keys.map { $0.sorted() }
        result.shapes.sort()
        result.others.sort()
        return result
    }

    /// What torch says of tensors that can't require gradients, and are assigned to parameters.
    private static let notParameters =
        "Only Tensors of floating point and complex dtype can require gradients"

    init(_ keys: IncompatibleKeys) { self.keys = [keys.missingKeys, keys.unexpectedKeys] }

    init(_ mismatch: StateDictMismatch) {
        hasFailed = true
        keys = [mismatch.missingKeys, mismatch.unexpectedKeys]
        shapes = mismatch.shapeMismatches.map {
            "size mismatch for \($0.name): copying a param with shape torch.Size(\($0.found)) from "
                + "checkpoint, the shape in current model is torch.Size(\($0.expected))."
        }
        others = mismatch.notTensors.map {
            let name = $0.typeName.replacing("builtins.", with: "")
            return "While copying the parameter named \"\($0.name)\", expected torch.Tensor or "
                + "Tensor-like object from checkpoint but received <class '\(name)'>"
        }
        if mismatch.inconvertible.contains(where: { $0.reason.contains("require gradients") }) {
            others.append(Self.notParameters)
        }
    }

    /// What torch said.
    init(_ row: JSONValue) {
        guard let lines = row["error"]?.array?.compactMap(\.string) else {
            keys = ["missing", "unexpected"].map { row[$0]?.array?.compactMap(\.string) ?? [] }
            return
        }
        hasFailed = true
        for line in lines {
            if let names = line.names(behind: "Missing key(s) in state_dict: ") {
                keys[0] = names
            } else if let names = line.names(behind: "Unexpected key(s) in state_dict: ") {
                keys[1] = names
            } else if line.hasPrefix("size mismatch") {
                shapes.append(line)
            } else if line.contains(Self.notParameters) {
                others = [Self.notParameters]
            } else {
                others.append(line)
            }
        }
    }
}

extension String {
    /// The names in quotes behind a title.
    fileprivate func names(behind title: String) -> [String]? {
        guard hasPrefix(title) else { return nil }
        return dropFirst(title.count).matches(of: /"([^"]*)"/).map { String($0.1) }
    }
}
