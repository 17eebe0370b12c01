import Pickle

/// Modules, classes and functions of Python that are known to do harm when a pickle calls them.
///
/// A list of what is bad is never whole; it only says more of some of the names that are not
/// accepted. The same list is `Specs/dangerous-globals.tsv`.
enum DangerousGlobals {
    /// What a name does, or nil when it is not on the list.
    ///
    /// - Complexity: O(*n*) in the length of the name.
    static func reason(for name: GlobalName) -> String? {
        let today = name.python3
        return reason(forSpelling: name) ?? (today == name ? nil : reason(forSpelling: today))
    }

    private static func reason(forSpelling name: GlobalName) -> String? {
        let path = (name.module + "." + name.name)[...]
        guard path.ends(ofParts: maximumNameParts + 1).count <= maximumNameParts else {
            return "goes through more attributes than any class has"
        }
        return reason(for: path) ?? reasonForAttribute(name.name)
    }

    /// What a dotted name is, by the longest part of it from the left that is on the list.
    private static func reason(for path: Substring) -> String? {
        path.ends(ofParts: mostParts).reversed().lazy
            .compactMap { reasons[String(path[..<$0])] }.first
    }

    // Attributes lead from any module to what it has imported, and from any class to all others.
    private static func reasonForAttribute(_ name: String) -> String? {
        for part in name.utf8.split(separator: UInt8(ascii: ".")).map(Substring.init) {
            if attributes.contains(String(part)) { return "leads to everything in Python" }
            if gateways.contains(String(part)), let reason = reason(for: name[part.startIndex...]) {
                return reason
            }
        }
        return nil
    }

    /// How many parts the name of a class may have.
    private static let maximumNameParts = 32
    /// How many parts a listed name has at most.
    private static let mostParts = reasons.keys.map { $0.split(separator: ".").count }.max() ?? 0

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

extension Substring {
    /// Where the first parts of a dotted name end.
    fileprivate func ends(ofParts most: Int) -> [Index] {
        var ends: [Index] = []
        var rest = self
        // By bytes, because a character can be a dot with an accent.
        while ends.count < most, let dot = rest.utf8.firstIndex(of: UInt8(ascii: ".")) {
            ends.append(dot)
            rest = rest[utf8.index(after: dot)...]
        }
        if ends.count < most { ends.append(endIndex) }
        return ends
    }
}
