/// A property that is a `tuple` in the checkpoint, where a Swift array would be a `list`.
///
///     struct Hyperparameters: Codable {
///         var lr: Double
///         @CheckpointTuple var betas: [Double]
///     }
///
/// Reading takes lists and tuples alike. With other coders it is what the wrapped value is.
@propertyWrapper
public struct CheckpointTuple<Value: Codable>: Codable {
    /// The elements.
    public var wrappedValue: Value

    /// Creates a tuple.
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

    /// Reads the elements.
    ///
    /// - Throws: as ``CheckpointDecoder/decode(_:from:)``.
    public init(from decoder: any Decoder) throws {
        wrappedValue = try decoder.singleValueContainer().decode(Value.self)
    }

    /// Writes the elements as a tuple.
    ///
    /// - Throws: as ``CheckpointEncoder/encode(_:)``; ``CheckpointError/Code/invalidValue`` when the
    ///   wrapped value is not encoded as elements in order.
    public func encode(to encoder: any Encoder) throws {
        guard let encoder = encoder as? ValueEncoder else {
            var container = encoder.singleValueContainer()
            return try container.encode(wrappedValue)
        }
        try encoder.encodeTuple(wrappedValue)
    }
}

extension CheckpointTuple: Sendable where Value: Sendable {}
extension CheckpointTuple: Equatable where Value: Equatable {}
extension CheckpointTuple: Hashable where Value: Hashable {}

// What the compiler writes for a wrapped property does not know that it is optional.
extension KeyedDecodingContainer {
    /// Reads an optional tuple; nil when it is not there or `None`.
    ///
    /// - Throws: as ``CheckpointDecoder/decode(_:from:)``.
    public func decode<Value>(
        _ type: CheckpointTuple<Value?>.Type, forKey key: Key
    ) throws -> CheckpointTuple<Value?> {
        try CheckpointTuple(wrappedValue: decodeIfPresent(Value.self, forKey: key))
    }
}

extension KeyedEncodingContainer {
    /// Writes an optional tuple, and nothing when it is nil.
    ///
    /// - Throws: as ``CheckpointEncoder/encode(_:)``.
    public mutating func encode<Value>(
        _ tuple: CheckpointTuple<Value?>, forKey key: Key
    ) throws {
        guard let value = tuple.wrappedValue else { return }
        try encode(CheckpointTuple<Value>(wrappedValue: value), forKey: key)
    }
}
