import ByteIO
import Pickle

/// A `torch.nn.Module` as a pickle has it: a class that may be anybody's, and the fields that every
/// module has.
struct PickledModule {
    let value: CheckpointValue
    /// The class, in the module where torch has it now.
    let className: GlobalName
    private let fields: [(key: NodeID, value: NodeID)]

    /// Nil when a value is no module.
    init?(_ value: CheckpointValue) {
        guard value.kind == .object,
            value.graph.object(value.id)?.states.isEmpty == false
                || value.typeName == .reduceGraphModule
        else { return nil }
        self.value = value
        className = value.typeName.ofModernTorch
        fields = value.moduleFields
        let isComplete = ["_parameters", "_buffers", "_modules"].allSatisfy {
            field($0)?.kind == .dictionary
        }
        guard isComplete || packedConvolution != nil else { return nil }
    }

    /// The value of a field; the last, when it is there more than once.
    func field(_ name: StaticString) -> CheckpointValue? {
        fields.last { value.graph.isText($0.key, name) }.map { value.value($0.value) }
    }

    /// What it costs to look at the module itself: objects can share their fields, and dictionaries
    /// long names, so this is counted for each.
    var size: Int {
        var size = Self.leastSize + fields.count
        for dictionary in [field("_parameters"), field("_buffers"), field("_modules")] {
            for entry in (dictionary?.entryIDs ?? []).entryPairs {
                size += 1 + value.graph.textLength(of: entry.key) / 64
            }
        }
        for item in field("_non_persistent_buffers_set")?.itemIDs ?? [] {
            size += 1 + value.graph.textLength(of: item) / 64
        }
        return size
    }

    /// What torch's smallest modules have, so that no others are cheaper to look at.
    private static let leastSize = 32

    /// The entries of a field that is a dictionary.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` for a name that is no text: Python fails, too.
    func entries(
        _ field: StaticString
    ) throws(CheckpointError) -> [(name: String, value: CheckpointValue)] {
        let dictionary = self.field(field)
        var entries: [(name: String, value: CheckpointValue)] = []
        for entry in (dictionary?.entryIDs ?? []).entryPairs {
            guard let name = value.graph.string(entry.key) else {
                throw mismatch("has a name in \(field) that is no text", entry.key)
            }
            entries.append((name, value.value(entry.value)))
        }
        return entries
    }

    /// The names of buffers that are no part of the state.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch``.
    func nonPersistentNames() throws(CheckpointError) -> Set<CheckpointKey> {
        // Older versions of torch do not have it.
        guard let field = field("_non_persistent_buffers_set") else { return [] }
        guard let items = field.itemIDs else {
            throw mismatch("has a \(field.typeName) as its set of names", field.id)
        }
        return Set(items.map(value.contents.key))
    }

    /// The state of a quantized convolution, which has no fields: its weights lie behind ten sizes.
    var packedConvolution: [CheckpointValue]? {
        let isQuantized =
            className.module.hasPrefix("torch.ao.nn.quantized.")
            || className.module.hasPrefix("torch.ao.nn.intrinsic.quantized.")
        guard isQuantized, className.name.contains("Conv"), fields.isEmpty,
            let state = value.unnamedStates.last, state.kind == .tuple,
            state.itemIDs?.count == Self.convolutionStateCount, let items = state.array
        else { return nil }
        return items
    }

    private static let convolutionStateCount = 15

    func mismatch(_ what: String, _ place: NodeID? = nil) -> CheckpointError {
        CheckpointError(
            .typeMismatch, "a module of class \(className) \(what)",
            offset: value.graph.offset(of: place ?? value.id),
            advice: "Save model.state_dict() with the Python program that made the file")
    }
}

extension CheckpointValue {
    /// The fields of an object; of a `torch.fx.GraphModule`, those that it is made of.
    fileprivate var moduleFields: [(key: NodeID, value: NodeID)] {
        guard typeName == .reduceGraphModule else { return stateEntries }
        let body = contents.argument(0, of: id).flatMap { graph.entries($0) } ?? []
        return Array(body.entryPairs)
    }
}

extension GlobalName {
    fileprivate static let reduceGraphModule = GlobalName(
        module: "torch.fx.graph_module", name: "reduce_graph_module")

    /// Packages of torch that were moved: quantization went below `torch.ao` in torch 1.10 to 1.13.
    private static let movedPackages = [
        ("torch.nn.quantized._reference.", "torch.ao.nn.quantized.reference."),
        ("torch.nn.quantized.", "torch.ao.nn.quantized."),
        ("torch.nn.intrinsic.", "torch.ao.nn.intrinsic."),
        ("torch.nn.quantizable.", "torch.ao.nn.quantizable."),
        ("torch.nn.qat.", "torch.ao.nn.qat."), ("torch.quantization.", "torch.ao.quantization."),
    ]

    /// The name in the module where torch 2.13 has it.
    var ofModernTorch: GlobalName {
        guard module.hasPrefix("torch."),
            let (old, new) = Self.movedPackages.first(where: { module.hasPrefix($0.0) })
        else { return self }
        return GlobalName(module: new + module.dropFirst(old.count), name: name)
    }
}
