import Pickle

/// An object of a class that is known, for those who show it.
struct PythonObject {
    let value: CheckpointValue
    /// How many levels of what is inside may still be shown.
    let depth: Int

    /// The arguments of the constructor.
    var arguments: [CheckpointValue] {
        guard let call = value.graph.call(value.id),
            !value.isReconstructed
        else { return [] }
        return (value.graph.items(call.arguments) ?? []).map(value.value)
    }

    /// An argument of the constructor.
    subscript(place: Int) -> CheckpointValue? {
        let arguments = arguments
        return place < arguments.count ? arguments[place] : nil
    }

    /// An argument that is text, and not so long that looking at it many times would not end.
    func text(_ place: Int) -> String? {
        guard let argument = self[place],
            argument.graph.textLength(of: argument.id) <= Self.maximumTextByteCount
        else { return nil }
        return argument.string
    }

    /// The longest text, in bytes, that is more to an object than a value inside it.
    static let maximumTextByteCount = 4096

    /// The state that is no dictionary of fields.
    var state: [CheckpointValue]? { value.unnamedStates.first?.array }

    /// A field of the state.
    func field(_ name: String) -> CheckpointValue? {
        value.stateEntries.last { value.graph.plainString($0.key) == name }
            .map { value.value($0.value) }
    }
}

extension CheckpointValue {
    /// Whether the object is made by `copyreg._reconstructor`, whose arguments are not its own.
    var isReconstructed: Bool {
        guard case .python(let number) = contents.role(ofObject: id) else { return false }
        return number == PythonClass.reconstructorNumber
    }
}
