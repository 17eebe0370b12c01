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
        let depth = codingPath.count - session.path.keys.count
        guard depth <= CodingLimits.maximumDepth else { throw located(CodingLimits.tooDeep) }
    }

    var userInfo: [CodingUserInfoKey: Any] { session.userInfo }

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
        try session.spend(1, on: value)
        if let type = type as? any DecodableEntries.Type {
            return Self.cast(try type.init(decoding: self))
        }
        return try make(type) ?? Value(from: self)
    }

    // Swift can't see that a type which was asked for a value of its own has given one.
    private static func cast<Value>(_ made: Any) -> Value {
        guard let value = made as? Value else {
            preconditionFailure("\(type(of: made)) is not \(Value.self), of which it is a value")
        }
        return value
    }

    /// The value of a type that is not made of parts; nil for other types.
    private func make<Value>(_ type: Value.Type) throws -> Value? {
        do {
            if let type = type as? any ScalarCodable.Type {
                try spendOnElement()
                return Self.cast(try type.init(decoding: value))
            }
            guard let type = type as? any CheckpointCodable.Type else { return nil }
            return Self.cast(try session.make(type, of: value))
        } catch let error as CheckpointError {
            throw located(error)
        }
    }

    // To read one element of an inflated storage, all of it is inflated.
    private func spendOnElement() throws {
        guard value.isTensor else { return }
        try session.spend(value.tensor().storage.byteCount / CodingLimits.pageSize, on: value)
    }
}

extension ValueDecoder {
    /// The path of the value.
    var path: CheckpointPath { CheckpointPath(codingPath) }

    /// The error with the place of this decoder before the place that it names.
    func located(_ error: CheckpointError) -> CheckpointError {
        value.contents.locating(error.insideKeyPath(path.description), at: path)
    }

    /// The error that something else is there than what was asked for.
    func mismatch(_ wanted: String) -> CheckpointError {
        located(value.mismatch(wanted))
    }

    /// The error that nothing is one step further in.
    func missing(_ key: CheckpointKey) -> CheckpointError {
        value.missing(key, at: path).atKeyPath(path.appending(key).description)
    }

    /// The entries of a dictionary, or the fields of an object.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch``.
    func entries() throws(CheckpointError) -> OrderedDictionary<CheckpointKey, CheckpointValue> {
        if value.kind == .dictionary, let entries = value.dictionary { return entries }
        guard value.kind == .object else { throw mismatch("a dictionary") }
        var entries = value.dictionary ?? [:]
        for (name, field) in value.fields { entries[.string(name)] = field }
        guard !entries.isEmpty else { throw mismatch("a dictionary, or an object with fields") }
        return entries
    }

    /// The elements of a list, tuple or set.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch``.
    func elements() throws(CheckpointError) -> [CheckpointValue] {
        switch value.kind {
        case .list, .tuple, .set, .frozenSet, .object:
            if let elements = value.array { return elements }
        default: break
        }
        throw mismatch("a list or tuple")
    }
}
