import BigInt
import Pickle
import Tensors

extension CheckpointValue: CustomStringConvertible {
    /// The value as Python's `repr` shows it, long containers and texts elided.
    public var description: String { pythonRepr(maximumItems: 16, maximumCharacters: 1 << 12) }

    /// The value as Python's `repr` shows it.
    ///
    /// Objects of classes that are not known appear with the arguments that they would be made of
    /// and their fields: `argparse.Namespace(lr=0.1)`. What is nested more than 64 deep, elements
    /// beyond `maximumItems`, and all that follows on about `maximumCharacters` appear as `...`,
    /// which keeps cycles and containers that share their elements finite.
    ///
    /// - Parameters:
    ///   - maximumItems: How many elements of each container are shown.
    ///   - maximumCharacters: How long the text becomes, about.
    /// - Complexity: O(*n*) in the length of the result.
    public func pythonRepr(
        maximumItems: Int = .max, maximumCharacters: Int = 1 << 24
    ) -> String {
        var writer = ReprWriter(maximumItems: maximumItems, budget: maximumCharacters)
        return writer.repr(self, depth: 64)
    }

    /// The value as Python's `repr` shows it, or nil when that is longer than about
    /// `maximumCharacters`.
    package func wholeRepr(maximumCharacters: Int) -> String? {
        var writer = ReprWriter(maximumItems: .max, budget: maximumCharacters)
        let text = writer.repr(self, depth: 64)
        return writer.isElided ? nil : text
    }
}

/// Writes values as Python's `repr` does, up to an amount.
struct ReprWriter {
    let maximumItems: Int
    /// How many more characters may be written: shared elements make a small file's repr endless.
    var budget: Int
    /// Whether something was left out.
    private(set) var isElided = false
    /// How many more containers may be looked into: elements that are shared, and not shown, would
    /// take as long.
    private var visits: Int?

    init(maximumItems: Int, budget: Int) {
        self.maximumItems = maximumItems
        self.budget = budget
    }

    mutating func repr(_ value: CheckpointValue, depth: Int) -> String {
        guard budget > 0 else { return elision() }
        if let scalar = scalar(value) {
            budget -= scalar.utf8.count + 2
            return scalar
        }
        guard depth > 0, visit(value) else { return elision() }
        if value.kind == .dictionary { return dictionary(value, depth: depth) }
        budget -= 2
        if value.kind == .object {
            return known(value, depth: depth) ?? object(value, depth: depth)
        }
        return value.wrap(elements(of: value, depth: depth))
    }

    private mutating func visit(_ value: CheckpointValue) -> Bool {
        let left = visits ?? Self.sharedVisits + 2 * value.graph.count
        visits = left - 1
        return left > 0
    }

    /// How many containers are looked into beside twice those that there are.
    private static let sharedVisits = 1 << 14

    /// The elements of a container.
    mutating func elements(of value: CheckpointValue, depth: Int) -> [String] {
        elements(value.itemIDs ?? [], in: value, depth: depth)
    }

    private mutating func elements(_ ids: ArraySlice<NodeID>, in value: CheckpointValue, depth: Int)
        -> [String]
    {
        var parts: [String] = []
        for id in ids.prefix(maximumItems) {
            guard budget > 0 else { break }
            parts.append(repr(value.value(id), depth: depth - 1))
        }
        if parts.count < ids.count { parts.append(elision()) }
        return parts
    }

    private mutating func object(_ value: CheckpointValue, depth: Int) -> String {
        var arguments = value.arguments?.itemIDs ?? []
        // Class, base and what the base would be made of; a plain object has None for that.
        if value.isReconstructed {
            arguments = arguments.dropFirst(2)
            if arguments.first == NodeID.none { arguments = [] }
        }
        var parts = elements(arguments, in: value, depth: depth)
        if let items = value.itemIDs { parts += elements(items, in: value, depth: depth) }
        let pairs = value.namedParts
        for (name, field) in pairs.prefix(maximumItems) {
            guard budget > 0 else { break }
            budget -= name.utf8.count + 1
            parts.append("\(name)=\(repr(field, depth: depth - 1))")
        }
        if pairs.count > maximumItems || budget <= 0 { parts.append(elision()) }
        return "\(value.typeName)(\(parts.joined(separator: ", ")))"
    }

    // Text and bytes are cut before they are decoded: a file can show one long text many times.
    private mutating func scalar(_ value: CheckpointValue) -> String? {
        let id = value.byteSource?.id ?? value.id
        guard value.graph.textLength(of: id) > budget else { return value.scalarRepr }
        switch value.kind {
        case .string: break
        case .bytes: return start(ofBytes: value)
        case .byteArray: return "bytearray(\(start(ofBytes: value)))"
        default: return value.scalarRepr
        }
        isElided = true
        let start = value.graph.withBytes(of: value.id) { bytes in
            String(decoding: Array(copying: bytes.extracting(first: budget)), as: UTF8.self)
        }
        return PythonRepr.quote(start) + "..."
    }

    private mutating func start(ofBytes value: CheckpointValue) -> String {
        isElided = true
        guard let source = value.byteSource else { return elision() }
        let start =
            source.isText
            ? value.graph.latin1Bytes(ofText: source.id, first: budget)
            : value.graph.withBytes(of: source.id) { [budget] bytes in
                Array(copying: bytes.extracting(first: budget))
            }
        return PythonRepr.quote(start ?? []) + "..."
    }

    private mutating func dictionary(_ value: CheckpointValue, depth: Int) -> String {
        if let known = known(value, depth: depth) { return known }
        let body = entries(of: value, depth: depth)
        return value.graph.call(value.id) == nil ? body : "\(value.typeName.name)(\(body))"
    }

    /// The fields of an object as keyword arguments.
    mutating func namedFields(of object: PythonObject) -> String {
        object.value.fields.map { "\($0.key)=\(repr($0.value, in: object))" }
            .joined(separator: ", ")
    }

    /// The entries of a dictionary as keyword arguments.
    mutating func keywords(of value: CheckpointValue, in object: PythonObject) -> [String] {
        (value.dictionary ?? [:]).map { "\($0.key)=\(repr($0.value, in: object))" }
    }

    /// The entries of a dictionary in braces.
    mutating func entries(of value: CheckpointValue, depth: Int) -> String {
        let entries = value.entryIDs ?? []
        var parts: [String] = []
        budget -= 2
        for entry in entries.entryPairs {
            guard parts.count < maximumItems, budget > 0 else { break }
            let key = repr(value.value(entry.key), depth: depth - 1)
            parts.append("\(key): \(repr(value.value(entry.value), depth: depth - 1))")
        }
        if parts.count < entries.count / 2 { parts.append(elision()) }
        return "{\(parts.joined(separator: ", "))}"
    }

    private mutating func elision() -> String {
        isElided = true
        budget -= 3
        return "..."
    }
}

extension CheckpointValue {
    /// The value as a key of a dictionary: its repr, with its place behind it when it is too long.
    var keyRepr: String {
        var writer = ReprWriter(maximumItems: 64, budget: 256)
        let text = writer.repr(self, depth: 16)
        return writer.isElided ? placed(text) : text
    }

    /// A text that no other key of a dictionary has.
    func placed(_ repr: String) -> String { "\(repr) at byte \(graph.offset(of: id))" }

    /// The entries and fields of an object with text for keys.
    fileprivate var namedParts: [(name: String, value: CheckpointValue)] {
        var parts = (dictionary ?? [:]).map { ($0.key.description, $0.value) }
        parts += fields.map { ($0.key, $0.value) }
        parts += unnamedStates.map { (CheckpointPath.stateKey.description, $0) }
        return parts
    }

    fileprivate var scalarRepr: String? {
        switch kind {
        case .none: "None"
        case .bool: bool == true ? "True" : "False"
        case .integer: integerRepr
        case .float: graph.float(id).map { "\($0)" }
        case .complex: complexRepr
        case .string: stringRepr
        case .bytes: bytes.map(PythonRepr.quote)
        case .byteArray: bytes.map { "bytearray(\(PythonRepr.quote($0)))" }
        case .dtype: dtype.map { "torch.\($0)" }
        case .device: device.map(deviceRepr)
        case .global: globalRepr
        case .tensor, .sparseTensor, .nestedTensor, .uninitializedTensor: tensorRepr
        case .storage: storageRepr
        case .numpyScalar, .object: numPyRepr
        case .numpyArray: contents.numPyObjects(id) == nil ? numPyRepr : nil
        default: nil
        }
    }

    // CPython too refuses to write out more than 4300 digits; it takes quadratic time.
    private var integerRepr: String? {
        // Before a number is made of the bytes, which a file can mention any number of times.
        if let width = graph.bitWidth(ofBigInteger: id), width > 14_000 {
            return "<int of \(width) bits>"
        }
        return bigInteger.map { "\($0)" }
    }

    private var stringRepr: String? {
        if let text { return PythonRepr.quote(text) }
        return graph.bytes(id).map(PythonRepr.quote)
    }

    private var complexRepr: String? {
        guard let parts = complexParts else { return nil }
        let imaginary = Self.shortNumber(parts.imaginary)
        if parts.real == 0, parts.real.sign == .plus { return "\(imaginary)j" }
        let sign = imaginary.hasPrefix("-") ? "" : "+"
        return "(\(Self.shortNumber(parts.real))\(sign)\(imaginary)j)"
    }

    private static func shortNumber(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private func deviceRepr(_ device: Device) -> String {
        guard let index = device.index else { return "device(type='\(device.type)')" }
        return "device(type='\(device.type)', index=\(index))"
    }

    private var globalRepr: String {
        if let code = graph.extensionCode(id) { return "<extension \(code)>" }
        // torch's constants (dtypes, layouts, quantization schemes) show as themselves.
        let name = typeName
        if name.module == "builtins" {
            if ["Ellipsis", "NotImplemented"].contains(name.name) { return name.name }
            if Self.builtinClasses.contains(name.name) { return "<class '\(name.name)'>" }
        }
        let isConstant = name.module == "torch" && name.name.first?.isLowercase == true
        return isConstant ? "\(name)" : "<\(name)>"
    }

    private static let builtinClasses: Set = [
        "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list",
        "object", "range", "set", "slice", "str", "tuple", "type",
    ]

    private var storageRepr: String {
        guard let storage else { return "<storage>" }
        return "<storage \(storageDType?.rawValue ?? "untyped") of "
            + "\(storage.byteCount.describedAsByteCount)>"
    }

    private var tensorRepr: String {
        switch try? contents.resolver.value(id) {
        case .strided(let tensor): return "<tensor \(tensor.dtype) \(tensor.shape)>"
        case .sparse(let tensor): return "<\(tensor)>"
        case .nested(let tensor): return "<\(tensor)>"
        case .uninitialized(let tensor): return "<\(tensor)>"
        case nil: return "<invalid tensor>"
        }
    }

    /// Elements as they stand in a list, tuple, set or frozenset.
    fileprivate func wrap(_ parts: [String]) -> String {
        let list = parts.joined(separator: ", ")
        switch kind {
        case .tuple where graph.kind(of: id) == .object: return "torch.Size([\(list)])"
        case .tuple: return parts.count == 1 ? "(\(list),)" : "(\(list))"
        case .set: return parts.isEmpty ? "set()" : "{\(list)}"
        case .numpyArray: return "array([\(list)], dtype=object)"
        case .frozenSet: return parts.isEmpty ? "frozenset()" : "frozenset({\(list)})"
        default: return "[\(list)]"
        }
    }
}
