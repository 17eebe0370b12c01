import TestSupport
import Testing
import TorchCheckpoint

/// Fixtures with one edit each, as torch reads them afterwards.
@Suite struct EditedCheckpointTests {
    static let names = [
        "training_checkpoint_adam", "training_checkpoint_sgd", "training_lightning",
        "training_whole_module", "training_tied_weights", "training_scheduler",
        "writing_aliases", "writing_shared_storages", "writing_cuda_training", "values_keys",
        "values_containers", "values_collection_types", "view_aliases_in_lists",
        "view_several_views", "view_parameter", "quantized_qint8", "values_own_objects",
    ]
    static let newestNames = [
        "container_big_endian", "container_deflated", "container_protocol_4", "container_unaligned",
        "container_unused_records", "container_wrong_crc", "container_reordered",
        "container_comment", "container_no_byteorder", "container_capital_data_pkl",
        "container_directory_entry",
        "writing_alignment_4096", "writing_checksums_off", "writing_file_object_4096",
        "writing_cycles", "writing_list_root_cycle", "writing_modules", "writing_reduced_cycles",
        "values_cycles", "values_aliases", "protocol_1_tensors", "protocol_5_tensors",
        "protocol_0_values", "protocol_3_tensors", "top_list", "top_int", "dtype_uint16",
        "dtype_float8_e4m3fn", "view_lazy_conj_neg", "view_sparse_coo", "view_nested", "view_meta",
        "view_storage_beside_tensor",
    ]

    static let fixtures: [Fixture] = {
        let versions = ["1.13.1", "2.1.2", "2.6.0", "2.13.0"]
        let files =
            versions.flatMap { version in Self.names.map { "torch-\(version)/\($0).pth" } }
            + newestNames.map { "torch-2.13.0/\($0).pth" }
        return Fixture.readable("zip").filter { files.contains($0.name) }
    }()

    @Test func `there are enough fixtures`() {
        #expect(Self.fixtures.count == 4 * Self.names.count + Self.newestNames.count)
    }

    @Test func `torch sees an edit and nothing else`() throws {
        var checks = try WrittenChecks()
        var counts: [EditKind: Int] = [:]
        for kind in EditKind.allCases {
            for fixture in Self.fixtures {
                let original = try fixture.checkpoint()
                var checkpoint = original
                guard let edit = try kind.make(in: &checkpoint) else { continue }
                counts[kind, default: 0] += 1
                let path = checks.path()
                var options = fixture.saveOptions
                if kind == .device { options.mapLocation = .device(.cuda(3)) }
                try checkpoint.write(to: path, options: options)
                checks.edits([edit], of: fixture, path, "\(kind)")
                let changed = try changedRecords(edit, fixture, original, checkpoint, path)
                checks.records(of: fixture, path, but: changed, "\(kind)")
            }
        }
        for kind in EditKind.allCases { #expect(counts[kind, default: 0] >= 25, "\(kind)") }
        try checks.run()
    }

    @Test func `collections of Python's library are edited as Python does it`() throws {
        let cases: [(file: String, path: CheckpointPath, value: JSONValue?)] = [
            ("collection_types", ["defaultdict", "new"], ["int": "3"]),
            ("collection_types", ["defaultdict", "a"], nil),
            ("collection_types", ["default_of_lists", "t", 0], ["str": "x"]),
            ("collection_types", ["deque", 1], ["float": "c000000000000000"]),
            ("collection_types", ["deque", 0], nil), ("collection_types", ["deque"], nil),
            ("collection_types", ["bounded_deque", 0], ["list": []]),
            ("ordered", ["counter", "b"], ["int": "-7"]), ("ordered", ["counter", "a"], nil),
            ("ordered", ["counter", "new"], ["int": "5"]),
            ("ordered", ["empty", "new"], ["int": "5"]), ("ordered", ["one", "a"], nil),
            ("own_objects", ["plain", "b"], ["dict": []]), ("own_objects", ["plain", "a"], nil),
            ("own_objects", ["plain", "new"], ["none": nil]), ("own_objects", ["enum"], nil),
            ("own_objects", ["nested", "inner", "x"], ["bool": true]),
        ]
        var checks = try WrittenChecks()
        for version in ["1.13.1", "2.13.0"] {
            for row in cases {
                let fixture = try Fixture.named("torch-\(version)/values_\(row.file).pth")
                var checkpoint = try fixture.checkpoint()
                try checkpoint.set(row.path, to: row.value)
                let path = checks.path()
                try checkpoint.write(to: path, options: fixture.saveOptions)
                let task = row.path.task ?? []
                let edit: JSONValue =
                    row.value.map { ["op": "set", "path": task, "value": $0] }
                    ?? ["op": "remove", "path": task]
                checks.edits([edit], of: fixture, path, "\(row.path)")
            }
        }
        try checks.run()
    }

    /// The records that are new, gone or written anew.
    private func changedRecords(
        _ edit: JSONValue, _ fixture: Fixture, _ original: Checkpoint, _ edited: Checkpoint,
        _ path: String
    ) throws -> Set<String> {
        let old = try Fixture.recordNames(fixture.path)
        let new = try Fixture.recordNames(path)
        let (lost, added) = (old.subtracting(new), new.subtracting(old))
        // Nothing goes but the storages that are no longer referred to, and the promise that all
        // lie in order, which `check_written.py` has torch rely on where it is.
        let unused = try original.storageRecords().subtracting(edited.storageRecords())
        #expect(lost.subtracting([".format_version"]) == unused, "\(fixture): \(edit)")
        #expect(added.count == (edit["op"] == "tensor" ? 1 : 0), "\(fixture): \(added)")
        let written = old.filter {
            ["data.pkl", ".data/serialization_id"].contains($0.lowercased())
        }
        return lost.union(added).union(written)
    }
}

extension Checkpoint {
    /// Sets what a typed value says, or removes what is there.
    fileprivate mutating func set(_ path: CheckpointPath, to value: JSONValue?) throws {
        if let value {
            try set(TypedValue(tensors: []).value(value), at: path)
        } else {
            try remove(at: path)
        }
    }

    /// The records of the storages that tensors or bare storages are over.
    fileprivate func storageRecords() throws -> Set<String> {
        var traversal = Traversal(root)
        var keys: Set<String> = []
        while let visit = try traversal.next() {
            for storage in try visit.value.storages { keys.insert("data/" + (storage.key ?? "")) }
        }
        return keys
    }
}

extension CheckpointValue {
    /// The storage that this is, or that it is over.
    fileprivate var storages: [Storage] {
        get throws {
            guard isAnyTensor else { return storage.map { [$0] } ?? [] }
            return switch try tensorValue() {
            case .strided(let tensor): [tensor.storage].filter(\.hasData)
            case .sparse(let tensor): tensor.parts.map(\.tensor.storage)
            case .nested(let tensor): tensor.parts.map(\.tensor.storage)
            case .uninitialized: []
            }
        }
    }
}
