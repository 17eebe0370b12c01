import Pickle
import Tensors

/// Something inside a checkpoint: a number, a string, a container, a tensor, or an object of a
/// Python class.
///
/// A value is a light view: making one reads nothing, and it keeps the file mapped as long as it
/// lives. Subscripts and properties give nil where there is nothing of the kind; methods throw and
/// say what is there instead.
///
///     let rate = checkpoint["optimizer"]?["param_groups"]?[0]?["lr"]?.double
public struct CheckpointValue: Sendable {
    let contents: CheckpointContents
    /// The number of the object among those of its checkpoint, in ``Checkpoint/graph``.
    ///
    /// Of values of one checkpoint, those with equal ids are the same Python object. A value that
    /// was made in Swift is by itself, and has another id where it is set.
    public let id: NodeID

    /// What a value is.
    public enum Kind: String, Sendable {
        /// `None`.
        case none
        /// `True` or `False`.
        case bool
        /// An `int`.
        case integer
        /// A `float`.
        case float
        /// A `complex`.
        case complex
        /// A `str`.
        case string
        /// A `bytes`.
        case bytes
        /// A `bytearray`.
        case byteArray
        /// A `tuple`, `torch.Size` included.
        case tuple
        /// A `list`.
        case list
        /// A `dict`, `OrderedDict`, `defaultdict` or `Counter`.
        case dictionary
        /// A `set`.
        case set
        /// A `frozenset`.
        case frozenSet
        /// A `torch.Tensor` or `torch.nn.Parameter`.
        case tensor
        /// A `numpy.ndarray`.
        case numpyArray
        /// A `numpy.generic`: one number, text or time of NumPy.
        case numpyScalar
        /// A sparse tensor: ``SparseTensor``.
        case sparseTensor
        /// A nested tensor: ``NestedTensor``.
        case nestedTensor
        /// A tensor that has no shape yet, as ``CheckpointValue/tensorValue()`` gives it:
        /// `torch.nn.UninitializedParameter`.
        case uninitializedTensor
        /// A storage without a tensor around it.
        case storage
        /// A `torch.dtype`.
        case dtype
        /// A `torch.device`.
        case device
        /// A class or function as a value.
        case global
        /// An object of any other class, described by what it would be made of.
        case object
    }
}

extension CheckpointValue {
    var graph: PickleGraph { contents.graph }

    func value(_ id: NodeID) -> CheckpointValue { CheckpointValue(contents: contents, id: id) }

    /// What this value is.
    ///
    /// - Complexity: O(1).
    public var kind: Kind {
        switch graph.kind(of: id) {
        case .none: .none
        case .bool: .bool
        case .integer, .bigInteger: .integer
        case .float: .float
        case .text: .string
        case .byteString: graph.isBytes(id) ? .bytes : .string
        case .bytes: .bytes
        case .byteArray: .byteArray
        case .tuple: .tuple
        case .list: .list
        case .dictionary: .dictionary
        case .set: .set
        case .frozenSet: .frozenSet
        case .persistent: .storage
        case .extension: .global
        case .global: contents.role(ofGlobal: id).isDType ? .dtype : .global
        case .object: objectKind
        }
    }

    private var objectKind: Kind {
        switch contents.role(ofObject: id) {
        case .rebuildTensor, .tensorClass, .parameterClass, .variable, .uninitializedClass:
            tensorKind
        case .size: itemIDs == nil ? .object : .tuple
        case .device: .device
        case .encode: byteSource == nil ? .object : .bytes
        case .numPy(.reconstruct), .numPy(.frombuffer):
            contents.isNumPyArray(id) ? .numpyArray : .object
        case .numPy(.scalar): contents.isNumPyScalar(id) ? .numpyScalar : .object
        case .builtin(.set): itemIDs == nil ? .object : .set
        case .builtin(.frozenset): itemIDs == nil ? .object : .frozenSet
        case .builtin(.bytes): isEmptyBytes ? .bytes : .object
        case .builtin(.bytearray): isEmptyBytes || byteSource != nil ? .byteArray : .object
        case .builtin(.complex): complexParts == nil ? .object : .complex
        case .dictionary(let constructor):
            contents.constructorEntries(id, constructor) == nil ? .object : .dictionary
        case .typeMark: contents.markedKind(id)
        default: .object
        }
    }

    private var tensorKind: Kind {
        switch contents.tensorKind(id) {
        case .strided: .tensor
        case .sparse: .sparseTensor
        case .nested: .nestedTensor
        case .uninitialized: .uninitializedTensor
        case nil: .object
        }
    }

    /// The class of the object, as Python 3 names it: `builtins.dict`, `torch.Tensor`,
    /// `argparse.Namespace`; for a class or function as a value, its own name.
    public var typeName: GlobalName {
        if let name = graph.global(id) { return name.python3 }
        guard let call = graph.call(id), contents.markedValue(id) == nil else {
            return GlobalName(module: "builtins", name: builtinName)
        }
        switch kind {
        case .tensor, .sparseTensor, .nestedTensor: return tensorClass
        case .bytes, .byteArray, .complex, .set, .frozenSet:
            return GlobalName(module: "builtins", name: builtinName)
        default: return numPyTypeName ?? objectClass(call)
        }
    }

    // Of a subclass, its own name; parameters are tensors here.
    private var tensorClass: GlobalName {
        if contents.role(ofObject: id) == .rebuildTensor(.fromType),
            let name = contents.argument(1, of: id).flatMap(graph.global)
        {
            return name.python3
        }
        return GlobalName(module: "torch", name: "Tensor")
    }

    // copyreg._reconstructor(class, base, state) is how protocols 0 and 1 make any object.
    private func objectClass(_ call: (callable: NodeID, arguments: NodeID)) -> GlobalName {
        let name = graph.global(call.callable)?.python3
        let reconstructor = GlobalName(module: "copyreg", name: "_reconstructor")
        if name == reconstructor, let first = graph.items(call.arguments)?.first,
            let madeClass = graph.global(first)
        {
            return madeClass.python3
        }
        if let known = pythonClass?.className { return known }
        return name ?? attributeName(call.callable) ?? contents.skeletonClass(call.callable)
            ?? GlobalName(module: "?", name: "object")
    }

    // What a class's own method makes: getattr(ZoneInfo, "_unpickle")("UTC").
    private func attributeName(_ id: NodeID) -> GlobalName? {
        guard value(id).pythonClass?.name == GlobalName(module: "builtins", name: "getattr"),
            let owner = contents.argument(0, of: id).flatMap(graph.global)?.python3,
            let name = contents.argument(1, of: id).flatMap(graph.plainString)
        else { return nil }
        return GlobalName(module: owner.module, name: "\(owner.name).\(name)")
    }

    private var builtinName: String {
        switch kind {
        case .none: "NoneType"
        case .integer: "int"
        case .string: "str"
        case .byteArray: "bytearray"
        case .dictionary: "dict"
        case .frozenSet: "frozenset"
        case .storage: "storage"
        case .global: "type"
        default: kind.rawValue
        }
    }
}

extension GlobalRole {
    var isDType: Bool {
        if case .dtype = self { true } else { false }
    }
}
