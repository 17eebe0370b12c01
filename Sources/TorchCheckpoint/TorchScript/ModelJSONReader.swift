import ByteIO
import Pickle
import Tensors

/// Makes a tree of dictionaries of a `model.json`: a module is an `OrderedDict` of its parameters,
/// buffers and submodules by their names.
struct ModelJSONReader {
    private let model: ModelDescription
    private let options: LoadOptions
    private var storages: ProgramStorages
    private var tensors: [ModelDescription.Tensor] { model.tensors ?? [] }
    /// The tensors that were added, by their numbers.
    private var added: [Int: NodeID] = [:]
    private var attributes: [NodeID] = []
    /// What wrote the archive, and its version.
    let producer: String?

    init(_ records: RecordArchive, _ options: LoadOptions) throws(CheckpointError) {
        self.options = options
        storages = try ProgramStorages(records)
        model = try JSONRecord(ModelJSON.recordName, of: records).decode(ModelDescription.self)
        let version = model.protoVersion?.value ?? 0
        guard version <= Self.newestVersion else {
            throw CheckpointError(
                .unsupportedFormat,
                "has version \(version) of its description, and \(Self.newestVersion) is the newest "
                    + "that was ever written")
        }
        let words = [model.producerName, model.producerVersion].compactMap(\.self)
        producer = words.isEmpty ? nil : words.joined(separator: " ")
    }

    private static let newestVersion = 5

    /// Adds all modules.
    ///
    /// - Returns: The main one.
    mutating func addRoot(to contents: CheckpointContents) throws(CheckpointError) -> NodeID {
        try readAttributes(contents)
        let root = contents.graph.addOrderedDictionary([])
        var waiting = [(module: model.mainModule, id: root)]
        while let (module, id) = waiting.popLast() {
            var entries = ModuleEntries()
            try addTensors(of: module, to: &entries, contents)
            for submodule in module.submodules ?? [] {
                guard let name = submodule.name else {
                    throw Self.malformed("a submodule has no name")
                }
                let child = contents.graph.addOrderedDictionary([])
                try entries.add(name, child, contents)
                waiting.append((submodule, child))
            }
            try addAttributes(of: module, to: &entries, contents)
            let ids = entries.ids
            if !ids.isEmpty { _ = contents.graph.withEntries(ofObject: id) { $0 = ids } }
        }
        return root
    }

    private mutating func addTensors(
        of module: ModelDescription.Module, to entries: inout ModuleEntries,
        _ contents: CheckpointContents
    ) throws(CheckpointError) {
        for parameter in module.parameters ?? [] {
            let number = parameter.tensorId?.value ?? 0
            guard tensors.indices.contains(number) else {
                throw Self.malformed(
                    "'\(parameter.name.prefix(32))' is tensor \(number), and there are "
                        + "\(tensors.count)")
            }
            var id = try tensor(number, contents)
            if parameter.isBuffer != true {
                let grad = tensors[number].requiresGrad ?? false
                id = contents.graph.addCall(
                    contents.graph.addGlobal(Self.parameterFunction),
                    [id, PickleGraph.bool(grad), contents.graph.addOrderedDictionary([])])
            }
            try entries.add(parameter.name, id, contents)
        }
    }

    private static let parameterFunction = GlobalName(
        module: "torch._utils", name: "_rebuild_parameter")

    private func addAttributes(
        of module: ModelDescription.Module, to entries: inout ModuleEntries,
        _ contents: CheckpointContents
    ) throws(CheckpointError) {
        var others = ModuleEntries()
        for attribute in module.attributes ?? [] {
            let number = attribute.id.value
            // What is a parameter or a buffer is listed here for the second time.
            guard !entries.has(attribute.name) else { continue }
            guard number < attributes.count else {
                throw Self.malformed(
                    "'\(attribute.name.prefix(32))' is attribute \(number), and there are "
                        + "\(attributes.count)")
            }
            try others.add(attribute.name, number < 0 ? .none : attributes[number], contents)
        }
        guard !others.ids.isEmpty else { return }
        let dictionary = contents.graph.addDictionary(others.ids)
        try entries.add(ModelJSON.attributesKey, dictionary, contents)
    }
}

// Tensors.
extension ModelJSONReader {
    /// The tensor with a number, added when it is asked for the first time.
    private mutating func tensor(
        _ number: Int, _ contents: CheckpointContents
    ) throws(CheckpointError) -> NodeID {
        if let known = added[number] { return known }
        let description = tensors[number]
        if description.isQuantized == true {
            throw CheckpointError(
                .unsupportedDType, "tensor \(number) is quantized, in a way of 2019",
                advice: "Load the file with torch 1.4 and save it again")
        }
        guard let dtype = Self.dtypes[description.dataType] else {
            throw Self.malformed(
                "'\(description.dataType.prefix(32))' of tensor \(number) is no known dataType")
        }
        let storage = try storages.storage(
            inRecord: description.data.key, device: Device(rawValue: description.device))
        let layout = try TensorLayout(
            shape: (description.dims ?? []).map(\.value),
            strides: (description.strides ?? []).map(\.value),
            offset: description.offset?.value ?? 0)
        let tensor = try Tensor(
            storage: storage, dtype: dtype, layout: layout, requiresGrad: false)
        let id = try contents.add(tensor)
        added[number] = id
        return id
    }

    private static func malformed(_ what: String) -> CheckpointError {
        CheckpointError(.malformedJSON, what, advice: CheckpointContents.adviceOnDamage)
    }

    // caffe2's TensorProto.DataType, as far as tensors of torch have it.
    private static let dtypes: [String: DType] = [
        "FLOAT": .float32, "INT32": .int32, "BYTE": .uint8, "BOOL": .bool, "UINT8": .uint8,
        "INT8": .int8, "UINT16": .uint16, "INT16": .int16, "INT64": .int64, "FLOAT16": .float16,
        "DOUBLE": .float64, "BFLOAT16": .bfloat16,
    ]
}

// Attributes.
extension ModelJSONReader {
    /// Reads the list of all modules' attributes, which may refer to tensors by their numbers.
    private mutating func readAttributes(_ contents: CheckpointContents) throws(CheckpointError) {
        let record = ArchivePart.attributes.pickle
        guard let entry = storages.records.entry(record) else { return }
        do throws(CheckpointError) {
            let pickle = try PickleGraph(
                parsing: storages.records.contents(of: entry), limits: options.pickleLimits)
            let root = try contents.graph.copy([pickle.root], from: pickle) {
                (_, _) throws(CheckpointError) in
                throw CheckpointError(
                    .invalidStorage, "refers to something outside its pickle",
                    advice: CheckpointContents.adviceOnDamage)
            }[0]
            contents.updateRoles()
            guard let items = contents.graph.items(root) else {
                throw CheckpointError(.malformedPickle, "is no tuple or list of attributes")
            }
            attributes = Array(items)
            try resolveTensors(below: root, contents)
        } catch {
            throw error.inRecord(record)
        }
    }

    private mutating func resolveTensors(
        below root: NodeID, _ contents: CheckpointContents
    ) throws(CheckpointError) {
        for id in contents.graph.reachable(from: root) {
            guard let call = contents.graph.call(id),
                contents.graph.global(call.callable) == Self.tensorFunction
            else { continue }
            guard let number = contents.argument(0, of: id).flatMap(contents.graph.integer),
                tensors.indices.contains(number)
            else {
                throw CheckpointError(
                    .invalidTensor,
                    "an attribute is the tensor of a number that is none of \(tensors.count)")
            }
            let tensor = try self.tensor(number, contents)
            guard let rebuild = contents.graph.call(tensor) else { continue }
            contents.graph.setCall(
                ofObject: id, callable: rebuild.callable, arguments: rebuild.arguments)
        }
    }

    private static let tensorFunction = GlobalName(
        module: "torch.jit._pickle", name: "build_tensor_from_id")
}

/// The entries of a module's dictionary.
private struct ModuleEntries {
    private(set) var ids: [NodeID] = []
    private var names: Set<[UInt8]> = []

    func has(_ name: String) -> Bool { names.contains(Array(name.utf8)) }

    mutating func add(
        _ name: String, _ value: NodeID, _ contents: CheckpointContents
    ) throws(CheckpointError) {
        guard names.insert(Array(name.utf8)).inserted else {
            throw CheckpointError(
                .duplicateName, "a module has two parts with the name '\(name)'",
                advice: CheckpointContents.adviceOnDamage)
        }
        try ids += [contents.graph.addText(name), value]
    }
}
