import ByteIO
import OrderedCollections
import Pickle
import Tensors

/// Decodes one value of a checkpoint.
struct ValueDecoder: Decoder {
    let value: CheckpointValue
    let session: DecodingSession
    /// The steps from the root of the checkpoint.
    let codingPath: [any CodingKey]

    /// A decoder of what the call was given.
    init(_ value: CheckpointValue, _ session: DecodingSession) {
        self.value = value
        self.session = session
        codingPath = session.path.codingPath
    }

    /// A decoder of what is one step further in.
    init(
        _ value: CheckpointValue, at key: CheckpointKey, of parent: ValueDecoder
    ) throws(CheckpointError) {
        self.value = value
        session = parent.session
        codingPath = parent.codingPath + [CheckpointCodingKey(key)]
        let limit = value.contents.limits.decodingDepth
        guard depth <= limit else { throw located(CodingLimits.tooDeep(limit)) }
    }

    var userInfo: [CodingUserInfoKey: Any] { session.userInfo }

    /// How deep it is in what the outermost call was given.
    private var depth: Int { session.depth + codingPath.count - session.path.keys.count }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try KeyedDecodingContainer(KeyedValueDecoder<Key>(self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try UnkeyedValueDecoder(self)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }
}

extension ValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value.isNone }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            if let type = type as? any DecodableEntries.Type {
                return Self.cast(try type.init(decoding: self))
            }
            return try make(type) ?? Value(from: self)
        } catch let error as CheckpointError where error.path == nil && error.keyPath == nil {
            throw located(error)
        } catch let error as DecodingError where error.codingPath.isEmpty {
            throw error.inside(codingPath)
        }
    }

    // Swift can't see that a type which was asked for a value of its own has given one.
    static func cast<Value>(_ made: Any) -> Value {
        guard let value = made as? Value else {
            preconditionFailure("\(type(of: made)) is not \(Value.self), of which it is a value")
        }
        return value
    }

    /// The value of a type that is not made of parts; nil for other types.
    private func make<Value>(_ type: Value.Type) throws -> Value? {
        do {
            if let type = type as? any ScalarCodable.Type {
                try session.read(value)
                return Self.cast(try type.init(decoding: value))
            }
            guard let type = type as? any CheckpointCodable.Type else { return nil }
            return Self.cast(try session.make(type, of: value, depth: depth))
        } catch let error as CheckpointError {
            throw located(error)
        }
    }
}

extension ValueDecoder {
    /// The path of the value.
    var path: CheckpointPath { CheckpointPath(codingPath) }

    /// The error with the place of this decoder before the place that it names.
    func located(_ error: CheckpointError) -> CheckpointError {
        value.contents.locating(error.insideKeyPath(path.description), at: path)
    }

    /// The error that nothing is one step further in.
    func missing(_ key: CheckpointKey) -> CheckpointError {
        value.missing(key, at: path).atKeyPath(path.appending(key).description)
    }

    /// The entries of a dictionary, or the fields of an object.
    ///
    /// - Parameter hasFields: Whether the fields of an object that has entries, too, are among them.
    /// - Throws: ``CheckpointError/Code/typeMismatch``; ``CheckpointError/Code/limitExceeded``.
    func entries(
        ofObjectWithFields hasFields: Bool
    ) throws(CheckpointError) -> OrderedDictionary<CheckpointKey, CheckpointValue> {
        do throws(CheckpointError) {
            try session.enter(value)
            if value.kind == .dictionary, let entries = value.dictionary { return entries }
            guard value.kind == .object else { throw value.mismatch("a dictionary") }
            var entries = value.dictionary ?? [:]
            guard hasFields || entries.isEmpty else { return entries }
            for (name, field) in value.fields where entries[.string(name)] == nil {
                entries[.string(name)] = field
            }
            guard !entries.isEmpty else {
                throw value.mismatch("a dictionary, or an object with fields")
            }
            return entries
        } catch {
            throw located(error)
        }
    }

    /// The elements of a list, tuple or set.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch``; ``CheckpointError/Code/limitExceeded``.
    func elements() throws(CheckpointError) -> [CheckpointValue] {
        do throws(CheckpointError) {
            try session.enter(value)
            switch value.kind {
            case .list, .tuple, .set, .frozenSet, .object:
                if let elements = value.array { return elements }
            case .numpyArray:
                if let elements = try value.numPyElements() { return elements }
            default: break
            }
            throw value.mismatch("a list or tuple")
        } catch {
            throw located(error)
        }
    }
}

extension DecodingError {
    /// The place where the error was found, as far as the type said.
    fileprivate var codingPath: [any CodingKey] { parts.1.codingPath }

    /// The error with a place.
    fileprivate func inside(_ codingPath: [any CodingKey]) -> DecodingError {
        let context = Context(
            codingPath: codingPath, debugDescription: parts.1.debugDescription,
            underlyingError: self)
        return switch self {
        case .typeMismatch(let type, _): .typeMismatch(type, context)
        case .valueNotFound(let type, _): .valueNotFound(type, context)
        case .keyNotFound(let key, _): .keyNotFound(key, context)
        default: .dataCorrupted(context)
        }
    }
}
