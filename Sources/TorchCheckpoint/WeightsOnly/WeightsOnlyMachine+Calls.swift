import ByteIO
import Pickle

extension WeightsOnlyMachine {
    /// The arguments of a call: a place among the elements of tuples.
    struct Arguments {
        let range: Range<Int>
        var count: Int { range.count }
    }

    func argument(_ place: Int, _ arguments: Arguments) -> PythonValue {
        items[arguments.range.lowerBound + place]
    }

    /// `REDUCE`: calls what lies below the arguments.
    mutating func call() throws(CheckpointError) {
        let arguments = try arguments(pop())
        let function = try pop()
        try stack.append(result(of: function, arguments))
    }

    /// What `f(*arguments)` takes; Python takes anything that can be iterated over.
    func arguments(_ value: PythonValue) throws(CheckpointError) -> Arguments {
        switch value {
        case .tuple(let items), .size(let items): Arguments(range: items.range)
        case .none, .bool, .integer, .bigInteger, .float, .complex, .device, .layout, .global:
            throw .refusedByTorch("a \(value.typeName) can't be the arguments of a call")
        default: throw .notFollowed("a \(value.typeName) is the arguments of a call")
        }
    }

    /// What a call gives.
    mutating func result(
        of function: PythonValue, _ arguments: Arguments
    ) throws(CheckpointError) -> PythonValue {
        guard let meaning = meaning(of: function) else {
            throw .refusedByTorch("a \(function.typeName) can't be called")
        }
        try checkCount(meaning, arguments)
        switch meaning {
        case .rebuild(let rebuilder): return try rebuild(rebuilder, arguments)
        case .dictionary(let kind): return try makeDictionary(kind, arguments)
        case .set: return try makeSet(arguments)
        case .byteArray: return try makeByteArray(arguments)
        case .complex: return try makeComplex(arguments)
        case .encode: return try encode(arguments)
        case .size: return try makeSize(arguments)
        case .device: return try makeDevice(arguments)
        case .layoutFunction: return try layout(named: argument(0, arguments))
        case .parameter: return try makeParameter(arguments)
        case .tensorClass(let kind): return try makeTensor(kind, arguments)
        case .typedStorage, .untypedStorage:
            throw .notFollowed("it makes a storage that is in no record")
        case .storageType, .dtype, .narrowInteger, .scheme:
            throw .refusedByTorch("\(path(of: function)) can't be called")
        case .added: return try made(by: function, arguments)
        }
    }

    /// `NEWOBJ`: makes an object of the class below the arguments without calling its `__init__`.
    mutating func make() throws(CheckpointError) {
        let arguments = try arguments(pop())
        let type = try pop()
        guard let meaning = meaning(of: type) else {
            throw .refusedByTorch("a \(type.typeName) is no class that it makes objects of")
        }
        switch meaning {
        case .dictionary(let kind): stack.append(.dictionary(addSequence(), kind))
        case .set: stack.append(.set(isEmpty: true))
        case .byteArray: stack.append(.byteArray(isEmpty: true))
        case .rebuild, .encode, .layoutFunction, .storageType, .dtype, .narrowInteger, .scheme:
            throw .refusedByTorch("\(path(of: type)) is no class")
        default: try stack.append(result(of: type, arguments))
        }
    }

    /// How many arguments a function takes, where it is the same number whatever they are.
    private func checkCount(
        _ meaning: SafeGlobal, _ arguments: Arguments
    ) throws(CheckpointError) {
        let allowed: ClosedRange<Int>
        switch meaning {
        case .rebuild(let rebuilder): allowed = rebuilder.argumentCounts
        case .dictionary, .set, .size: allowed = 0...1
        case .byteArray: allowed = 0...3
        case .complex, .parameter: allowed = 0...2
        case .encode: allowed = 1...3
        case .device: allowed = 1...2
        case .layoutFunction: allowed = 1...1
        default: return
        }
        guard allowed.contains(arguments.count) else {
            throw .refusedByTorch("a call with \(arguments.count) arguments takes \(allowed)")
        }
    }

    private mutating func made(
        by function: PythonValue, _ arguments: Arguments
    ) throws(CheckpointError) -> PythonValue {
        guard case .global(let number) = function else { return .none }
        guard names[Int(number)].path == "numpy.dtype", arguments.count > 0,
            let code = string(argument(0, arguments)), let type = NumPyTypeName(code: code)
        else { return .made(number) }
        // An object of numpy.dtype is of a class for its type.
        names.append((type.path, .added))
        return .made(UInt32(truncatingIfNeeded: names.count - 1))
    }
}

extension GlobalRole.TensorRebuilder {
    /// How many arguments torch's function takes.
    fileprivate var argumentCounts: ClosedRange<Int> {
        switch self {
        case .tensor, .nested, .meta, .fromCPU, .fromNumPy, .xla, .parameterWithState, .fromType:
            4...4
        case .tensorV2: 6...7
        case .tensorV3: 7...8
        case .quantized: 7...7
        case .parameter: 3...3
        case .sparse: 2...2
        case .wrapper: 8...8
        case .jagged: 1...1
        }
    }
}
