import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Objects of Python classes: their fields, elements and entries.
@Suite struct PythonClassTests {
    private func open(_ python: String, protocol version: Int = 2) throws -> CheckpointValue {
        let folder = try TemporaryFolder()
        let code = """
            import collections, datetime, decimal, enum, functools, pathlib, pickle, sys, types
            sys.path.insert(0, sys.argv[2])
            from fixture_classes import Colour, Plain
            \(python)
            pickle.dump(value, open(sys.argv[1], "wb"), \(version))
            """
        let outcome = try TorchPython.run(
            code: code, [folder.path("made.pkl"), Repository.root + "/PythonFixtures"])
        try #require(outcome.status == 0, "\(outcome.error)")
        return try Checkpoint(contentsOf: folder.path("made.pkl")).root
    }

    @Test(arguments: 0...5)
    func `arguments with names are fields`(_ version: Int) throws {
        let value = try open(
            """
            value = {"slice": slice(1, None, 2), "range": range(3), "deque": collections.deque([7], 2),
                     "default": collections.defaultdict(int, a=1), "delta": datetime.timedelta(1, 2, 3)}
            """, protocol: version)
        #expect(value["slice"]?["start"]?.int == 1)
        #expect(value["slice"]?["stop"]?.isNone == true)
        #expect(value["range"]?.fields.keys == ["start", "stop", "step"])
        #expect(value["deque"]?["maxlen"]?.int == 2)
        #expect(value["deque"]?.array?.map(\.int) == [7])
        #expect(value["default"]?["a"]?.int == 1)
        #expect(value["default"]?.fields["default_factory"]?.description == "<class 'int'>")
        #expect(value["delta"]?.timeDelta?.totalSeconds == 86402.000003)
    }

    @Test(arguments: 0...5)
    func `times have their parts, and a date where the zone is known`(_ version: Int) throws {
        let value = try open(
            """
            zone = datetime.timezone(datetime.timedelta(hours=2))
            value = [datetime.datetime(2024, 5, 6, 7, 8, 9, 500000, zone), datetime.date(1969, 12, 31),
                     datetime.time(23, 59)]
            """, protocol: version)
        let moment = try #require(value[0])
        #expect(moment.calendarDate?.day == 6 && moment.timeOfDay?.hour == 7)
        #expect(moment.timeOfDay?.utcOffset?.totalSeconds == 7200)
        #expect(moment.date?.timeIntervalSince1970 == 1_714_972_089.5)
        #expect(try moment.decode(Date.self) == moment.date)
        #expect(value[1]?.date?.timeIntervalSince1970 == -86400)
        #expect(value[1]?.timeOfDay == nil)
        #expect(value[2]?.date == nil && value[2]?.timeOfDay?.minute == 59)
    }

    @Test func `a zone that only its class knows gives no date`() throws {
        let value = try open(
            """
            import zoneinfo
            value = datetime.datetime(2024, 5, 6, tzinfo=zoneinfo.ZoneInfo("UTC"))
            """)
        #expect(value.date == nil)
        #expect(value.calendarDate?.year == 2024)
        #expect(value.timeOfDay?.hasZone == true && value.timeOfDay?.utcOffset == nil)
        #expect(value["tzinfo"]?.typeName.description == "zoneinfo.ZoneInfo._unpickle")
    }

    @Test func `paths are file paths`() throws {
        let value = try open(
            "value = [pathlib.Path('/a/b.pth'), pathlib.PureWindowsPath('c:/a'), 'text']")
        #expect(value[0]?.filePath == "/a/b.pth")
        #expect(value[1]?.filePath == #"c:\a"#)
        #expect(value[2]?.filePath == nil)
    }

    @Test func `members of enumerations are shown as the file has them`() throws {
        let value = try open("value = Colour.RED")
        #expect(value.pythonRepr() == "fixture_classes.Colour(1)")
        #expect("\(value.typeName)" == "fixture_classes.Colour")
        let named = Array("c__builtin__\ngetattr\n(cfixture_classes\nColour\nS'RED'\ntR.".utf8)
        #expect(try Checkpoint(bytes: named).root.pythonRepr() == "fixture_classes.Colour.RED")
    }

    @Test func `subclasses of containers have elements and fields`() throws {
        let value = try open(
            """
            class D(dict): pass
            class L(list): pass
            import __main__
            d = D(a=1); d.extra = 2
            l = L([1, 2]); l.extra = 3
            N = collections.namedtuple("N", "x y")
            value = [d, l, N(1, 2)]
            """)
        #expect(value[0]?.dictionary?["a"]?.int == 1 && value[0]?.fields["extra"]?.int == 2)
        #expect(value[1]?.array?.map(\.int) == [1, 2] && value[1]?.fields["extra"]?.int == 3)
        #expect(value[2]?.pythonRepr() == "__main__.N(1, 2)")
    }

    private static let omegaConf = """
        def module(name, *classes):
            made = types.ModuleType(name)
            sys.modules[name] = made
            for c in classes:
                setattr(made, c, type(c, (), {"__module__": name}))
            return made
        module("omegaconf")
        D = module("omegaconf.dictconfig", "DictConfig").DictConfig
        L = module("omegaconf.listconfig", "ListConfig").ListConfig
        A = module("omegaconf.nodes", "AnyNode").AnyNode
        def make(kind, **state):
            made = kind(); made.__dict__.update(state, _metadata=None, _parent=None); return made
        """

    @Test func `configurations of OmegaConf are what they stand for`() throws {
        let value = try open(
            Self.omegaConf + """

                layers = make(L, _content=[make(A, _val=3), make(A, _val=4)])
                inner = make(D, _content={"lr": make(A, _val=0.5)})
                value = make(D, _content={"layers": layers, "optim": inner, "n": make(A, _val="x")})
                """)
        #expect(value["optim"]?["lr"]?.double == 0.5)
        #expect(value["n"]?.string == "x")
        #expect(value["layers"]?[1]?.int == 4)
        #expect(value["layers"]?.array?.map(\.int) == [3, 4])
        #expect(value.dictionary?.keys.map(\.description) == ["layers", "optim", "n"])
        #expect(value.count == 3)
        #expect(value.pythonRepr() == "{'layers': [3, 4], 'optim': {'lr': 0.5}, 'n': 'x'}")
        #expect(value.fields["_content"] != nil)
    }

    @Test func `a configuration that is its own content comes to an end`() throws {
        let value = try open(
            Self.omegaConf + "\nvalue = make(D); value._content = value")
        #expect(value["x"] == nil && value.dictionary == nil && value.array == nil)
        #expect(!value.description.isEmpty)
    }

    /// The rows of the table, each with an object of the class in protocols 0 to 5.
    @Test func `every class in the table is understood as it says`() throws {
        let rows = try SpecTable("values.md", "Python classes that are understood").rows
        #expect(rows.count > 15)
        for version in [0, 2, 4] {
            let examples = rows.map { "(\($0[1]))" }.joined(separator: ", ")
            let value = try open(
                """
                import argparse, fractions, ipaddress, operator, re, uuid, torch
                value = [\(examples)]
                """, protocol: version)
            for (row, found) in zip(rows, value.array ?? []) {
                #expect(found.kind.rawValue == row[2], "\(row[0]) of protocol \(version)")
                #expect("\(found.typeName)" == row[0], "\(row[1]) of protocol \(version)")
                for field in row[3].split(separator: ", ").map(String.init) where field != "–" {
                    #expect(found.fields[field] != nil, "\(field) of \(row[0])")
                }
                #expect(found.pythonRepr() == row[4], "protocol \(version)")
            }
        }
    }
}
