import ByteIO

// What calls of Python's own classes take.
extension WeightsOnlyMachine {
    /// The elements of a tuple, `torch.Size` or list; nil for anything else.
    mutating func elements(
        _ value: PythonValue
    ) throws(CheckpointError) -> ArraySlice<PythonValue>? {
        let elements: ArraySlice<PythonValue>
        switch value {
        case .tuple(let range), .size(let range): elements = items[range.range]
        case .list(let number): elements = sequences[Int(number)][...]
        default: return nil
        }
        try spend(elements.count)
        return elements
    }

    /// Whether Python takes a value for true.
    func truth(_ value: PythonValue) throws(CheckpointError) -> Bool {
        switch value {
        case .none: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .float(let value): value != 0
        case .text(let text), .bytes(let text): !text.isEmpty
        case .tuple(let items), .size(let items): items.count > 0
        case .list(let number), .dictionary(let number, _): !sequences[Int(number)].isEmpty
        case .set(let isEmpty), .byteArray(let isEmpty): !isEmpty
        case .bigInteger, .device, .layout, .global: true
        case .complex, .storage, .tensor, .made:
            throw .notFollowed("a \(value.typeName) is there instead of a state")
        }
    }

    /// An argument that Python can't iterate over, or that nobody knows the elements of.
    func unfit(_ value: PythonValue, for name: String) -> CheckpointError {
        switch value {
        case .none, .bool, .integer, .bigInteger, .float, .complex, .device, .layout, .global:
            .refusedByTorch("\(name) takes no \(value.typeName)")
        default: .notFollowed("\(name) of a \(value.typeName)")
        }
    }

    mutating func makeDictionary(
        _ kind: PythonValue.DictionaryClass, _ arguments: Arguments
    ) throws(CheckpointError) -> PythonValue {
        guard arguments.count > 0 else { return .dictionary(addSequence(), kind) }
        let source = argument(0, arguments)
        if case .dictionary(let number, _) = source {
            try spend(sequences[Int(number)].count)
            return .dictionary(addSequence(sequences[Int(number)]), kind)
        }
        if kind == .counter { return try makeCounter(source) }
        return try .dictionary(addSequence(pairs(source, for: "OrderedDict")), kind)
    }

    private mutating func makeCounter(
        _ source: PythonValue
    ) throws(CheckpointError) -> PythonValue {
        var entries: [PythonValue] = []
        switch source {
        case .none: break
        case .text, .bytes, .set, .byteArray:
            if try truth(source) { entries = [.none, .integer(1)] }
        default:
            guard let keys = try elements(source) else { throw unfit(source, for: "Counter") }
            for key in keys {
                try checkKey(key)
                entries += [key, .integer(1)]
            }
        }
        return .dictionary(addSequence(entries), .counter)
    }

    /// Keys and values in turn of what `dict.update` takes.
    mutating func pairs(
        _ source: PythonValue, for name: String
    ) throws(CheckpointError) -> [PythonValue] {
        switch source {
        case .dictionary(let number, _): return sequences[Int(number)]
        case .text, .bytes, .set, .byteArray:
            guard try truth(source) else { return [] }
            throw .notFollowed("\(name) of a \(source.typeName)")
        default: break
        }
        guard let elements = try elements(source) else { throw unfit(source, for: name) }
        var entries: [PythonValue] = []
        for element in elements {
            guard let pair = try self.elements(element) else { throw unfit(element, for: name) }
            guard pair.count == 2, let key = pair.first, let value = pair.last else {
                throw .refusedByTorch("\(name) takes pairs, and there are \(pair.count) elements")
            }
            try checkKey(key)
            entries += [key, value]
        }
        return entries
    }

    mutating func makeSet(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        guard arguments.count > 0 else { return .set(isEmpty: true) }
        let source = argument(0, arguments)
        switch source {
        case .text, .bytes, .set, .byteArray, .dictionary:
            return try .set(isEmpty: !truth(source))
        default:
            guard let elements = try elements(source) else { throw unfit(source, for: "set") }
            for element in elements { try checkKey(element) }
            return .set(isEmpty: elements.isEmpty)
        }
    }

    mutating func makeComplex(_ arguments: Arguments) throws(CheckpointError) -> PythonValue {
        for place in 0..<arguments.count {
            let part = argument(place, arguments)
            switch part {
            case .bool, .integer, .float, .complex: continue
            case .bigInteger(let count) where count <= 128: continue
            case .bigInteger(129): throw .notFollowed("complex of an int of 129 bytes")
            case .text where arguments.count == 1, .tensor, .made:
                throw .notFollowed("complex of a \(part.typeName)")
            default: throw .refusedByTorch("complex takes no \(part.typeName)")
            }
        }
        return .complex
    }
}
