/// Makes Swift values of what is in a checkpoint.
///
/// Most programs call ``Checkpoint/decode(_:at:)`` instead. A decoder by itself hands ``userInfo``
/// to the types that are decoded:
///
///     let isStrict = CodingUserInfoKey(rawValue: "isStrict")!
///     var decoder = CheckpointDecoder()
///     decoder.userInfo[isStrict] = true
///     let state = try decoder.decode(TrainingState.self, from: checkpoint)
///
/// What becomes what: `Specs/training.md`, "Coding".
public struct CheckpointDecoder: Sendable {
    /// What types can ask for in their `init(from:)`.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    /// Creates a decoder.
    public init() {}

    /// Decodes what is at a path of a checkpoint.
    ///
    /// - Throws: as ``decode(_:from:)``; ``CheckpointError/Code/keyNotFound`` when nothing is at the
    ///   path.
    /// - Complexity: as ``decode(_:from:)``.
    public func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from checkpoint: Checkpoint, at path: CheckpointPath = []
    ) throws -> Value {
        try decode(type, from: checkpoint.value(at: path), at: path)
    }

    /// Decodes a value.
    ///
    /// - Throws: ``CheckpointError`` with the key path in the file and what was found there:
    ///   ``CheckpointError/Code/keyNotFound``, ``CheckpointError/Code/typeMismatch``,
    ///   ``CheckpointError/Code/numberOutOfRange`` when a number does not fit,
    ///   ``CheckpointError/Code/invalidValue`` when the type does not take the value,
    ///   ``CheckpointError/Code/limitExceeded`` when values are nested or shared so much that
    ///   decoding would not end; what the type's own `init(from:)` throws.
    /// - Complexity: O(*n*) in the number of values; no elements of tensors are read, but for
    ///   tensors of one element that are decoded as numbers.
    public func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from value: CheckpointValue
    ) throws -> Value {
        try decode(type, from: value, at: [])
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type, from value: CheckpointValue, at path: CheckpointPath
    ) throws -> Value {
        let session = DecodingSession(root: value, path: path, userInfo: userInfo)
        do {
            try session.checkDepth()
            return try ValueDecoder(value, session).decode(type)
        } catch let error as DecodingError {
            throw session.placed(session.checkpointError(error))
        } catch let error as CheckpointError {
            throw session.placed(error)
        }
    }
}

extension CheckpointValue {
    /// Makes a Swift value of this one.
    ///
    /// - Throws: as ``CheckpointDecoder/decode(_:from:)``; places are those inside this value, or inside
    ///   the whole checkpoint where a ``CheckpointCodable`` type calls this for what is in its value.
    /// - Complexity: as ``CheckpointDecoder/decode(_:from:)``.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try CheckpointDecoder().decode(type, from: self)
    }
}

extension Checkpoint {
    /// Makes a Swift value of what is at a path: the whole checkpoint, or a part of it.
    ///
    ///     struct TrainingState: Codable {
    ///         var epoch: Int
    ///         var model: StateDict
    ///         enum CodingKeys: String, CodingKey { case epoch, model = "model_state_dict" }
    ///     }
    ///     let state = try checkpoint.decode(TrainingState.self)
    ///
    /// Entries that the type has no property for are ignored.
    ///
    /// - Throws: as ``CheckpointDecoder/decode(_:from:at:)``.
    /// - Complexity: O(*n*) in the number of values; no elements of tensors are read, but for
    ///   tensors of one element that are decoded as numbers.
    public func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, at path: CheckpointPath = []
    ) throws -> Value {
        try CheckpointDecoder().decode(type, from: self, at: path)
    }
}
