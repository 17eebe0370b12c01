import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// The tables of `Specs/` against the code that they describe.
@Suite struct SpecTableTests {
    @Test func `every error code has one row, and every row is an error code`() throws {
        let declaration = /static let (\w+) = Self\(rawValue: "(\w+)"\)/
        let sources = try Source.files { $0.contains("ErrorCode") }
        let codes = try sources.flatMap { try Source.text($0).matches(of: declaration) }
        #expect(codes.count > 30)
        for code in codes { #expect(code.1 == code.2, "a code's raw value is its name") }
        let rows = try SpecTable("errors.md", "Codes").rows
        #expect(rows.map(\.[0]).sorted() == codes.map { String($0.1) }.sorted())
    }

    @Test func `an error code's row names the layer that declares it`() throws {
        for row in try SpecTable("errors.md", "Codes").rows {
            let sources = try Source.files {
                $0.contains("/\(row[1])/") && $0.contains("ErrorCode")
            }
            let text = try sources.map(Source.text).joined()
            #expect(text.contains("static let \(row[0]) = "), "\(row[0]) is not one of \(row[1])")
            #expect(row.count == 4 && !row[2].isEmpty && !row[3].isEmpty)
        }
    }

    @Test func `every dtype has one row with its name, size and safetensors name`() throws {
        let cases = try Source.text("Tensors/DType.swift").matches(
            of: /(?m)^    case (\w+)(?: = "(\w+)")?$/)
        let rows = try SpecTable("tensors.md", "Dtypes").rows
        #expect(rows.map(\.[1]).sorted() == cases.map { String($0.1) }.sorted())
        #expect(rows.map(\.[0]) == DType.allCases.map(\.rawValue))
        for row in rows {
            let swiftCase = try #require(cases.first { $0.1 == row[1] })
            let dtype = try #require(DType(rawValue: row[0]))
            #expect(String(swiftCase.2 ?? swiftCase.1) == row[0])
            #expect(Int(row[2]) == dtype.itemSize, "\(dtype)")
            #expect(row[5] == SafetensorsDType(dtype)?.rawValue ?? "–", "\(dtype)")
        }
    }

    @Test func `a dtype's row names its storage class`() throws {
        let classes = try Source.text("TorchCheckpoint/Resolving/GlobalRole.swift").matches(
            of: /"(\w+Storage)": \.(\w+)/)
        let rows = try SpecTable("tensors.md", "Dtypes").rows
        #expect(classes.count == rows.count { $0[3] != "untyped" })
        for row in rows {
            let found = classes.first { $0.2 == row[1] }.map { String($0.1) }
            #expect(row[3] == found ?? "untyped", "\(row[0])")
        }
    }

    @Test func `a dtype's row names the Swift type of its elements`() throws {
        for row in try SpecTable("tensors.md", "Dtypes").rows where !row[4].hasPrefix("Complex") {
            let type = try #require(Self.elementTypes.first { "\($0)" == row[4] }, "\(row[4])")
            #expect(type.dtypes.contains { $0.rawValue == row[0] }, "\(row[0]) as \(type)")
        }
    }

    #if os(macOS) && arch(x86_64)
        private static let halves: [any TensorElement.Type] = []
    #else
        private static let halves: [any TensorElement.Type] = [Float16.self]
    #endif

    private static let elementTypes: [any TensorElement.Type] =
        halves + [
            Double.self, Float.self, BFloat16.self, Float8E5M2.self, Float8E4M3FN.self,
            Float8E5M2FNUZ.self, Float8E4M3FNUZ.self, Float8E8M0FNU.self, Float4E2M1FNx2.self,
            Int64.self, Int32.self, Int16.self, Int8.self, UInt64.self, UInt32.self, UInt16.self,
            UInt8.self, Bool.self,
        ]

    @Test func `every rebuild function that is read has one row`() throws {
        let declared = try Source.text("TorchCheckpoint/Resolving/GlobalRole.swift").matches(
            of: /case \w+ = "(_rebuild\w+)"/)
        let rows = try SpecTable("tensors.md", "Rebuild functions").rows
        #expect(rows.map(\.[0]).sorted() == declared.map { String($0.1) }.sorted())
    }
}

/// `Specs/limits.md` against the limits.
extension SpecTableTests {
    @Test func `every limit that a caller sets has one row with its default`() throws {
        let rows = try SpecTable("limits.md", "Limits that a caller sets").rows
        #expect(Dictionary(rows.map { ($0[0], Int($0[1])) }) { first, _ in first } == Self.defaults)
        #expect(rows.count == Self.defaults.count)
        let declared = try [
            "Pickle/PickleLimits", "ZipArchive/ZipLimits", "TorchCheckpoint/ValueLimits",
        ].flatMap {
            try Source.text($0 + ".swift").matches(of: /public var \w+: Int/)
        }
        #expect(declared.count == rows.count)
    }

    private static let defaults: [String: Int?] = [
        "PickleLimits.bytes": PickleLimits.default.bytes,
        "PickleLimits.instructions": PickleLimits.default.instructions,
        "PickleLimits.nodes": PickleLimits.default.nodes,
        "PickleLimits.memoSlots": PickleLimits.default.memoSlots,
        "PickleLimits.stackObjects": PickleLimits.default.stackObjects,
        "PickleLimits.marks": PickleLimits.default.marks,
        "PickleLimits.textBytes": PickleLimits.default.textBytes,
        "PickleLimits.integerBytes": PickleLimits.default.integerBytes,
        "PickleLimits.integerDigits": PickleLimits.default.integerDigits,
        "PickleLimits.nameBytes": PickleLimits.default.nameBytes,
        "ZipLimits.entries": ZipLimits.default.entries,
        "ZipLimits.nameBytes": ZipLimits.default.nameBytes,
        "ZipLimits.inflatedBytes": ZipLimits.default.inflatedBytes,
        "ZipLimits.inflationRatio": ZipLimits.default.inflationRatio,
        "ZipLimits.recordBytes": ZipLimits.default.recordBytes,
        "ZipLimits.recordRatio": ZipLimits.default.recordRatio,
        "ValueLimits.depth": ValueLimits.default.depth,
        "ValueLimits.decodingDepth": ValueLimits.default.decodingDepth,
        "ValueLimits.tensors": ValueLimits.default.tensors,
    ]

    @Test func `options without arguments have the default limits`() {
        #expect(LoadOptions().pickleLimits == .default)
        #expect(LoadOptions().zipLimits == .default)
        #expect(LoadOptions().valueLimits == .default)
    }

    @Test func `every constant named maximum has one row with its value`() throws {
        var declared: [String: Int] = [:]
        for file in try Source.files(where: { _ in true }) {
            let constants = try Source.text(file).matches(
                of: /static let (maximum\w+) = ([0-9_]+)(?: << ([0-9]+))?\n/)
            for constant in constants {
                let value = try #require(Int(constant.2.filter { $0 != "_" }))
                let shift = constant.3.flatMap { Int($0) } ?? 0
                declared["\(Self.owner(of: file)).\(constant.1)"] = value << shift
            }
        }
        let rows = try SpecTable("limits.md", "Fixed limits").rows
        #expect(declared.count == rows.count)
        for row in rows { #expect(declared[row[0]] == Int(row[1]), "\(row[0])") }
    }

    /// The type that a file is named after.
    private static func owner(of file: String) -> String {
        let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
        // The one type that is inside another one's file.
        if name == "Checkpoint+Safetensors" { return "SafetensorsContents" }
        return name.split(separator: "+").first.map(String.init) ?? name
    }
}

/// `Specs/weights-only-globals.txt` against the policy and against torch.
extension SpecTableTests {
    private static func listed() throws -> [String] {
        try Source.text("../Specs/weights-only-globals.txt").split(separator: "\n").map(String.init)
    }

    /// A name with its module, cut at the last dot.
    private static func global(_ name: String) throws -> GlobalName {
        let dot = try #require(name.lastIndex(of: "."))
        return GlobalName(
            module: String(name[..<dot]), name: String(name[name.index(after: dot)...]))
    }

    @Test func `the weights-only policy accepts the 144 listed names`() throws {
        let names = try Self.listed()
        #expect(names.count == 144)
        #expect(names == Set(names).sorted())
        for name in names {
            #expect(GlobalPolicy.weightsOnly.accepts(try Self.global(name)), "\(name)")
        }
    }

    @Test func `the weights-only policy refuses names that differ from listed ones`() throws {
        for name in try Self.listed() {
            let global = try Self.global(name)
            for (module, name) in [
                (global.module, global.name + "_"), (global.module, "_" + global.name),
                (global.module, global.name.uppercased() + "."), (global.module + "x", global.name),
                ("os." + global.module, global.name), ("", global.name),
            ] {
                let other = GlobalName(module: module, name: name)
                #expect(!GlobalPolicy.weightsOnly.accepts(other), "\(other)")
            }
        }
    }

    @Test(arguments: [
        "os.system", "posix.system", "builtins.eval", "builtins.exec", "builtins.getattr",
        "builtins.frozenset", "builtins.bytes", "builtins.dict", "__builtin__.eval",
        "collections.defaultdict", "collections.deque", "argparse.Namespace", "torch.load",
        "torch.bcomplex32", "torch.int8_t", "torch.int0", "torch.uint64_t", "torch.nn.Module",
        "torch.nn.modules.linear.Linear", "torch.jit.load", "torch.strided", "torch.sparse_coo",
        "torch.QInt8Tensor", "torch.sparse.BoolTensor", "torch.ComplexFloatTensor",
        "torch.cuda.QInt8Storage", "torch.Storage", "numpy.core.multiarray._reconstruct",
        "torch._utils._rebuild_xla_tensor", "torch._tensor._rebuild_tensor_v2",
    ])
    func `the weights-only policy refuses a name that is not listed`(_ name: String) throws {
        #expect(!GlobalPolicy.weightsOnly.accepts(try Self.global(name)))
        #expect(GlobalPolicy.inert.accepts(try Self.global(name)))
    }

    @Test func `the list is torch's own`() throws {
        let code = """
            import torch
            print(*sorted(torch._weights_only_unpickler._get_allowed_globals()), sep="\\n")
            """
        let outcome = try TorchPython.run(code: code)
        try #require(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.split(separator: "\n").map(String.init) == (try Self.listed()))
    }
}
