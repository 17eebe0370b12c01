import ByteIO
import Pickle

/// What all decoders of one call share.
final class DecodingSession {
    /// A value that was made of an object once, and serves wherever the object is met again.
    private struct Made: Hashable {
        let type: ObjectIdentifier
        let id: NodeID
    }

    private let root: CheckpointValue
    /// The steps from the root of the checkpoint to ``root``.
    let path: CheckpointPath
    let userInfo: [CodingUserInfoKey: any Sendable]
    private var made: [Made: any CheckpointCodable] = [:]
    private var effort: Effort

    init(root: CheckpointValue, path: CheckpointPath, userInfo: [CodingUserInfoKey: any Sendable]) {
        self.root = root
        self.path = path
        self.userInfo = userInfo
        effort = Effort(for: root.graph)
    }

    /// Counts what is decoded.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    func spend(_ cost: Int, on value: CheckpointValue) throws(CheckpointError) {
        try effort.spend(cost, on: value)
    }

    /// The value of a type that an object is, made once for all places of the object.
    func make<Value: CheckpointCodable>(
        _ type: Value.Type, of value: CheckpointValue
    ) throws -> Value {
        // Only containers are worth it.
        guard value.isContainer else { return try type.init(checkpointValue: value) }
        let key = Made(type: ObjectIdentifier(type), id: value.id)
        if let known = made[key] as? Value { return known }
        let new = try type.init(checkpointValue: value)
        made[key] = new
        return new
    }

    /// The error of this package that says what another one says, with what is there.
    func checkpointError(_ error: DecodingError) -> CheckpointError {
        let (code, context) = error.parts
        let path = CheckpointPath(context.codingPath)
        let steps = path.keys.dropFirst(self.path.keys.count)
        let found = steps.reduce(Optional(root)) { $0?[$1] }
        let place = found.map { "; \($0.shortRepr) is there" } ?? ""
        let new = CheckpointError(
            code, context.debugDescription.droppingFullStop + place,
            offset: found.flatMap { $0.graph.offset(of: $0.id) },
            advice: "Decode a type that takes it", underlying: error)
        return root.contents.locating(new, at: path)
    }
}

extension DecodingError {
    fileprivate var parts: (CheckpointError.Code, Context) {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context): (.typeMismatch, context)
        case .keyNotFound(_, let context): (.keyNotFound, context)
        case .dataCorrupted(let context): (.invalidValue, context)
        @unknown default: (.invalidValue, Context(codingPath: [], debugDescription: "\(self)"))
        }
    }
}

extension String {
    /// The text without the full stop at its end.
    var droppingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
