import Foundation
import TestSupport
import Testing
import TorchCheckpoint

@Suite struct ScanTests {
    private func scan(_ name: String) throws -> CheckpointScan {
        try CheckpointScan(bytes: Fixture.named(name).bytes())
    }

    private func codes(_ scan: CheckpointScan) -> Set<String> {
        Set(scan.findings.map(\.code.rawValue))
    }

    @Test(arguments: Fixture.all.filter { $0.format != "broken" })
    func `a benign checkpoint is not dangerous`(_ fixture: Fixture) throws {
        let scan = try CheckpointScan(bytes: fixture.bytes())
        // torch.fx saves its modules as Python code, which torch.load runs: Specs/scanning.md.
        let holdsCode = fixture.name.contains("/modules_graph")
        #expect((scan.severity == .danger) == holdsCode, "\(scan.findings)")
        #expect(scan.isRecognized || fixture.name.hasSuffix("container_leading_bytes.pth"))
    }

    @Test(
        arguments: Fixture.all.filter {
            $0.format != "broken" && $0.row["weightsOnly"]?.bool == true
        })
    func `what weights_only takes names nothing unknown`(_ fixture: Fixture) throws {
        let scan = try CheckpointScan(bytes: fixture.bytes())
        #expect(scan.globals.allSatisfy { [.accepted, .script].contains($0.verdict) })
    }

    @Test(arguments: Fixture.all.filter { $0.format == "broken" })
    func `a broken file is never clean`(_ fixture: Fixture) throws {
        let scan = try CheckpointScan(bytes: fixture.bytes())
        let isSafetensors = scan.format == .safetensors
        let isHarmless = (try? Checkpoint(bytes: fixture.bytes()).tensorValues()) != nil
        #expect(!scan.isClean || isSafetensors || isHarmless, "\(fixture)")
    }

    @Test func `a call of os.system is dangerous, with its place`() throws {
        let scan = try scan("not_checkpoints/pickle_os_system.pth")
        let finding = try #require(scan.findings.first)
        #expect(finding.code == .dangerousGlobal && finding.severity == .danger)
        #expect(finding.record == "archive/data.pkl" && finding.offset == 2)
        let global = try #require(scan.globals.first)
        #expect(global.name.description == "posix.system" && global.uses == [.called])
        #expect(global.verdict == .dangerous)
    }

    @Test(arguments: [
        ("not_checkpoints/zip_duplicate_names.pth", "duplicateRecord"),
        ("not_checkpoints/zip_equal_but_for_case.pth", "duplicateRecord"),
        ("not_checkpoints/zip_local_name_differs.pth", "contradictoryHeaders"),
        ("not_checkpoints/zip_overlapping.pth", "overlappingRecords"),
        ("not_checkpoints/zip_encrypted_local_only.pth", "encryptedRecord"),
        ("not_checkpoints/zip_leaving_entry.pth", "unsafePath"),
        ("not_checkpoints/zip_unknown_method.pth", "unsupportedCompression"),
        ("not_checkpoints/pickle_no_stop.pth", "unreadablePickle"),
        ("not_checkpoints/pickle_after_stop.pth", "hiddenPickle"),
        ("not_checkpoints/tensor_past_storage.pth", "refused"),
        ("torch-2.13.0/container_wrong_crc.pth", "checksumMismatch"),
        ("torch-2.13.0/container_deflated.pth", "mmapUnsafe"),
        ("torch-2.13.0/container_trailing_bytes.pth", "trailingData"),
        ("torch-2.13.0/container_leading_bytes.pth", "prefixedArchive"),
        ("torch-2.13.0/torchscript_small.pt", "scriptCode"),
    ])
    func `each kind of trouble has its code`(_ file: String, _ code: String) throws {
        #expect(try codes(scan(file)).contains(code))
    }

    @Test func `a refusal has the code of the error`() throws {
        let scan = try scan("not_checkpoints/tensor_past_storage.pth")
        #expect(scan.findings.compactMap(\.error) == [.invalidTensor])
    }

    @Test func `a polyglot of a pickle and an archive is read as both`() throws {
        let archive = try Fixture.named("not_checkpoints/pickle_os_system.pth").bytes()
        let scan = try CheckpointScan(bytes: Array("\u{2}}.".utf8) + archive)
        #expect(codes(scan).isSuperset(of: ["dangerousGlobal", "prefixedArchive"]))
        let pickle: [UInt8] = [0x80, 2, 0x7D, 0x2E]
        #expect(try codes(CheckpointScan(bytes: pickle + archive)).contains("polyglot"))
    }

    @Test func `a pickle in a text of a pickle is found`() throws {
        let inner = "cos\\u000asystem\\u000a(Vid\\u000atR."
        let outer = Array("V\\u0080\\u0002\(inner)\n.".utf8)
        let scan = try CheckpointScan(bytes: outer)
        #expect(codes(scan).isSuperset(of: ["dangerousGlobal", "hiddenPickle"]))
        #expect(scan.globals.first?.record == "byte 1")
    }

    @Test func `what is deeper than the limit is said to be`() throws {
        var bytes: [UInt8] = [0x80, 2] + Array("cm\nf\n.".utf8)
        for _ in 0..<6 {
            let count = (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) }
            bytes = [0x80, 3] + Array("cm\nf\n0B".utf8) + count + bytes + [0x2E]
        }
        #expect(try codes(CheckpointScan(bytes: bytes)).contains("limitReached"))
        let limits = ScanLimits(depth: 8)
        #expect(try !codes(CheckpointScan(bytes: bytes, limits: limits)).contains("limitReached"))
    }

    @Test func `more beginnings of pickles than are tried are said to be there`() throws {
        let noise: [UInt8] = Array(repeatElement([0x80, 2, 0xFF], count: 64).joined())
        let bytes: [UInt8] = [0x80, 2, 0x4E, 0x2E] + noise
        #expect(try !codes(CheckpointScan(bytes: bytes)).contains("limitReached"))
        let limits = ScanLimits(attempts: 8)
        #expect(try codes(CheckpointScan(bytes: bytes, limits: limits)).contains("limitReached"))
    }

    @Test func `an inflated entry beyond the limit is said to be there`() throws {
        let bytes = try Fixture.named("torch-2.13.0/container_deflated.pth").bytes()
        let limits = ScanLimits(inflatedBytes: 8)
        #expect(try codes(CheckpointScan(bytes: bytes, limits: limits)).contains("limitReached"))
    }

    @Test func `a file that is no checkpoint is not recognized`() throws {
        let scan = try CheckpointScan(bytes: Array("# A heading\n\nSome text.\n".utf8))
        #expect(!scan.isRecognized)
        #expect(scan.findings.map(\.error) == [.unrecognizedFormat])
    }

    @Test func `a file that is not there is an error`() {
        #expect(throws: CheckpointError(.fileSystem, "")) {
            try CheckpointScan(contentsOf: "/nothing/here.pth")
        }
    }
}

@Suite struct GlobalVerdictTests {
    @Test(arguments: [
        ("os", "system"), ("posix", "system"), ("__builtin__", "eval"), ("commands", "getoutput"),
        ("builtins", "exec"), ("torch", "load"), ("torch.hub", "load"), ("sys", "modules"),
        ("torch.serialization", "os"), ("torch.serialization", "os.system"),
        ("collections", "OrderedDict.__init__.__globals__"), ("m", "A.__subclasses__"),
        ("numpy.testing._private.utils", "runstring"), ("os.path", "join"),
    ])
    func `a name that leads to harm is dangerous`(_ module: String, _ name: String) {
        #expect(GlobalVerdict(GlobalName(module: module, name: name)) == .dangerous)
    }

    @Test(arguments: [
        ("models.yolo", "Model"), ("ossuary", "system"), ("builtins", "list"),
        ("functools", "partial"), ("collections", "OrderedDict.fromkeys"), ("numpy", "dtype"),
        ("torch.nn.modules.linear", "Linear"), ("torch.loader", "x"),
    ])
    func `a name that nobody knows is unknown`(_ module: String, _ name: String) {
        #expect(GlobalVerdict(GlobalName(module: module, name: name)) == .unknown)
    }

    @Test func `no accepted name is dangerous`() throws {
        for name in try Source.text("../Specs/weights-only-globals.txt").split(separator: "\n") {
            let dot = try #require(name.lastIndex(of: "."))
            let global = GlobalName(
                module: String(name[..<dot]), name: String(name[name.index(after: dot)...]))
            #expect(GlobalVerdict(global) == .accepted, "\(name)")
        }
    }

    @Test func `every row of the table is dangerous, and nothing else is listed`() throws {
        let rows = try Source.text("../Specs/dangerous-globals.tsv").split(separator: "\n")
            .dropFirst().map { $0.split(separator: "\t").map(String.init) }
        #expect(rows.count > 250)
        let table = try Source.text("TorchCheckpoint/Scanning/DangerousGlobalTable.swift")
        let groups = table.matches(of: /reason: "([^"]+)",\s+names: """\n([^"]+)"""/)
        var listed: [[String]] = []
        for group in groups {
            listed += group.2.split(whereSeparator: \.isWhitespace).map {
                [String($0), String(group.1)]
            }
        }
        #expect(listed.sorted { $0[0] < $1[0] } == rows)
        for row in rows {
            let name = GlobalName(module: row[0], name: "x")
            #expect(GlobalVerdict(name) == .dangerous, "\(row[0])")
        }
    }

    @Test func `every finding has one row, with its severity`() throws {
        let declared = try Source.text("TorchCheckpoint/Scanning/ScanFindingCodes.swift").matches(
            of: /static let (\w+) = Self\(rawValue: "(\w+)"\)/)
        for code in declared { #expect(code.1 == code.2) }
        let rows = try SpecTable("scanning.md", "Findings").rows
        #expect(rows.map(\.[0]).sorted() == declared.map { String($0.1) }.sorted())
        #expect(rows.allSatisfy { ["danger", "warning", "note"].contains($0[1]) })
    }
}
