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
    /// The objects of records that are no tensors' bytes: a list can name one any number of times.
    private var objects: [String: NodeID] = [:]

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
        let json = try JSONRecord(list, of: records)
        do throws(CheckpointError) {
            let tensors = try json.decode(PayloadConfig.self).config
            var entries: [NodeID] = []
            for (name, tensor) in try Self.inOrder(tensors, json) {
                try entries.append(contents.graph.addText(name))
                try entries.append(add(tensor, named: name, of: payload, to: contents))
            }
            return contents.graph.addOrderedDictionary(entries)
        } catch {
            throw error.inRecord(list)
        }
    }

    private mutating func add(
        _ meta: PayloadMeta, named name: String, of payload: Payload,
        to contents: CheckpointContents
    ) throws(CheckpointError) -> NodeID {
        do throws(CheckpointError) {
            return try add(meta, of: payload, to: contents)
        } catch {
            throw error.atKeyPath(CheckpointPath([.string(name)]).description)
        }
    }

    private mutating func add(
        _ meta: PayloadMeta, of payload: Payload, to contents: CheckpointContents
    ) throws(CheckpointError) -> NodeID {
        let record = payload.folder + meta.pathName
        let isTensor = meta.pathName.hasPrefix(payload.tensorPrefix)
        guard isTensor, !meta.usesPickle else {
            if let known = objects[record] { return known }
            let object = try add(record, isPickle: isTensor, to: contents)
            objects[record] = object
            return object
        }
        guard let tensor = meta.tensor else {
            throw Self.malformed("there is no 'tensor_meta' of the bytes of a tensor")
        }
        return try contents.add(
            self.tensor(tensor, inRecord: record, isParameter: meta.isParameter), &names)
    }

    private func add(
        _ record: String, isPickle: Bool, to contents: CheckpointContents
    ) throws(CheckpointError) -> NodeID {
        guard !isPickle else { return try add(contentsOf: record, to: contents) }
        return try contents.graph.addBytes(
            records.wholeContents(of: records.requireEntry(record)).copyBytes())
    }

    private mutating func tensor(
        _ meta: TensorMeta, inRecord record: String, isParameter: Bool
    ) throws(CheckpointError) -> Tensor {
        guard meta.layout.value == Self.stridedLayout else {
            throw Self.malformed(
                "the layout is \(meta.layout.value), and \(Self.stridedLayout), a strided tensor, "
                    + "was expected")
        }
        guard let dtype = Self.dtypes[meta.dtype.value] else {
            throw Self.malformed(
                "the dtype \(meta.dtype.value) is the number of none that is known")
        }
        return try Tensor(
            storage: storages.storage(inRecord: record, device: Self.device(meta.device)),
            dtype: dtype,
            layout: TensorLayout(
                shape: meta.sizes.map(\.integer.value), strides: meta.strides.map(\.integer.value),
                offset: meta.storageOffset.integer.value),
            requiresGrad: meta.requiresGrad, isParameter: isParameter)
    }

    private static func device(_ name: TensorMeta.DeviceName) -> Device {
        Device(rawValue: name.index.map { "\(name.type):\($0.value)" } ?? name.type)
    }

    /// The order of the list is that of the state dict.
    private static func inOrder(
        _ tensors: [String: PayloadMeta], _ json: JSONRecord
    ) throws(CheckpointError) -> [(name: String, meta: PayloadMeta)] {
        let names = try json.names(in: PayloadConfig.field)
        let ordered = names.compactMap { name in tensors[name].map { (name, $0) } }
        guard names.count == tensors.count, ordered.count == tensors.count else {
            throw malformed("two of the names are the same, or the same to Unicode")
        }
        return ordered
    }

    private static func malformed(_ what: String) -> CheckpointError {
        CheckpointError(.malformedJSON, what, advice: CheckpointContents.adviceOnDamage)
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
    convenience init(
        objectIn region: ByteRegion, filePath: String?, options: LoadOptions
    ) throws(CheckpointError) {
        let records = try RecordArchive(region, limits: options.zipLimits)
        let source = try CheckpointSource(filePath: filePath, region: region, records: records)
        let pickle = try records.contents(of: records.requireEntry(ArchivePart.data.pickle))
        let graph = try PickleGraph(parsing: pickle, limits: options.pickleLimits)
        try self.init(source, graph: graph, options: options)
    }
}
