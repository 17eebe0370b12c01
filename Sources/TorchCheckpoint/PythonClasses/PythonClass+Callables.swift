import Pickle

extension PythonClass {
    /// Functions with arguments bound, attributes, and compiled patterns.
    static let callables: [PythonClass] = [
        PythonClass("builtins", "getattr", fields: ["object", "name"]) { object, writer in
            guard object.arguments.count == 2, let owner = object[0], let name = object.text(1)
            else { return nil }
            let text = owner.graph.global(owner.id).map { "\($0.python3)" }
            return "\(text ?? writer.repr(owner, in: object)).\(name)"
        },
        PythonClass("functools", "partial", fields: ["func"]) { object, writer in
            guard let state = object.state, state.count == 4 else { return nil }
            var parts = [writer.repr(state[0], in: object)]
            parts += writer.elements(of: state[1], depth: object.depth)
            parts += writer.keywords(of: state[2], in: object)
            return "functools.partial(\(parts.joined(separator: ", ")))"
        },
        PythonClass(
            "re", "_compile", fields: ["pattern", "flags"], isPlain: true,
            className: GlobalName(module: "re", name: "Pattern")
        ) { object, writer in
            guard let pattern = object[0], let flags = object[1]?.int, flags >= 0 else {
                return nil
            }
            let names = patternFlags(flags, isText: pattern.kind == .string)
            return "re.compile(\(writer.repr(pattern, in: object))\(names))"
        },
    ]

    private static func patternFlags(_ flags: Int, isText: Bool) -> String {
        var rest = flags
        // Python leaves out what texts have anyway.
        if isText, rest & (4 | 32 | 256) == 32 { rest &= ~32 }
        var names: [String] = []
        for (bit, name) in patternFlagNames where rest & bit != 0 {
            names.append("re.\(name)")
            rest &= ~bit
        }
        if rest != 0 { names.append("0x\(String(rest, radix: 16))") }
        return names.isEmpty ? "" : ", " + names.joined(separator: "|")
    }

    private static let patternFlagNames = [
        (1, "TEMPLATE"), (2, "IGNORECASE"), (4, "LOCALE"), (8, "MULTILINE"), (16, "DOTALL"),
        (32, "UNICODE"), (64, "VERBOSE"), (128, "DEBUG"), (256, "ASCII"),
    ]

    /// torch's constants that are pickled by a call.
    static let torchConstants: [PythonClass] = [
        PythonClass(
            "torch.serialization", "_get_layout", isPlain: true,
            className: GlobalName(module: "torch", name: "layout")
        ) { object, _ in
            object.text(0).flatMap { $0.hasPrefix("torch.") ? $0 : nil }
        }
    ]
}
