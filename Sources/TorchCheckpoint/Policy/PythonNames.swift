extension GlobalName {
    /// This name as Python 3 has it.
    ///
    /// Picklers of protocol 2 and older write the module names of Python 2. The Python counterpart
    /// is `_compat_pickle`; only what checkpoints use is here: `Specs/pickle.md`.
    var python3: GlobalName {
        if let renamed = Self.renamed[self] { return renamed }
        guard let module = Self.renamedModules[module] else { return self }
        return GlobalName(module: module, name: name)
    }

    private static let renamedModules = [
        "__builtin__": "builtins", "copy_reg": "copyreg", "cPickle": "pickle",
        "UserDict": "collections", "UserList": "collections", "UserString": "collections",
        "StringIO": "io", "cStringIO": "io", "exceptions": "builtins",
    ]

    private static let renamed = [
        GlobalName(module: "__builtin__", name: "xrange"): GlobalName(
            module: "builtins", name: "range"),
        GlobalName(module: "__builtin__", name: "unicode"): GlobalName(
            module: "builtins", name: "str"),
        GlobalName(module: "__builtin__", name: "unichr"): GlobalName(
            module: "builtins", name: "chr"),
        GlobalName(module: "__builtin__", name: "long"): GlobalName(
            module: "builtins", name: "int"),
    ]
}
