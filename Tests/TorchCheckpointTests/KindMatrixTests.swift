import TestSupport
import Testing
import TorchCheckpoint

/// Every kind of value, with every dtype, in every container, by every version of torch, against
/// what torch reads.
@Suite struct KindMatrixTests {
    static let matrix = Fixture.all.filter { $0.isOfKindMatrix && $0.error == nil }
    static let writers = ["1.13.1", "2.1.2", "2.6.0", "2.13.0"]

    /// A class that a function makes waits.
    static let withValues = matrix.filter { fixture in
        fixture.format != "torchscript" && !fixture.name.contains("modules_graph")
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
        let wanted = try fixture.tensors.filter(FixtureTests.isRead).map(Content.init)
        #expect(found.counts == wanted.counts)
    }

    @Test(arguments: Fixture.all.filter { $0.row["stateDict"] != nil })
    func `a module, script or program has the state dict that it has in Python`(
        _ fixture: Fixture
    ) throws {
        // What a method of the module gives is not in the file.
        let rows = (fixture.row["stateDict"]?.array ?? []).filter {
            $0["name"]?.string?.hasSuffix("_extra_state") != true
        }
        let state = try fixture.asTorchReadIt().stateDict()
        // Scripts have their parameters first, and then their buffers.
        let isPlain = { (row: JSONValue) in row["sha256"] != nil }
        let names = { (rows: [JSONValue]) in rows.compactMap { $0["name"]?.string } }
        #expect(state.names == names(rows.filter(isPlain)))
        #expect(Array(state.extras.keys) == names(rows.filter { !isPlain($0) }))
        for row in rows {
            let name = try #require(row["name"]?.string)
            if isPlain(row) {
                #expect(try Content(state.tensor(name)) == Content(row), "\(name)")
            } else {
                try check(#require(state.extras[name], "\(name)"), row, name)
            }
        }
    }

    /// A value of a state dict that is no plain tensor, by its repr or by what it is made of.
    private func check(_ value: CheckpointValue, _ row: JSONValue, _ name: String) throws {
        if let repr = row["repr"]?.string {
            #expect(value.pythonRepr() == repr, "\(name)")
            return
        }
        let items = try #require(row["items"]?.array, "\(name)")
        let found = try #require(value.array, "\(name)")
        #expect(found.count == items.count, "\(name)")
        for (item, row) in zip(found, items) {
            if row["sha256"] == nil {
                try check(item, row, name)
            } else {
                let tensor = try item.tensor()
                #expect(try Content(tensor) == Content(row), "\(name)")
                try checkQuantization(of: tensor, row)
            }
        }
    }
}

extension Fixture {
    /// The file, with the encoding of byte strings that torch was given.
    func asTorchReadIt() throws -> Checkpoint {
        let encoding = row["encoding"]?.string.flatMap(PickleEncoding.init(rawValue:)) ?? .utf8
        return try Checkpoint(
            contentsOf: FilePath(path), options: LoadOptions(encoding: encoding))
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
