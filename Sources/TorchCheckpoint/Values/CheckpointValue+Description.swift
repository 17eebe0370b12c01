import BigInt
import Pickle
import Tensors

extension CheckpointValue: CustomStringConvertible {
    /// The value as Python's `repr` shows it, long containers elided.
    public var description: String { pythonRepr(maximumItems: 16) }

    /// The value as Python's `repr` shows it.
    ///
    /// Objects of classes that are not known appear as `module.Class(...)`. What is nested too deep,
    /// elements beyond `maximumItems`, and all that follows on 100,000 values appear as `...`, which
    /// keeps cycles and containers that share their elements finite.
    ///
    /// - Parameters:
    ///   - maximumItems: How many elements of each container are shown.
    ///   - maximumDepth: How many containers may be inside each other; at most 64.
    public func pythonRepr(maximumItems: Int = .max, maximumDepth: Int = 64) -> String {
        var writer = ReprWriter(maximumItems: maximumItems, budget: 100_000)
        return writer.repr(self, depth: min(maximumDepth, 64))
    }
}

/// Writes values as Python's `repr` does, up to an amount.
struct ReprWriter {
    let maximumItems: Int
    /// How many more values may be written: shared elements make a small file's repr endless.
    var budget: Int
    /// Whether something was left out.
    private(set) var isElided = false

    init(maximumItems: Int, budget: Int) {
        self.maximumItems = maximumItems
        self.budget = budget
    }

    mutating func repr(_ value: CheckpointValue, depth: Int) -> String {
        budget -= 1
        if let scalar = value.scalarRepr { return scalar }
        guard depth > 0, budget > 0 else { return elision() }
        if value.kind == .dictionary { return dictionary(value, depth: depth) }
        guard value.kind != .object, let items = value.itemIDs else {
            isElided = true
            return "\(value.typeName)(...)"
        }
        var parts: [String] = []
        for item in items.prefix(maximumItems) {
            guard budget > 0 else { break }
            parts.append(repr(value.value(item), depth: depth - 1))
        }
        if parts.count < items.count { parts.append(elision()) }
        return value.wrap(parts)
    }

    private mutating func dictionary(_ value: CheckpointValue, depth: Int) -> String {
        let entries = value.entryIDs ?? []
        var parts: [String] = []
        for index in stride(from: 0, to: entries.count - 1, by: 2) {
            guard parts.count < maximumItems, budget > 0 else { break }
            let key = repr(value.value(entries[index]), depth: depth - 1)
            parts.append("\(key): \(repr(value.value(entries[index + 1]), depth: depth - 1))")
        }
        if parts.count < entries.count / 2 { parts.append(elision()) }
        let body = "{\(parts.joined(separator: ", "))}"
        return value.graph.call(value.id) == nil ? body : "\(value.typeName.name)(\(body))"
    }

    private mutating func elision() -> String {
        isElided = true
        return "..."
    }
}

extension CheckpointValue {
    /// The value as a key of a dictionary: a text that no other key of the dictionary has.
    var keyRepr: String {
        var writer = ReprWriter(maximumItems: 256, budget: 1024)
        let text = writer.repr(self, depth: 16)
        return writer.isElided ? "\(text) at byte \(graph.offset(of: id))" : text
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
        case .tensor: tensorRepr
        case .storage: "<storage>"
        default: nil
        }
    }

    // CPython too refuses to write out more than 4300 digits; it takes quadratic time.
    private var integerRepr: String? {
        guard let value = bigInteger else { return nil }
        return value.bitWidth <= 14_000 ? "\(value)" : "<int of \(value.bitWidth) bits>"
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
        let isConstant = name.module == "torch" && name.name.first?.isLowercase == true
        return isConstant ? "\(name)" : "<\(name)>"
    }

    private var tensorRepr: String {
        guard let tensor = try? contents.resolver.tensor(id) else { return "<invalid tensor>" }
        return "<tensor \(tensor.dtype) \(tensor.shape)>"
    }

    /// Elements as they stand in a list, tuple, set or frozenset.
    fileprivate func wrap(_ parts: [String]) -> String {
        let list = parts.joined(separator: ", ")
        switch kind {
        case .tuple where graph.kind(of: id) == .object: return "torch.Size([\(list)])"
        case .tuple: return parts.count == 1 ? "(\(list),)" : "(\(list))"
        case .set: return parts.isEmpty ? "set()" : "{\(list)}"
        case .frozenSet: return parts.isEmpty ? "frozenset()" : "frozenset({\(list)})"
        default: return "[\(list)]"
        }
    }
}
