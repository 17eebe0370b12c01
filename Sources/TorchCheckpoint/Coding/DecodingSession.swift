import ByteIO
import Pickle
import Tensors

/// What all decoders of one call share.
final class DecodingSession {
    private let root: CheckpointValue
    /// The steps from the root of the checkpoint to ``root``.
    let path: CheckpointPath
    let userInfo: [CodingUserInfoKey: any Sendable]
    /// How deep the call is in the one in which a type has called the decoder again.
    let depth: Int
    private let work: DecodingWork

    init(root: CheckpointValue, path: CheckpointPath, userInfo: [CodingUserInfoKey: any Sendable]) {
        self.root = root
        self.path = path
        self.userInfo = userInfo
        let outer = DecodingScope.current(in: root.contents)
        depth = outer?.depth ?? 0
        work = outer?.work ?? DecodingWork(root.graph)
    }

    /// Checks that types which call the decoder again do not do so without end.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    func checkDepth() throws(CheckpointError) {
        let limit = root.contents.limits.decodingDepth
        guard depth <= limit else { throw CodingLimits.tooDeep(limit) }
    }

    /// The error with the step to ``root`` before its place, when a type has called the decoder for
    /// a part of what it is made of: whoever made the type puts the place of the whole before it.
    func placed(_ error: CheckpointError) -> CheckpointError {
        let scope = DecodingScope.current(in: root.contents)
        guard let step = scope?.step(to: root) else { return error }
        return error.insideKeyPath(CheckpointPath([step]).description)
    }

    /// - Throws: as ``DecodingWork/enter(_:)``.
    func enter(_ container: CheckpointValue) throws(CheckpointError) { try work.enter(container) }

    /// - Throws: as ``DecodingWork/read(_:)``.
    func read(_ value: CheckpointValue) throws(CheckpointError) { try work.read(value) }

    /// The value of a type that an object is, made once for all places of the object.
    ///
    /// - Parameter depth: How deep the object is in what the outermost call was given.
    func make<Value: CheckpointCodable>(
        _ type: Value.Type, of value: CheckpointValue, depth: Int
    ) throws -> Value {
        let inner = depth + CodingLimits.callDepth
        return try DecodingScope.inside(value, depth: inner, work) {
            try work.make(type, of: value)
        }
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
            offset: found.flatMap { $0.graph.place(of: $0.id) },
            advice: "Decode a type that takes it", underlying: error)
        return root.contents.locating(new, at: path)
    }
}

extension DecodingError {
    /// What kind of error it is, and what it says.
    var parts: (CheckpointError.Code, Context) {
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
