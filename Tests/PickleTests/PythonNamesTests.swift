import TestSupport
import Testing

@testable import Pickle

/// The names of Python 2 and 3, held to Python's own tables.
@Suite struct PythonNamesTests {
    private func rows(_ code: String) throws -> [[String]] {
        let outcome = try TorchPython.run(code: "import _compat_pickle as tables\n" + code)
        #expect(outcome.status == 0, "\(outcome.error)")
        return outcome.output.split(separator: "\n").map { line in
            line.split(separator: " ").map(String.init)
        }
    }

    @Test(arguments: ["", "REVERSE_"])
    func `names change as in Python`(_ direction: String) throws {
        let code = """
            for old, new in tables.\(direction)NAME_MAPPING.items(): print(*old, *new)
            """
        let rows = try rows(code)
        #expect(rows.count > 80)
        for row in rows {
            let name = GlobalName(module: row[0], name: row[1])
            let expected = GlobalName(module: row[2], name: row[3])
            #expect((direction.isEmpty ? name.python3 : name.python2) == expected)
        }
    }

    @Test(arguments: ["", "REVERSE_"])
    func `modules change as in Python`(_ direction: String) throws {
        let code = """
            for old, new in tables.\(direction)IMPORT_MAPPING.items(): print(old, new)
            """
        let rows = try rows(code)
        #expect(rows.count > 40)
        for row in rows {
            let name = GlobalName(module: row[0], name: "anything else")
            let expected = GlobalName(module: row[1], name: "anything else")
            #expect((direction.isEmpty ? name.python3 : name.python2) == expected)
        }
    }

    @Test func `no name changes that Python keeps`() throws {
        let code = """
            for table in (tables.NAME_MAPPING, tables.REVERSE_NAME_MAPPING):
                for module, name in table: print(module, name)
            """
        let reverse = try Set(rows(code + "\n"))
        let changing = """
            for module, name in [*tables.NAME_MAPPING, *tables.REVERSE_NAME_MAPPING]:
                kept = (module, name) not in tables.NAME_MAPPING and module not in tables.IMPORT_MAPPING
                if kept: print(module, name)
            """
        for row in try rows(changing) {
            #expect(reverse.contains(row))
            let name = GlobalName(module: row[0], name: row[1])
            #expect(name.python3 == name)
        }
    }
}
