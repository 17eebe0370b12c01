import ByteIO
import Pickle

// What calls stand for that a pickle of protocol 2 has in the place of an instruction.
extension PickleGraph {
    /// The bytes that `_codecs.encode(text, "latin1")` or `bytes()` gives.
    func writtenBytes(_ id: NodeID) -> [UInt8]? {
        if kind(of: id) == .bytes { return bytes(id) }
        if calls(id, "__builtin__", "bytes")?.isEmpty == true { return [] }
        guard let arguments = calls(id, "_codecs", "encode"), arguments.count == 2,
            string(arguments[arguments.startIndex + 1]) == "latin1"
        else { return nil }
        return string(arguments[arguments.startIndex])?.unicodeScalars.map { UInt8($0.value) }
    }

    /// The bytes that `bytearray(bytes)` gives.
    func writtenByteArray(_ id: NodeID) -> [UInt8]? {
        if kind(of: id) == .byteArray { return bytes(id) }
        guard let arguments = calls(id, "__builtin__", "bytearray") else { return nil }
        return arguments.isEmpty ? [] : writtenBytes(arguments[arguments.startIndex])
    }

    /// The items that `set(list)` or `frozenset(list)` gives.
    func writtenItems(_ id: NodeID, of name: String) -> ArraySlice<NodeID>? {
        if kind(of: id) == .set || kind(of: id) == .frozenSet { return items(id) }
        guard let arguments = calls(id, "__builtin__", name), arguments.count == 1 else {
            return nil
        }
        return items(arguments[arguments.startIndex])
    }

    /// The list in a call that makes a set, by whichever name.
    func writtenList(_ id: NodeID) -> NodeID? {
        guard let (callable, arguments) = call(id), let name = global(callable)?.python3,
            name.module == "builtins", ["set", "frozenset"].contains(name.name),
            let items = items(arguments), items.count == 1, let list = items.first,
            kind(of: list) == .list
        else { return nil }
        return list
    }

    /// The name that a class or function has, or that is asked for step by step by `getattr`.
    func writtenName(_ id: NodeID, isPath: Bool) -> GlobalName? {
        var names: [String] = []
        var id = id
        while isPath, let arguments = calls(id, "__builtin__", "getattr"), arguments.count == 2,
            let name = string(arguments[arguments.startIndex + 1])
        {
            names.append(name)
            id = arguments[arguments.startIndex]
        }
        return global(id).map { outer in
            let path = [outer.name] + names.reversed()
            return GlobalName(module: outer.module, name: path.joined(separator: "."))
        }
    }

    /// The call with keyword arguments that `partial(cls.__new__, cls, *arguments, **keywords)()` is.
    func writtenPartial(
        _ object: ReducedObject
    ) -> (callable: NodeID, arguments: ArraySlice<NodeID>, keywords: [NodeID])? {
        guard calls(object.callable, "functools", "partial")?.count == 1,
            let state = self.object(object.callable)?.states.first.flatMap(items), state.count == 4,
            let arguments = items(state[state.startIndex + 1]), let callable = arguments.first,
            let keywords = entries(state[state.startIndex + 2])
        else { return nil }
        return (callable, arguments.dropFirst(), keywords)
    }

    private func calls(_ id: NodeID, _ module: String, _ name: String) -> ArraySlice<NodeID>? {
        guard let (callable, arguments) = call(id),
            global(callable) == GlobalName(module: module, name: name)
        else { return nil }
        return items(arguments)
    }
}

extension GlobalName {
    /// The name as a pickle of protocol 2 has it: what is asked for by `getattr` keeps its name.
    var outerAsInPython2: GlobalName {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let outer = GlobalName(module: module, name: String(parts[0])).python2
        return GlobalName(
            module: outer.module,
            name: ([outer.name] + parts.dropFirst().map(String.init)).joined(separator: "."))
    }
}
