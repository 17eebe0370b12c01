extension GlobalName {
    /// This name as Python 3 has it.
    ///
    /// Picklers of protocol 2 and older write the names of Python 2. The Python counterpart is
    /// `_compat_pickle.NAME_MAPPING` and, for names that are not there, `IMPORT_MAPPING`.
    package var python3: GlobalName { PythonNames.python3.renaming(self) }

    /// This name as picklers write it at protocol 2 and older.
    ///
    /// The Python counterpart is `_compat_pickle.REVERSE_NAME_MAPPING` and, for names that are not
    /// there, `REVERSE_IMPORT_MAPPING`.
    package var python2: GlobalName { PythonNames.python2.renaming(self) }
}

/// The renamings in one direction.
private struct PythonNames {
    private var names: [GlobalName: GlobalName] = [:]
    // Keyed by global names without a name, which are compared by their bytes.
    private var modules: [GlobalName: String] = [:]

    static let python3 = PythonNames(toPython3: true)
    static let python2 = PythonNames(toPython3: false)

    private init(toPython3: Bool) {
        typealias Tables = PythonNameTables
        let modules = [
            Tables.modules, toPython3 ? Tables.modulesToPython3 : Tables.modulesToPython2,
        ]
        for row in modules.flatMap(Self.rows) {
            let (old, new) = (row[0], row[1])
            self.modules[GlobalName(module: toPython3 ? old : new, name: "")] =
                toPython3 ? new : old
        }
        let names = [Tables.names, toPython3 ? Tables.namesToPython3 : Tables.namesToPython2]
        for row in names.flatMap(Self.rows) + Self.exceptions(toPython3: toPython3) {
            let old = GlobalName(module: row[0], name: row[1])
            let new = GlobalName(module: row[2], name: row[3])
            self.names[toPython3 ? old : new] = toPython3 ? new : old
        }
    }

    private static func exceptions(toPython3: Bool) -> [[String]] {
        let exceptions = PythonNameTables.exceptions.split(whereSeparator: \.isWhitespace)
        let rows = exceptions.map { ["exceptions", String($0), "builtins", String($0)] }
        guard !toPython3 else { return rows }
        let systemErrors = PythonNameTables.systemErrors.split(whereSeparator: \.isWhitespace)
        return rows + systemErrors.map { ["exceptions", "OSError", "builtins", String($0)] }
    }

    private static func rows(_ table: String) -> [[String]] {
        table.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    func renaming(_ name: GlobalName) -> GlobalName {
        if let renamed = names[name] { return renamed }
        guard let module = modules[GlobalName(module: name.module, name: "")] else { return name }
        return GlobalName(module: module, name: name.name)
    }
}
