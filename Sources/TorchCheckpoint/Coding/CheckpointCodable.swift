/// A type whose values are single objects of a checkpoint, and not made of parts by `Codable`.
///
/// ``Tensor`` and ``StateDict`` are such types. Conform a type of your own when it is not a
/// dictionary of its properties: this one is a tuple of two numbers.
///
///     struct Interval: CheckpointCodable {
///         var lower: Double
///         var upper: Double
///
///         init(checkpointValue value: CheckpointValue) throws {
///             let bounds = try value.decode([Double].self)
///             (lower, upper) = (bounds.min() ?? 0, bounds.max() ?? 0)
///         }
///
///         func checkpointValue() throws -> CheckpointValue {
///             try .tuple([CheckpointValue(lower), CheckpointValue(upper)])
///         }
///     }
///
/// These types can be properties of a `Codable` type. Only ``CheckpointDecoder`` and
/// ``CheckpointEncoder`` can code them: any other coder gets an error that says so, because text
/// formats are no place for tensors. `Data`, `Complex`, `Date` and `URL` have a form of their
/// own there. The rules of coding: `Specs/training.md`, "Coding".
public protocol CheckpointCodable: Codable {
    /// Reads a value of a checkpoint.
    ///
    /// - Throws: ``CheckpointError``; where it names a place, that is one inside the value.
    init(checkpointValue: CheckpointValue) throws

    /// The value that stands for this one in a checkpoint.
    ///
    /// - Throws: ``CheckpointError``.
    func checkpointValue() throws -> CheckpointValue
}

extension CheckpointCodable {
    /// Reads the value that `decoder` is at.
    ///
    /// - Throws: as ``init(checkpointValue:)``; `DecodingError` when the decoder is not that of a
    ///   ``CheckpointDecoder``.
    public init(from decoder: any Decoder) throws { self = try Self.decoded(by: decoder) }

    /// Hands the value that stands for this one to `encoder`.
    ///
    /// - Throws: as ``checkpointValue()``; `EncodingError` when the encoder is not that of a
    ///   ``CheckpointEncoder``.
    public func encode(to encoder: any Encoder) throws { try encode(by: encoder) }

    static func decoded(by decoder: any Decoder) throws -> Self {
        guard let decoder = decoder as? ValueDecoder else {
            let reason = "\(Self.self) can be decoded by CheckpointDecoder only"
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: reason))
        }
        return try decoder.decode(Self.self)
    }

    func encode(by encoder: any Encoder) throws {
        guard let encoder = encoder as? ValueEncoder else {
            let reason = "\(Self.self) can be encoded by CheckpointEncoder only"
            throw EncodingError.invalidValue(
                self, .init(codingPath: encoder.codingPath, debugDescription: reason))
        }
        try encoder.encode(self)
    }
}

// Types with a raw value could be coded as that, too, so the compiler asks which it is.
extension CheckpointCodable where Self: RawRepresentable, RawValue == String {
    /// Reads the value that `decoder` is at.
    ///
    /// - Throws: as ``init(checkpointValue:)``; `DecodingError` when the decoder is not that of a
    ///   ``CheckpointDecoder``.
    public init(from decoder: any Decoder) throws { self = try Self.decoded(by: decoder) }

    /// Hands the value that stands for this one to `encoder`.
    ///
    /// - Throws: as ``checkpointValue()``; `EncodingError` when the encoder is not that of a
    ///   ``CheckpointEncoder``.
    public func encode(to encoder: any Encoder) throws { try encode(by: encoder) }
}
