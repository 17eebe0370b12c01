/// One step into a checkpoint: a dictionary key, a list index, or the name of an object's field.
///
/// Literals make keys: `checkpoint.stateDict("models", 0)`.
public enum CheckpointKey: Hashable, Sendable {
    /// A string key.
    case string(String)
    /// An integer key, or a place in a list or tuple.
    case integer(Int)
    /// Any other key, as Python's `repr` shows it: `(1, 2)`, `None`, `True`, `1.5`.
    case other(String)
}

// Python tells strings apart by their code points. Swift takes "é" for the same string in either of
// its Unicode forms, and would merge two keys of a dictionary into one.
extension CheckpointKey {
    /// Returns whether both are the same key to Python: texts of the same code points.
    public static func == (left: CheckpointKey, right: CheckpointKey) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)), (.other(let left), .other(let right)):
            left.utf8.elementsEqual(right.utf8)
        case (.integer(let left), .integer(let right)): left == right
        default: false
        }
    }

    /// Hashes the code points of a text, or the number.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .string(let text), .other(let text): for byte in text.utf8 { hasher.combine(byte) }
        case .integer(let value): hasher.combine(value)
        }
    }
}

extension CheckpointKey: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// Creates a string key.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Creates an integer key.
    public init(integerLiteral value: Int) { self = .integer(value) }
}

extension CheckpointKey: CustomStringConvertible {
    /// The key without quotes.
    public var description: String {
        switch self {
        case .string(let text): text
        case .integer(let value): "\(value)"
        case .other(let repr): repr
        }
    }

    /// The key as Python's `repr` shows it.
    public var pythonRepr: String {
        switch self {
        case .string(let text): PythonRepr.quote(text)
        case .integer(let value): "\(value)"
        case .other(let repr): repr
        }
    }
}

/// The steps from the root of a checkpoint to something inside it.
public struct CheckpointPath: Hashable, Sendable, ExpressibleByArrayLiteral {
    /// The steps, from the root.
    public var keys: [CheckpointKey]

    /// Creates a path from its steps.
    public init(_ keys: [CheckpointKey] = []) { self.keys = keys }

    /// Creates a path from its steps.
    public init(arrayLiteral keys: CheckpointKey...) { self.keys = keys }

    /// The steps joined by dots, as state dicts name what is nested: `encoder.0.weight`.
    public var dotted: String { keys.map(\.description).joined(separator: ".") }

    /// Whether a step is an integer: a place in a list, most often.
    var hasPlaces: Bool { keys.contains { if case .integer = $0 { true } else { false } } }

    /// The path for messages.
    var placeName: String { keys.isEmpty ? "the root" : excerpt }

    /// The description of a path for messages, without the middle of a long one.
    var excerpt: String {
        let half = Self.mostShownKeys / 2
        guard keys.count > Self.mostShownKeys else { return description }
        return
            "\(CheckpointPath(Array(keys.prefix(half))))…\(CheckpointPath(Array(keys.suffix(half))))"
    }

    private static let mostShownKeys = 32

    /// The path with one more step.
    public func appending(_ key: CheckpointKey) -> CheckpointPath { CheckpointPath(keys + [key]) }

    /// The step that stands for the arguments that an object would be made of.
    public static let argumentsKey = CheckpointKey.string("<args>")

    /// The step that stands for a state that is no dictionary of fields.
    public static let stateKey = CheckpointKey.string("<state>")

    /// The step that stands for the keyword arguments that an object would be made of.
    public static let keywordArgumentsKey = CheckpointKey.string("<kwargs>")
}

extension CheckpointPath: CustomStringConvertible {
    /// A Python subscript expression: `['optimizer']['param_groups'][0]`.
    public var description: String { keys.map { "[\($0.pythonRepr)]" }.joined() }
}
