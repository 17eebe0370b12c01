import ByteIO
import Pickle
import Tensors

/// Makes a tree of dictionaries of a `model.json`: a module is an `OrderedDict` of its parameters,
/// buffers and submodules by their names.
struct ModelJSONReader {
    private let model: JSONValue
    private let options: LoadOptions
    private var storages: ProgramStorages
    private let tensors: [JSONValue]
    /// The tensors that were added, by their numbers.
    private var added: [Int: NodeID] = [:]
    private var attributes: [NodeID] = []
    /// What wrote the archive, and its version.
    let producer: String?

    init(_ records: RecordArchive, _ options: LoadOptions) throws(CheckpointError) {
        self.options = options
        storages = try ProgramStorages(records)
        let entry = try records.requireEntry(ModelJSON.recordName)
        model = try JSONDocument(records.wholeContents(of: entry)).root
        let version = try model.field("protoVersion")?.integer() ?? 0
        guard version <= Self.newestVersion else {
            throw CheckpointError(
                .unsupportedFormat,
                "has version \(version) of its description, and \(Self.newestVersion) is the newest "
                    + "that was ever written")
        }
        tensors = try model.field("tensors")?.elements() ?? []
        let words = [
            try model.field("producerName")?.string(), try model.field("producerVersion")?.string(),
        ].compactMap(\.self)
        producer = words.isEmpty ? nil : words.joined(separator: " ")
    }

    private static let newestVersion = 5

    /// Adds all modules.
    ///
    /// - Returns: The main one.
    mutating func addRoot(to contents: CheckpointContents) throws(CheckpointError) -> NodeID {
        try readAttributes(contents)
        let root = contents.graph.addOrderedDictionary([])
        var waiting = [(module: try model.require("mainModule"), id: root)]
        while let (module, id) = waiting.popLast() {
            var entries = ModuleEntries()
            try addTensors(of: module, to: &entries, contents)
            for submodule in try module.field("submodules")?.elements() ?? [] {
                let child = contents.graph.addOrderedDictionary([])
                try entries.add(submodule.require("name"), child, contents)
                waiting.append((submodule, child))
            }
            try addAttributes(of: module, to: &entries, contents)
            let ids = entries.ids
            if !ids.isEmpty { _ = contents.graph.withEntries(ofObject: id) { $0 = ids } }
        }
        return root
    }

    private mutating func addTensors(
        of module: JSONValue, to entries: inout ModuleEntries, _ contents: CheckpointContents
    ) throws(CheckpointError) {
        for parameter in try module.field("parameters")?.elements() ?? [] {
            let number = try parameter.field("tensorId")?.integer() ?? 0
            guard tensors.indices.contains(number) else {
                throw parameter.mismatch("the number of one of \(tensors.count) tensors")
            }
            var id = try tensor(number, contents)
            if try parameter.field("isBuffer")?.bool() != true {
                let grad = try tensors[number].field("requiresGrad")?.bool() ?? false
                id = contents.graph.addCall(
                    contents.graph.addGlobal(Self.parameterFunction),
                    [id, PickleGraph.bool(grad), contents.graph.addOrderedDictionary([])])
            }
            try entries.add(parameter.require("name"), id, contents)
        }
    }

    private static let parameterFunction = GlobalName(
        module: "torch._utils", name: "_rebuild_parameter")

    private func addAttributes(
        of module: JSONValue, to entries: inout ModuleEntries, _ contents: CheckpointContents
    ) throws(CheckpointError) {
        var others = ModuleEntries()
        for attribute in try module.field("attributes")?.elements() ?? [] {
            let (name, number) = try (attribute.require("name"), attribute.require("id").integer())
            // What is a parameter or a buffer is listed here for the second time.
            guard try !entries.has(name.string()) else { continue }
            guard number < attributes.count else {
                throw attribute.mismatch("the number of one of \(attributes.count) attributes")
            }
            try others.add(name, number < 0 ? .none : attributes[number], contents)
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
        let json = tensors[number]
        if try json.field("isQuantized")?.bool() == true {
            throw CheckpointError(
                .unsupportedDType, "tensor \(number) is quantized, in a way of 2019",
                advice: "Load the file with torch 1.4 and save it again")
        }
        let storage = try storages.storage(
            inRecord: json.require("data").require("key").string(),
            device: Device(rawValue: json.require("device").string()))
        let layout = try TensorLayout(
            shape: json.field("dims")?.integers() ?? [],
            strides: json.field("strides")?.integers() ?? [],
            offset: json.field("offset")?.integer() ?? 0)
        let tensor = try Tensor(
            storage: storage, dtype: Self.dtype(json.require("dataType")), layout: layout,
            requiresGrad: false)
        let id = try contents.add(tensor)
        added[number] = id
        return id
    }

    private static func dtype(_ json: JSONValue) throws(CheckpointError) -> DType {
        guard let dtype = dtypes[try json.string()] else { throw json.mismatch("a known dataType") }
        return dtype
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
        _ name: JSONValue, _ value: NodeID, _ contents: CheckpointContents
    ) throws(CheckpointError) {
        try add(name.string(), value, contents)
    }

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
