import TestSupport
import Testing

@testable import Pickle

/// The names of Python 2 and 3, held to Python's own tables.
@Suite struct PythonNamesTests {
    // Every name and module of either side of a table, and what both directions make of it.
    private static let code = """
        import _compat_pickle as tables

        def renamed(name, names, modules):
            return names.get(name) or (modules.get(name[0], name[0]), name[1])

        names = {name for table in (tables.NAME_MAPPING, tables.REVERSE_NAME_MAPPING)
                 for pair in table.items() for name in pair}
        names |= {(module, "other") for table in (tables.IMPORT_MAPPING, tables.REVERSE_IMPORT_MAPPING)
                  for pair in table.items() for module in pair}
        for name in sorted(names):
            print(*name, *renamed(name, tables.NAME_MAPPING, tables.IMPORT_MAPPING),
                  *renamed(name, tables.REVERSE_NAME_MAPPING, tables.REVERSE_IMPORT_MAPPING))
        """

    @Test func `names change as in Python, and no others do`() throws {
        let outcome = try TorchPython.run(code: Self.code)
        #expect(outcome.status == 0, "\(outcome.error)")
        let rows = outcome.output.split(separator: "\n").map { row in
            row.split(separator: " ").map(String.init)
        }
        #expect(rows.count > 300)
        for row in rows {
            let name = GlobalName(module: row[0], name: row[1])
            #expect(name.python3 == GlobalName(module: row[2], name: row[3]))
            #expect(name.python2 == GlobalName(module: row[4], name: row[5]))
        }
    }
}
