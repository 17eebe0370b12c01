import BigInt
import OrderedCollections
import Pickle
import Tensors

extension CheckpointValue: CustomStringConvertible {
    /// The value as Python's `repr` shows it, long containers elided.
    public var description: String { pythonRepr(maximumItems: 16) }

    /// The value as Python's `repr` shows it.
    ///
    /// Objects of classes that are not known appear as `module.Class(…)`. Nesting deeper than
    /// `maximumDepth` and elements beyond `maximumItems` appear as `...`, which also keeps cycles
    /// finite.
    ///
    /// - Parameters:
    ///   - maximumItems: How many elements of each container are shown.
    ///   - maximumDepth: How many containers may be inside each other.
    public func pythonRepr(maximumItems: Int = .max, maximumDepth: Int = 8) -> String {
        if let scalar = scalarRepr { return scalar }
        guard maximumDepth > 0 else { return "..." }
        let repr = { (value: CheckpointValue) in
            value.pythonRepr(maximumItems: maximumItems, maximumDepth: maximumDepth - 1)
        }
        if kind == .dictionary { return dictionaryRepr(maximumItems, repr) }
        guard kind != .object, let items = array else { return "\(typeName)(...)" }
        var parts = items.prefix(maximumItems).map(repr)
        if items.count > maximumItems { parts.append("...") }
        return listRepr(parts)
    }

    private var scalarRepr: String? {
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

    private func listRepr(_ parts: [String]) -> String {
        let list = parts.joined(separator: ", ")
        switch kind {
        case .tuple where graph.kind(of: id) == .object: return "torch.Size([\(list)])"
        case .tuple: return parts.count == 1 ? "(\(list),)" : "(\(list))"
        case .set: return parts.isEmpty ? "set()" : "{\(list)}"
        case .frozenSet: return parts.isEmpty ? "frozenset()" : "frozenset({\(list)})"
        default: return "[\(list)]"
        }
    }

    private func dictionaryRepr(
        _ maximumItems: Int, _ repr: (CheckpointValue) -> String
    ) -> String {
        let entries = dictionary ?? [:]
        var parts = entries.prefix(maximumItems).map { "\($0.key.pythonRepr): \(repr($0.value))" }
        if entries.count > maximumItems { parts.append("...") }
        let body = "{\(parts.joined(separator: ", "))}"
        return graph.call(id) == nil ? body : "\(typeName.name)(\(body))"
    }
}
