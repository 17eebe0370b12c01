import ByteIO
import Pickle
import Tensors

/// A type whose values take so much reading that it is counted.
protocol CountedCodable: CheckpointCodable {
    init(checkpointValue: CheckpointValue, _ effort: inout Effort) throws
}

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
    /// The containers and long texts that were looked at.
    private var seen: Set<NodeID> = []
    /// The storages that were inflated, which the checkpoint keeps, and the last of them.
    private var inflatedBefore: Set<ObjectIdentifier> = []
    private var inflated: (storage: Storage, region: ByteRegion)?

    init(root: CheckpointValue, path: CheckpointPath, userInfo: [CodingUserInfoKey: any Sendable]) {
        self.root = root
        self.path = path
        self.userInfo = userInfo
        effort = Effort(for: root.graph)
    }

    /// Counts the elements of a container, from the second time on that it is looked at.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    func enter(_ container: CheckpointValue, count: Int) throws(CheckpointError) {
        if !seen.insert(container.id).inserted { try effort.spend(count + 1, on: container) }
    }

    /// Counts what it takes to read a value that has no parts.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``; ``CheckpointError`` when a storage can't be
    ///   inflated.
    func read(_ value: CheckpointValue) throws(CheckpointError) {
        guard value.isTensor else {
            let length = value.graph.textLength(of: value.id)
            if length > CodingLimits.freeTextLength, !seen.insert(value.id).inserted {
                try effort.spend(length / CodingLimits.freeTextLength, on: value)
            }
            return
        }
        let storage = try value.tensor(at: nil).storage
        guard storage.isInflatedOnDemand, storage !== inflated?.storage else { return }
        if !inflatedBefore.insert(ObjectIdentifier(storage)).inserted {
            try effort.spend(storage.byteCount / CodingLimits.pageSize, on: value)
        }
        // Kept for the next one, which is often a view of the same.
        inflated = try (storage, storage.region())
    }

    /// The value of a type that an object is, made once for all places of the object.
    func make<Value: CheckpointCodable>(
        _ type: Value.Type, of value: CheckpointValue
    ) throws -> Value {
        // Only containers are worth it.
        guard value.isContainer else { return try type.init(checkpointValue: value) }
        let key = Made(type: ObjectIdentifier(type), id: value.id)
        if let known = made[key] as? Value { return known }
        let new =
            if let counted = type as? any CountedCodable.Type {
                try counted.init(checkpointValue: value, &effort) as? Value
                    ?? type.init(checkpointValue: value)
            } else {
                try type.init(checkpointValue: value)
            }
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
