import TestSupport
import TorchCheckpoint

/// A place in a checkpoint that an edit can be made at.
struct EditedPlace {
    let path: CheckpointPath
    let holder: CheckpointValue
    let value: CheckpointValue

    var isScalar: Bool {
        switch value.kind {
        case .bool, .integer, .float, .string, .none: true
        default: false
        }
    }

    /// The places of a checkpoint that Python finds by the same steps, each container's once.
    static func all(in checkpoint: Checkpoint) -> [EditedPlace] {
        var places: [EditedPlace] = []
        var seen: Set<NodeID> = [checkpoint.root.id]
        var todo: [(CheckpointPath, CheckpointValue)] = [([], checkpoint.root)]
        while let (path, holder) = todo.popLast() {
            for (key, value) in holder.steps {
                let path = path.appending(key)
                guard path.task != nil, path.keys.count < 40 else { continue }
                places.append(EditedPlace(path: path, holder: holder, value: value))
                if seen.insert(value.id).inserted { todo.insert((path, value), at: 0) }
            }
        }
        return places
    }
}

extension CheckpointValue {
    fileprivate var steps: [(CheckpointKey, CheckpointValue)] {
        switch kind {
        case .list: zip(0..., array ?? []).map { (.integer($0), $1) }
        case .tuple where typeName.name == "tuple":
            zip(0..., array ?? []).map { (.integer($0), $1) }
        case .dictionary: (dictionary ?? [:]).map { ($0.key, $0.value) }
        case .object: stateFields.map { (.string($0.key), $0.value) }
        default: []
        }
    }

    // Some fields of classes that are known are arguments, which Python has elsewhere.
    private var stateFields: [(key: String, value: CheckpointValue)] {
        let arguments = Set((arguments?.array ?? []).map(\.id))
        return fields.filter { !arguments.contains($0.value.id) }
    }
}

/// One kind of change, to be made in Swift and described to Python.
enum EditKind: String, CaseIterable, Sendable {
    case renamed, scalar, removed, inserted, tensor, element, item, nested, device

    /// A value of every kind that torch's restricted reader takes.
    static let everything: JSONValue = [
        "dict": [
            [["str": "none"], ["none": nil]], [["str": "yes"], ["bool": true]],
            [["int": "-5"], ["int": "1180591620717411303424"]],
            [["str": "π"], ["float": "400921fb54442d18"]],
            [["str": "complex"], ["complex": ["3ff8000000000000", "8000000000000000"]]],
            [["str": "text"], ["utf8": "6cc3a4eda080"]], [["str": "bytes"], ["bytes": "00ff80"]],
            [["str": "array"], ["bytearray": "00ff"]],
            [["tuple": [["int": "1"], ["str": "a"]]], ["tuple": [["list": []], ["tuple": []]]]],
            [["str": "set"], ["set": [["int": "1"], ["int": "2"]]]],
            [["none": nil], ["odict": [[["str": "a"], ["dict": []]]]]],
            [["str": "size"], ["size": [2, 3]]], [["str": "dtype"], ["dtype": "bfloat16"]],
            [["bool": true], ["device": "cuda:1"]],
        ]
    ]

    /// Makes the change in `checkpoint`.
    ///
    /// - Returns: The change for Python, or nil when there is no place for it.
    func make(in checkpoint: inout Checkpoint) throws -> JSONValue? {
        let places = EditedPlace.all(in: checkpoint)
        switch self {
        case .renamed: return try rename(places, in: &checkpoint)
        case .removed: return try remove(places, in: &checkpoint)
        case .inserted: return try insert(places, in: &checkpoint)
        case .tensor: return try replaceTensor(places, in: &checkpoint)
        case .device: return ["op": "device", "device": "cuda:3"]
        case .scalar:
            return try set(
                places.first { $0.isScalar }, ["float": "c000000000000000"], in: &checkpoint)
        case .element:
            let place = places.first { $0.holder.kind == .list && $0.isScalar }
            return try set(place, ["str": "edited"], in: &checkpoint)
        case .item:
            return try set(Self.item(places), ["list": [["bool": false]]], in: &checkpoint)
        case .nested:
            let place = places.last {
                $0.path.keys.count > 2 && $0.isScalar && $0.holder.kind != .tuple
            }
            return try set(place, ["int": "300"], in: &checkpoint)
        }
    }

    // A tuple that is in one place only: Python's check replaces it wherever it is.
    private static func item(_ places: [EditedPlace]) -> EditedPlace? {
        let counts = places.reduce(into: [:]) { $0[$1.value.id, default: 0] += 1 }
        return places.first { $0.holder.kind == .tuple && counts[$0.holder.id] == 1 }
    }

    private func set(
        _ place: EditedPlace?, _ value: JSONValue, in checkpoint: inout Checkpoint
    ) throws -> JSONValue? {
        guard let path = place?.path, let task = path.task else { return nil }
        try checkpoint.set(TypedValue(tensors: []).value(value), at: path)
        return ["op": "set", "path": task, "value": value]
    }

    private func rename(
        _ places: [EditedPlace], in checkpoint: inout Checkpoint
    ) throws -> JSONValue? {
        let place = places.first { $0.holder.kind == .dictionary }
        guard let path = place?.path, let task = path.task else { return nil }
        try checkpoint.renameKey(at: path, to: "renamed")
        return ["op": "rename", "path": task, "key": "renamed"]
    }

    private func remove(
        _ places: [EditedPlace], in checkpoint: inout Checkpoint
    ) throws -> JSONValue? {
        let entries = places.filter { $0.holder.kind == .dictionary || $0.holder.kind == .list }
        let place = entries.first { $0.value.isTensor } ?? entries.first
        guard let path = place?.path, let task = path.task else { return nil }
        try checkpoint.remove(at: path)
        return ["op": "remove", "path": task]
    }

    private func insert(
        _ places: [EditedPlace], in checkpoint: inout Checkpoint
    ) throws -> JSONValue? {
        let value = try TypedValue(tensors: []).value(Self.everything)
        let path: CheckpointPath
        switch checkpoint.root.kind {
        case .dictionary: path = ["inserted"]
        case .list: path = [.integer(checkpoint.root.count ?? 0)]
        default: path = []
        }
        if path.keys.isEmpty {
            try checkpoint.set(value, at: path)
        } else {
            try checkpoint.insert(value, at: path)
        }
        return ["op": "set", "path": path.task ?? [], "value": Self.everything]
    }

    private func replaceTensor(
        _ places: [EditedPlace], in checkpoint: inout Checkpoint
    ) throws -> JSONValue? {
        let place = places.first { $0.value.isTensor && $0.holder.kind != .tuple }
        guard let path = place?.path, let task = path.task, let old = try place?.value.tensor()
        else { return nil }
        let isInteger = old.dtype.isFloatingPoint
        let tensor =
            isInteger
            ? try Tensor([1, -2, 3, 4, 5, 300] as [Int16], shape: [3, 2])
            : try Tensor([1, -2, 3, 4, 5, 300] as [Float], shape: [1, 6], requiresGrad: true)
        try checkpoint.set(CheckpointValue(tensor), at: path)
        return [
            "op": "tensor", "path": task, "dtype": isInteger ? "int16" : "float32",
            "shape": isInteger ? [3, 2] : [1, 6], "elements": [1, -2, 3, 4, 5, 300],
            "requiresGrad": .bool(!isInteger),
        ]
    }
}
