import ByteIO
import Pickle
import Tensors

/// Reads dtypes: the call of `numpy.dtype` with the state that it is given.
struct NumPyDTypeReader {
    let contents: CheckpointContents
    private var budget = Self.maximumFields

    init(_ contents: CheckpointContents) { self.contents = contents }

    /// How many fields all records in a dtype may have: they can share dtypes without end.
    static let maximumFields = 4096
    /// How deep records and subarrays may be nested.
    static let maximumDepth = 16

    private var graph: PickleGraph { contents.graph }

    /// The dtype that an object would be.
    ///
    /// - Throws: ``CheckpointError/Code/invalidValue`` when it is none, or makes no sense;
    ///   ``CheckpointError/Code/limitExceeded``.
    mutating func dtype(
        _ id: NodeID, depth: Int = maximumDepth
    ) throws(CheckpointError) -> NumPyDType {
        guard contents.role(ofObject: id) == .numPy(.dtype), let object = graph.object(id),
            let code = contents.argument(0, of: id).flatMap(graph.plainString),
            object.states.count <= 1
        else { throw .invalidNumPy("has no dtype that is understood", graph.place(of: id)) }
        guard depth > 0 else { throw .deepNumPy }
        let plain = try Self.plain(code)
        guard let state = object.states.first else { return plain }
        guard let items = graph.items(state), items.count >= 8 else {
            throw .invalidNumPy("has a dtype whose state is no tuple of 8", graph.place(of: id))
        }
        return try dtype(plain, Array(items), depth: depth)
    }

    private mutating func dtype(
        _ plain: NumPyDType, _ state: [NodeID], depth: Int
    ) throws(CheckpointError) -> NumPyDType {
        let isFlexible = [.bytes, .text, .void].contains(plain.kind)
        var size = plain.itemSize
        if isFlexible, let stated = graph.integer(state[5]), stated >= 0 { size = stated }
        let flags = graph.integer(state[7]) ?? 0
        return try NumPyDType(
            kind: plain.kind, itemSize: size, byteOrder: byteOrder(of: plain, state[1]),
            fields: fields(state, in: size, depth: depth), unit: unit(of: plain, state),
            subarray: subarray(state[2], itemSize: size, depth: depth),
            isAligned: flags & 0x80 != 0)
    }

    private func byteOrder(
        of dtype: NumPyDType, _ id: NodeID
    ) throws(CheckpointError) -> ByteOrder? {
        guard let text = graph.plainString(id) else {
            throw .invalidNumPy("has a dtype without a byte order")
        }
        let isSingle = dtype.itemSize < 2 || [.bytes, .void, .object].contains(dtype.kind)
        switch text {
        case "<": return isSingle && dtype.kind != .text ? nil : .little
        case ">": return isSingle && dtype.kind != .text ? nil : .big
        case "=": return isSingle && dtype.kind != .text ? nil : .native
        case "|": return dtype.kind == .text ? .native : nil
        default: throw .invalidNumPy("has a dtype of an unknown byte order")
        }
    }

    private mutating func fields(
        _ state: [NodeID], in size: Int, depth: Int
    ) throws(CheckpointError) -> [NumPyDType.Field] {
        guard let names = graph.items(state[3]), let entries = graph.entries(state[4]) else {
            return []
        }
        budget -= names.count + entries.count / 2
        guard budget >= 0 else { throw .deepNumPy }
        var parts: [String: NodeID] = [:]
        for entry in entries.entryPairs {
            if let name = graph.plainString(entry.key) { parts[name] = entry.value }
        }
        var fields: [NumPyDType.Field] = []
        for id in names {
            guard let name = graph.plainString(id), let part = parts[name],
                let items = graph.items(part).map(Array.init), items.count >= 2,
                let offset = graph.integer(items[1]), offset >= 0
            else { throw .invalidNumPy("has a record with a field that is none") }
            let dtype = try dtype(items[0], depth: depth - 1)
            guard try offset.addingChecked(dtype.itemSize) <= size else {
                throw .invalidNumPy("has a record with the field '\(name)' beyond its end")
            }
            let title = items.count > 2 ? graph.plainString(items[2]) : nil
            fields.append(.init(name: name, title: title, offset: offset, dtype: dtype))
        }
        return fields
    }

    private mutating func subarray(
        _ id: NodeID, itemSize: Int, depth: Int
    ) throws(CheckpointError) -> (element: NumPyDType, shape: [Int])? {
        guard id != .none else { return nil }
        guard let items = graph.items(id).map(Array.init), items.count == 2 else {
            throw .invalidNumPy("has a dtype whose subarray is no pair")
        }
        let element = try dtype(items[0], depth: depth - 1)
        let shape = try contents.numPyShape(items[1])
        var size = element.itemSize
        for length in shape { size = try size.multipliedChecked(by: length) }
        guard size == itemSize else { throw .invalidNumPy("has a subarray of another size") }
        return (element, shape)
    }

    private func unit(
        of dtype: NumPyDType, _ state: [NodeID]
    ) throws(CheckpointError) -> NumPyDType.TimeUnit? {
        guard dtype.kind == .dateTime || dtype.kind == .timeInterval else { return nil }
        // (metadata, (unit, count, 1, 1)), the unit as bytes.
        guard state.count > 8, let parts = graph.items(state[8]).map(Array.init), parts.count == 2,
            let items = graph.items(parts[1]).map(Array.init), items.count >= 2,
            let name = unitName(items[0]),
            let count = graph.integer(items[1]), count > 0
        else { return dtype.unit }
        return .init(name: String(decoding: name.prefix(16), as: UTF8.self), count: count)
    }

    // A long one would be copied for each array of the dtype.
    private func unitName(_ id: NodeID) -> [UInt8]? {
        let text = graph.kind(of: id) == .object ? contents.argument(0, of: id) ?? id : id
        guard graph.textLength(of: text) <= PythonObject.maximumTextByteCount else { return nil }
        return CheckpointValue(contents: contents, id: id).bytes
            ?? graph.plainString(id).map { Array($0.utf8) }
    }

    /// The dtype that a type string names: `f4`, `<i8`, `U2`, `M8[s]`.
    private static func plain(_ code: String) throws(CheckpointError) -> NumPyDType {
        var text = Substring(code)
        var order: ByteOrder? = .native
        if let first = text.first, "<>=|".contains(first) {
            if first != "=" { order = first == ">" ? .big : .little }
            text.removeFirst()
        }
        let letter = text.popFirst().map { $0 == "a" ? "S" : "\($0)" } ?? ""
        let unit = text.firstIndex(of: "[").map { text[$0...].dropFirst().dropLast() }
        text = text.prefix { $0 != "[" }
        guard let kind = NumPyDType.Kind(rawValue: letter),
            let number = Int(text.isEmpty ? "0" : text),
            number >= 0, !text.hasPrefix("+")
        else { throw .invalidNumPy("has a dtype of the unknown name '\(code.prefix(40))'") }
        let size = kind == .text ? try number.multipliedChecked(by: 4) : number
        guard kind.hasSize(size) else {
            throw .invalidNumPy("has a dtype of an impossible size, '\(code.prefix(40))'")
        }
        let isSingle = kind != .text && (size < 2 || [.bytes, .void, .object].contains(kind))
        let isTime = kind == .dateTime || kind == .timeInterval
        let time = NumPyDType.TimeUnit(name: unit.map(String.init) ?? "generic", count: 1)
        return NumPyDType(
            kind: kind, itemSize: size, byteOrder: isSingle ? nil : order,
            unit: isTime ? time : nil)
    }
}

extension NumPyDType.Kind {
    /// Whether there are elements of a size.
    fileprivate func hasSize(_ size: Int) -> Bool {
        switch self {
        case .bool: size == 1
        case .integer, .unsignedInteger: [1, 2, 4, 8].contains(size)
        case .float: [2, 4, 8, 12, 16].contains(size)
        case .complex: [8, 16, 24, 32].contains(size)
        case .timeInterval, .dateTime: size == 8
        case .object, .bytes, .text, .void: true
        }
    }
}

extension CheckpointError {
    static func invalidNumPy(_ what: String, _ offset: Int? = nil) -> CheckpointError {
        CheckpointError(
            .invalidValue, "a NumPy array \(what)", offset: offset,
            advice: "The file is damaged or was not written by NumPy")
    }

    fileprivate static var deepNumPy: CheckpointError {
        CheckpointError(
            .limitExceeded,
            "a NumPy dtype has more than \(NumPyDTypeReader.maximumFields) fields, or is nested "
                + "more than \(NumPyDTypeReader.maximumDepth) deep")
    }
}
