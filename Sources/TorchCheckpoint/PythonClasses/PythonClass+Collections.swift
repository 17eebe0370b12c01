import Pickle

extension PythonClass {
    /// Python's own containers, and what describes some of their elements.
    static let collections: [PythonClass] = [
        PythonClass("collections", "deque", fields: ["", "maxlen"]) { object, writer in
            let items = writer.elements(of: object.value, depth: object.depth)
            let limit =
                object[1].flatMap { $0.isNone ? nil : ", maxlen=\(writer.repr($0, in: object))" }
                ?? ""
            return "deque([\(items.joined(separator: ", "))]\(limit))"
        },
        PythonClass("builtins", "slice", fields: ["start", "stop", "step"], isPlain: true) {
            object, writer in
            guard object.arguments.count == 3 else { return nil }
            let parts = object.arguments.map { writer.repr($0, in: object) }
            return "slice(\(parts.joined(separator: ", ")))"
        },
        PythonClass("builtins", "range", fields: ["start", "stop", "step"], isPlain: true) {
            object, writer in
            var parts = object.arguments
            guard 2...3 ~= parts.count, parts.allSatisfy({ $0.kind == .integer }) else {
                return nil
            }
            if parts.count == 3, parts[2].int == 1 { parts.removeLast() }
            let texts = parts.map { writer.repr($0, in: object) }
            return "range(\(texts.joined(separator: ", ")))"
        },
        PythonClass("types", "SimpleNamespace") { object, writer in
            guard object.arguments.isEmpty, object.value.unnamedStates.isEmpty else { return nil }
            return "namespace(\(writer.namedFields(of: object)))"
        },
        // What it makes an object of is what counts.
        PythonClass("copyreg", "_reconstructor") { _, _ in nil },
    ]

    /// `collections.defaultdict`, which is a dictionary.
    static let defaultDictionary = PythonClass(
        "collections", "defaultdict", fields: ["default_factory"]
    ) { object, writer in
        let factory = object[0].map { writer.repr($0, in: object) } ?? "None"
        return "defaultdict(\(factory), \(writer.entries(of: object.value, depth: object.depth)))"
    }
}
