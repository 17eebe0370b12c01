import ByteIO
import Tensors

extension NumPyDType: CustomStringConvertible {
    /// The dtype as `str(dtype)`: `float32`, `>i4`, `<U2`, `[('a', '<i4'), ('b', '<f8')]`.
    public var description: String {
        if !fields.isEmpty { return record(showsAlignment: true) }
        if let subarray { return subarray }
        let isFlexible = kind == .bytes || kind == .text || kind == .void
        guard !isFlexible, byteOrder == nil || byteOrder == .native else { return code }
        return name
    }

    /// The dtype as `repr(dtype)`: `dtype('float32')`.
    public var pythonRepr: String {
        let alignment = isAligned ? ", align=True" : ""
        if !fields.isEmpty { return "dtype(\(record(showsAlignment: false))\(alignment))" }
        let isNumber = numberName != nil && (byteOrder == nil || byteOrder == .native)
        return "dtype(\(subarray ?? (isNumber ? "'\(name)'" : short)))"
    }

    /// The name that NumPy's class of scalars has: `float32`, `str_`, `datetime64`.
    var scalarName: String {
        switch kind {
        case .bytes: "bytes_"
        case .text: "str_"
        case .void: "void"
        case .object: "object_"
        case .dateTime: "datetime64"
        case .timeInterval: "timedelta64"
        default: numberName ?? kind.rawValue
        }
    }

    // dtype.name
    private var name: String {
        switch kind {
        case .object: "object"
        case .dateTime, .timeInterval: scalarName + unitText
        default: numberName ?? kind.rawValue
        }
    }

    private var numberName: String? {
        switch kind {
        case .bool: "bool"
        case .integer: "int\(8 * itemSize)"
        case .unsignedInteger: "uint\(8 * itemSize)"
        case .float: "float\(8 * itemSize)"
        case .complex: "complex\(8 * itemSize)"
        default: nil
        }
    }

    // dtype.str
    private var code: String {
        switch kind {
        case .text: "\(order(orElse: "|"))U\(itemSize / 4)"
        case .dateTime, .timeInterval: "\(order(orElse: "|"))\(kind.rawValue)8\(unitText)"
        case .object: "|O"
        default: "\(order(orElse: "|"))\(kind.rawValue)\(itemSize)"
        }
    }

    // As in the list of a record's fields.
    private var short: String {
        switch kind {
        case .bool: "'?'"
        case .object: "'O'"
        case .text: "'\(order(orElse: ""))U\(itemSize == 0 ? "" : "\(itemSize / 4)")'"
        case .bytes, .void: "'\(kind.rawValue)\(itemSize == 0 ? "" : "\(itemSize)")'"
        case .dateTime, .timeInterval: "'\(order(orElse: ""))\(kind.rawValue)8\(unitText)'"
        default: "'\(order(orElse: ""))\(kind.rawValue)\(itemSize)'"
        }
    }

    private var nested: String {
        fields.isEmpty ? subarray ?? short : record(showsAlignment: true)
    }

    private var subarray: String? {
        subarrayElement.map { "(\($0.nested), \(PythonRepr.tuple(subarrayShape)))" }
    }

    private func order(orElse none: String) -> String {
        byteOrder.map { $0 == .little ? "<" : ">" } ?? none
    }

    private var unitText: String {
        guard let unit, unit.name != "generic" else { return "" }
        return "[\(unit.count == 1 ? "" : "\(unit.count)")\(unit.name)]"
    }

    private func record(showsAlignment: Bool) -> String {
        if isPacked, !(isAligned && showsAlignment) {
            return "[\(fields.map(Self.listed).joined(separator: ", "))]"
        }
        let names = fields.map { PythonRepr.quote($0.name) }.joined(separator: ", ")
        let formats = fields.map(\.dtype.nested).joined(separator: ", ")
        let offsets = fields.map { "\($0.offset)" }.joined(separator: ", ")
        var parts = ["'names': [\(names)]", "'formats': [\(formats)]", "'offsets': [\(offsets)]"]
        if fields.contains(where: { $0.title != nil }) {
            let titles = fields.map { $0.title.map { PythonRepr.quote($0) } ?? "None" }
            parts.append("'titles': [\(titles.joined(separator: ", "))]")
        }
        parts.append("'itemsize': \(itemSize)")
        if isAligned && showsAlignment { parts.append("'aligned': True") }
        return "{\(parts.joined(separator: ", "))}"
    }

    private static func listed(_ field: Field) -> String {
        let name = PythonRepr.quote(field.name)
        let names = field.title.map { "(\(PythonRepr.quote($0)), \(name))" } ?? name
        guard let element = field.dtype.subarrayElement else {
            return "(\(names), \(field.dtype.nested))"
        }
        return "(\(names), \(element.nested), \(PythonRepr.tuple(field.dtype.subarrayShape)))"
    }

    private var isPacked: Bool {
        var end = 0
        for field in fields {
            if isAligned { end = Self.aligned(end, to: field.dtype.alignment) }
            guard field.offset == end else { return false }
            end = end.addingCapped(field.dtype.itemSize)
        }
        if isAligned { end = Self.aligned(end, to: alignment) }
        return end == itemSize
    }

    private static func aligned(_ offset: Int, to alignment: Int) -> Int {
        offset.addingCapped(alignment - 1) / alignment * alignment
    }

    // What a C compiler aligns to.
    private var alignment: Int {
        switch kind {
        case .bytes: 1
        case .text: 4
        case .void: subarrayElement?.alignment ?? (isAligned ? widestAlignment : 1)
        case .complex: max(itemSize / 2, 1)
        default: max(itemSize, 1)
        }
    }

    private var widestAlignment: Int { fields.map(\.dtype.alignment).max() ?? 1 }
}

extension PythonRepr {
    /// Integers as a tuple: `()`, `(2,)`, `(2, 3)`.
    static func tuple(_ items: [Int]) -> String {
        let list = items.map(String.init).joined(separator: ", ")
        return items.count == 1 ? "(\(list),)" : "(\(list))"
    }
}
