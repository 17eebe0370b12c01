/// A step into a checkpoint as the coding keys of Swift's coders.
struct CheckpointCodingKey: CodingKey {
    let key: CheckpointKey

    init(_ key: CheckpointKey) { self.key = key }
    init(stringValue: String) { key = .string(stringValue) }
    init(intValue: Int) { key = .integer(intValue) }

    var stringValue: String { key.description }

    var intValue: Int? {
        if case .integer(let value) = key { value } else { nil }
    }

    /// What a class's own part is encoded under.
    static let superKey = CheckpointCodingKey(.string("super"))
}

extension CodingKey {
    /// The key in a dictionary: a string, or an integer when the key has one.
    ///
    /// Many types of keys take any text that reads as a number for one: `05` is none.
    var checkpointKey: CheckpointKey {
        if let key = self as? CheckpointCodingKey { return key.key }
        guard let intValue, Int(stringValue) == nil || stringValue == "\(intValue)" else {
            return .string(stringValue)
        }
        return .integer(intValue)
    }
}

extension CheckpointPath {
    /// The steps that coding keys are.
    init(_ codingPath: [any CodingKey]) { self.init(codingPath.map(\.checkpointKey)) }

    /// The steps as coding keys.
    var codingPath: [any CodingKey] { keys.map(CheckpointCodingKey.init) }
}
