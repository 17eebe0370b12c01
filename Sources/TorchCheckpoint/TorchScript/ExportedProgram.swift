import ByteIO
import Pickle
import Tensors

/// Reads the tensors of an archive of `torch.export.save`: `Specs/archive.md`.
struct ExportedProgram {
    /// The tensors that the archive has of one kind.
    struct Payload {
        let folder: String
        /// How the record ends that lists them, behind the model's name.
        let listSuffix: String
        /// How the records of tensors begin; others are pickles of other objects.
        let tensorPrefix: String
        /// The record that has all of them in archives up to torch 2.7.
        let oldRecord: String

        static let weights = Payload(
            folder: "data/weights/", listSuffix: "_weights_config.json", tensorPrefix: "weight_",
            oldRecord: oldStateDictName)
        static let constants = Payload(
            folder: "data/constants/", listSuffix: "_constants_config.json",
            tensorPrefix: "tensor_", oldRecord: "serialized_constants.pt")
    }

    static let oldStateDictName = "serialized_state_dict.pt"

    private let options: LoadOptions
    private var storages: ProgramStorages
    private var records: RecordArchive { storages.records }
    private var names = TensorNames()

    init(_ records: RecordArchive, _ options: LoadOptions) throws(CheckpointError) {
        self.options = options
        storages = try ProgramStorages(records)
    }

    /// Adds the tensors of a kind: by their names, or below the names of programs when there are
    /// several.
    mutating func addRoot(
        _ payload: Payload, to contents: CheckpointContents
    ) throws(CheckpointError) -> NodeID {
        guard !records.root.isEmpty else {
            return try add(contentsOf: payload.oldRecord, to: contents)
        }
        let models = records.names(below: "models/", suffix: ".json")
        guard let first = models.first else {
            throw CheckpointError(
                .unsupportedFormat,
                "is an archive of torch.export without a program, perhaps of compiled code alone",
                advice: "Name a file that torch.export.save has written")
        }
        guard models.count > 1 else { return try add(payload, of: first, to: contents) }
        var entries: [NodeID] = []
        for model in models {
            try entries += [
                contents.graph.addText(model), add(payload, of: model, to: contents),
            ]
        }
        return contents.graph.addOrderedDictionary(entries)
    }

    private mutating func add(
        _ payload: Payload, of model: String, to contents: CheckpointContents
    ) throws(CheckpointError) -> NodeID {
        let whole = payload.folder + model + ".pt"
        if records.has(whole) { return try add(contentsOf: whole, to: contents) }
        let list = payload.folder + model + payload.listSuffix
        let text = try records.wholeContents(of: records.requireEntry(list))
        do throws(CheckpointError) {
            var entries: [NodeID] = []
            for (name, tensor) in try JSONDocument(text).root.require("config").entries() {
                try entries.append(contents.graph.addText(name))
                try entries.append(add(tensor, named: name, of: payload, to: contents))
            }
            return contents.graph.addOrderedDictionary(entries)
        } catch {
            throw error.inRecord(list)
        }
    }

    private mutating func add(
        _ json: JSONValue, named name: String, of payload: Payload, to contents: CheckpointContents
    ) throws(CheckpointError) -> NodeID {
        do throws(CheckpointError) {
            return try add(json, of: payload, to: contents)
        } catch {
            throw error.atKeyPath(CheckpointPath([.string(name)]).description)
        }
    }

    private mutating func add(
        _ json: JSONValue, of payload: Payload, to contents: CheckpointContents
    ) throws(CheckpointError) -> NodeID {
        let name = try json.require("path_name").string()
        let record = payload.folder + name
        guard name.hasPrefix(payload.tensorPrefix) else {
            return try contents.graph.addBytes(
                records.wholeContents(of: records.requireEntry(record)).copyBytes())
        }
        if try json.require("use_pickle").bool() {
            return try add(contentsOf: record, to: contents)
        }
        let tensor = try tensor(
            json.require("tensor_meta"), inRecord: record,
            isParameter: json.require("is_param").bool())
        return try contents.add(tensor, &names)
    }

    private mutating func tensor(
        _ json: JSONValue, inRecord record: String, isParameter: Bool
    ) throws(CheckpointError) -> Tensor {
        let layout = try json.require("layout")
        guard try layout.integer() == Self.stridedLayout else {
            throw layout.mismatch("\(Self.stridedLayout), a strided tensor,")
        }
        let type = try json.require("dtype")
        guard let dtype = Self.dtypes[try type.integer()] else {
            throw type.mismatch("the number of a known dtype")
        }
        return try Tensor(
            storage: storages.storage(
                inRecord: record, device: Self.device(json.require("device"))),
            dtype: dtype,
            layout: TensorLayout(
                shape: Self.integers(json.require("sizes")),
                strides: Self.integers(json.require("strides")),
                offset: json.require("storage_offset").require("as_int").integer()),
            requiresGrad: json.require("requires_grad").bool(), isParameter: isParameter)
    }

    // Sizes may be symbols in a program, but not of a tensor that is there.
    private static func integers(_ json: JSONValue) throws(CheckpointError) -> [Int] {
        var integers: [Int] = []
        for element in try json.elements() {
            try integers.append(element.require("as_int").integer())
        }
        return integers
    }

    private static func device(_ json: JSONValue) throws(CheckpointError) -> Device {
        let type = try json.require("type").string()
        guard let index = try json.field("index")?.integer() else { return Device(rawValue: type) }
        return Device(rawValue: "\(type):\(index)")
    }

    // Layout and ScalarType of torch._export.serde.schema.
    private static let stridedLayout = 7
    private static let dtypes: [Int: DType] = [
        1: .uint8, 2: .int8, 3: .int16, 4: .int32, 5: .int64, 6: .float16, 7: .float32,
        8: .float64, 9: .complex32, 10: .complex64, 11: .complex128, 12: .bool, 13: .bfloat16,
        28: .uint16, 29: .float8E4M3FN, 30: .float8E5M2, 31: .float8E4M3FNUZ,
        32: .float8E5M2FNUZ, 33: .float8E8M0FNU, 34: .uint32, 35: .uint64,
    ]

    /// Adds what a record has that is itself a file of `torch.save`.
    private func add(
        contentsOf record: String, to contents: CheckpointContents
    ) throws(CheckpointError) -> NodeID {
        let entry = try records.requireEntry(record)
        do throws(CheckpointError) {
            let inner = try CheckpointContents(
                objectIn: records.contents(of: entry), filePath: contents.source.filePath,
                options: options)
            return try contents.add(CheckpointValue(contents: inner, id: inner.graph.root))
        } catch {
            throw error.inRecord(record)
        }
    }
}

extension CheckpointContents {
    /// Reads a file of `torch.save` that is a record of another archive.
    ///
    /// Only a plain one: archives in archives in archives would have no end.
    fileprivate convenience init(
        objectIn region: ByteRegion, filePath: String?, options: LoadOptions
    ) throws(CheckpointError) {
        let records = try RecordArchive(region, limits: options.zipLimits)
        let source = try CheckpointSource(
            format: .zip, filePath: filePath, region: region, records: records)
        let pickle = try records.contents(of: records.requireEntry(ArchivePart.data.pickle))
        let graph = try PickleGraph(parsing: pickle, limits: options.pickleLimits)
        try self.init(source, graph: graph, options: options)
    }
}
