import Pickle

/// Modules, classes and functions of Python that are known to do harm when a pickle calls them.
///
/// A list of what is bad is never whole; it only says more of some of the names that are not
/// accepted. The same list is `Specs/dangerous-globals.tsv`.
enum DangerousGlobals {
    /// What a name does, or nil when it is not on the list.
    static func reason(for name: GlobalName) -> String? {
        for spelling in [name, name.python3] {
            if let reason = reason(for: spelling.module + "." + spelling.name) { return reason }
            if let reason = reasonForAttribute(spelling.name) { return reason }
        }
        return nil
    }

    /// What a dotted name is, by the longest part of it from the left that is on the list.
    private static func reason(for path: String) -> String? {
        var end = path.endIndex
        while true {
            if let reason = reasons[String(path[..<end])] { return reason }
            guard let dot = path[..<end].lastIndex(of: ".") else { return nil }
            end = dot
        }
    }

    // Attributes lead from any module to what it has imported, and from any class to all others.
    private static func reasonForAttribute(_ name: String) -> String? {
        var rest = name[...]
        while true {
            let part = rest.prefix { $0 != "." }
            if attributes.contains(String(part)) { return "leads to everything in Python" }
            if gateways.contains(String(part)), let reason = reason(for: String(rest)) {
                return reason
            }
            guard let dot = rest.firstIndex(of: ".") else { return nil }
            rest = rest[rest.index(after: dot)...]
        }
    }

    /// Attributes by which one gets from an object to any other.
    static let attributes: Set<String> = [
        "__base__", "__bases__", "__builtins__", "__call__", "__class__", "__closure__",
        "__code__", "__defaults__", "__delattr__", "__dict__", "__func__", "__getattr__",
        "__getattribute__", "__globals__", "__import__", "__init_subclass__", "__kwdefaults__",
        "__loader__", "__mro__", "__reduce__", "__reduce_ex__", "__self__", "__setattr__",
        "__spec__", "__subclasses__", "__wrapped__", "f_globals", "gi_frame",
    ]

    /// Modules that others import and that are a way to harm.
    private static let gateways: Set<String> = [
        "builtins", "ctypes", "importlib", "io", "os", "pickle", "posix", "runpy", "shutil",
        "socket", "subprocess", "sys",
    ]

    /// What each listed name does.
    static let reasons: [String: String] = {
        var reasons: [String: String] = [:]
        for group in DangerousGlobalTable.groups {
            for name in group.names.split(whereSeparator: \.isWhitespace) {
                reasons[String(name)] = group.reason
            }
        }
        return reasons
    }()
}
