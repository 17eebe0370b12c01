/// Makes values of a checkpoint of Swift values.
///
/// Most programs call ``Checkpoint/init(encoding:)`` instead. What becomes what:
/// `Specs/training.md`, "Coding".
public struct CheckpointEncoder: Sendable {
    /// What types can ask for in their `encode(to:)`.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    /// Creates an encoder.
    public init() {}

    /// Encodes a value: a type with properties as a `dict` with their names as keys.
    ///
    /// - Throws: ``CheckpointError`` with the key path of what can't be encoded:
    ///   ``CheckpointError/Code/invalidValue`` when the type encodes nothing or in a way that makes
    ///   no sense, ``CheckpointError/Code/typeMismatch`` for a key that files do not have,
    ///   ``CheckpointError/Code/limitExceeded`` when values are nested too deep; as
    ///   ``CheckpointValue/init(_:)-(Tensor)`` for tensors; what the type's own `encode(to:)`
    ///   throws.
    /// - Complexity: O(*n*) in the number of values; no elements of tensors are read.
    public func encode(_ value: some Encodable) throws -> CheckpointValue {
        let session = EncodingSession(userInfo: userInfo)
        do {
            let part = try ValueEncoder(session, codingPath: []).encoded(value)
            guard let part else {
                throw CheckpointError(
                    .invalidValue, "\(type(of: value)) encodes nothing",
                    advice: "Encode at least one property")
            }
            return try session.finish(part)
        } catch let error as EncodingError {
            throw error.checkpointError
        }
    }
}

extension CheckpointValue {
    /// Creates what a Swift value is in a checkpoint.
    ///
    /// - Throws: as ``CheckpointEncoder/encode(_:)``.
    /// - Complexity: O(*n*) in the number of values; no elements of tensors are read.
    public init(encoding value: some Encodable) throws {
        self = try CheckpointEncoder().encode(value)
    }
}

extension Checkpoint {
    /// Creates a checkpoint of a Swift value, most often of one with the state of a training run.
    ///
    ///     try Checkpoint(encoding: state).write(to: "runs/epoch-13.pth")
    ///
    /// torch finds what it expects: a `dict` with the names of the properties, an `OrderedDict` for
    /// a ``StateDict``, and numbers, texts and lists as such. The Python counterpart is the
    /// dictionary that is passed to `torch.save`.
    ///
    /// - Throws: as ``CheckpointEncoder/encode(_:)``.
    /// - Complexity: O(*n*) in the number of values; no elements of tensors are read.
    public init(encoding value: some Encodable) throws {
        // Made for this alone, so it need not be copied.
        let root = try CheckpointEncoder().encode(value)
        contents = root.contents
        contents.graph.root = root.id
    }

    /// Sets what is at a path to a Swift value; everything else stays as it is in the file.
    ///
    /// - Throws: as ``CheckpointEncoder/encode(_:)`` and ``set(_:at:)-(CheckpointValue,_)``.
    /// - Complexity: as ``set(_:at:)-(CheckpointValue,_)``.
    public mutating func set(encoding value: some Encodable, at path: CheckpointPath) throws {
        try set(CheckpointEncoder().encode(value), at: path)
    }
}

extension EncodingError {
    fileprivate var checkpointError: CheckpointError {
        guard case .invalidValue(_, let context) = self else {
            return CheckpointError(.invalidValue, "\(self)")
        }
        let error = CheckpointError(
            .invalidValue, context.debugDescription.droppingFullStop, underlying: self)
        let path = CheckpointPath(context.codingPath)
        return path.keys.isEmpty ? error : error.atKeyPath(path.description)
    }
}
