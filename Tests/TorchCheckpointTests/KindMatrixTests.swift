import TestSupport
import Testing
import TorchCheckpoint

/// Every kind of value, with every dtype, in every container, by every version of torch, against
/// what torch reads.
@Suite struct KindMatrixTests {
    static let matrix = Fixture.all.filter { $0.isOfKindMatrix && $0.error == nil }
    static let zips = matrix.filter { $0.format == "zip" }
    static let writers = ["1.13.1", "2.1.2", "2.6.0", "2.13.0"]

    /// Tensors that this version does not list as torch does, by the first step of their paths.
    static let waiting: Set = [
        "rebuild_from_type", "rebuild_from_type_plain", "device_from_numpy",
        "device_from_numpy_cast", "device_from_cpu_tensor", "device_from_cpu_tensor_cast",
        "tagged_parameter",
    ]

    static func isRead(_ row: JSONValue) -> Bool {
        let first = row["path"]?.array?.first?.string ?? ""
        return FixtureTests.isRead(row) && !waiting.contains(first)
    }

    @Test(arguments: zips)
    func `every plain tensor equals what torch reads`(_ fixture: Fixture) throws {
        let entries = try Checkpoint(contentsOf: FilePath(fixture.path)).tensors()
        var byPath: [JSONValue: Tensor] = [:]
        for entry in entries { byPath[entry.path.json] = entry.tensor }
        for row in fixture.tensors.filter(Self.isRead) {
            let path = row["path"] ?? .null
            try expect(#require(byPath[path], "no tensor at \(path)"), toEqual: row, at: path)
        }
    }

    /// Rows that say of which encoding byte strings are, and a class that a function makes, wait.
    static let withValues = matrix.filter { fixture in
        ["zip", "pickle"].contains(fixture.format) && fixture.row["encoding"] == nil
            && !fixture.name.contains("modules_graph")
    }

    @Test(arguments: withValues)
    func `every value equals what torch reads`(_ fixture: Fixture) throws {
        try fixture.expectValues()
    }

    @Test(arguments: matrix.filter { $0.format == "torchscript" })
    func `the tensors of a script are those that torch finds in its modules`(
        _ fixture: Fixture
    ) throws {
        let checkpoint = try Checkpoint(contentsOf: FilePath(fixture.path))
        let found = try checkpoint.tensors().map { try Content($0.tensor) }
        let wanted = try fixture.tensors.filter(Self.isRead).map(Content.init)
        #expect(found.counts == wanted.counts)
    }

    /// Quantized modules make the scales in their state dicts from numbers.
    static let plainModules = zips.filter {
        $0.row["stateDict"] != nil && !$0.name.contains("modules_quantized")
    }

    @Test(arguments: plainModules)
    func `every plain entry of a module's state dict is a tensor of the file`(
        _ fixture: Fixture
    ) throws {
        let entries = try Checkpoint(contentsOf: FilePath(fixture.path)).tensors()
        let found = try Set(entries.map { try Content($0.tensor) })
        for row in fixture.row["stateDict"]?.array ?? [] where row["sha256"] != nil {
            #expect(try found.contains(Content(row)), "\(row)")
        }
    }
}

extension KindMatrixTests {
    /// The base names that a version of torch has in a container.
    private func names(by writer: String, _ isWanted: (Fixture) -> Bool) -> Set<String> {
        let files = Fixture.all.filter { $0.row["writer"]?.string == writer && isWanted($0) }
        return Set(files.compactMap { $0.name.split(separator: "/").last.map(String.init) })
    }

    @Test(arguments: writers)
    func `every kind is there in both containers`(_ writer: String) {
        let zips = names(by: writer) { $0.format == "zip" }
        let legacy = names(by: writer) { $0.format == "legacy" }
        let both = ["quantized", "sparse_coo", "sparse_csr", "meta", "lazy", "subclasses"]
        for kind in both + ["wrappers", "storages", "calls"] {
            #expect(zips.contains("kinds_\(kind).pth"))
            #expect(legacy.contains("kinds_\(kind)_legacy.pth"))
        }
        for kind in [
            "linear", "shared", "tied", "buffers", "transformer", "lstm", "holder", "graph",
        ] {
            #expect(zips.contains("modules_\(kind).pth"))
            #expect(legacy.contains("modules_\(kind)_legacy.pth"))
        }
        #expect(names(by: writer) { $0.format == "torchscript" }.count >= 9)
    }

    @Test func `newer kinds are there by the versions that can write them`() {
        for writer in ["2.6.0", "2.13.0"] {
            let zips = names(by: writer) { $0.format == "zip" }
            for kind in ["nested", "jagged", "sparse_csc", "sparse_bsr", "sparse_bsc"] {
                #expect(zips.contains("kinds_\(kind).pth"), "\(writer)")
            }
            #expect(zips.isSuperset(of: ["exported_weighted.pt2", "exported_tied.pt2"]))
        }
        #expect(names(by: "hand") { $0.format == "tar" }.count >= 6)
        #expect(names(by: "hand") { $0.format == "legacy" }.count >= 6)
        #expect(names(by: "hand") { $0.row["encoding"] != nil }.count >= 7)
    }

    @Test func `every layout and every dtype that has it is there`() {
        var dtypes: [String: Set<String>] = [:]
        for row in Self.matrix.flatMap(\.tensors) {
            guard let layout = row["layout"]?.string, let dtype = row["dtype"]?.string
            else { continue }
            dtypes[row["device"]?.string == "meta" ? "meta" : layout, default: []].insert(dtype)
        }
        let layouts: Set = [
            "strided", "meta", "nested", "jagged", "wrapper", "uninitialized", "sparse_coo",
            "sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc",
        ]
        #expect(Set(dtypes.keys) == layouts)
        #expect(dtypes["meta", default: []].count > 20)
        for layout in ["sparse_coo", "nested", "jagged"] {
            #expect(dtypes[layout, default: []].count >= 12, "\(layout)")
        }
        #expect(dtypes["sparse_csr", default: []].count >= 8)
    }

    @Test func `every module and script has its state dict`() {
        let modules = Self.matrix.filter {
            $0.name.contains("/modules_") || $0.format == "torchscript"
        }
        #expect(modules.count > 150)
        #expect(modules.filter { $0.row["stateDict"] == nil }.map(\.name) == [])
    }
}
