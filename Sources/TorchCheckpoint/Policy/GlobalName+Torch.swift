import Pickle

extension GlobalName {
    /// Module and name as torch's unpickler with restrictions looks them up.
    ///
    /// It renames fewer names of Python 2 than Python does. The Python counterparts are
    /// `NAME_MAPPING` and, for names that are not there, `IMPORT_MAPPING` of `torch._utils`.
    var torchPath: String {
        Self.renamedNames[description] ?? "\(torchModule).\(name)"
    }

    /// The module as torch has it.
    var torchModule: String {
        if let path = Self.renamedNames[description], let dot = path.lastIndex(of: ".") {
            return String(path[..<dot])
        }
        return Self.renamedModules[module] ?? module
    }

    private static let renamedModules = [
        "__builtin__": "builtins", "copy_reg": "copyreg", "Queue": "queue", "repr": "reprlib",
        "_abcoll": "collections.abc", "UserDict": "collections", "UserList": "collections",
        "UserString": "collections", "whichdb": "dbm", "StringIO": "io", "cStringIO": "io",
    ]

    private static let renamedNames = [
        "__builtin__.xrange": "builtins.range", "__builtin__.reduce": "functools.reduce",
        "__builtin__.intern": "sys.intern", "__builtin__.unichr": "builtins.chr",
        "__builtin__.unicode": "builtins.str", "__builtin__.long": "builtins.int",
        "itertools.izip": "builtins.zip", "itertools.imap": "builtins.map",
        "itertools.ifilter": "builtins.filter", "itertools.ifilterfalse": "itertools.filterfalse",
        "itertools.izip_longest": "itertools.zip_longest",
        "UserDict.IterableUserDict": "collections.UserDict",
        "__builtin__.basestring": "builtins.str", "exceptions.StandardError": "builtins.Exception",
    ]
}
