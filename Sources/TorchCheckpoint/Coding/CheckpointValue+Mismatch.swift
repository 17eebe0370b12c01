import ByteIO
import Pickle

// Errors that say what is there instead of what was asked for. They know no path; whoever does adds it.
extension CheckpointValue {
    /// The error that something else is here than what was asked for.
    func mismatch(
        _ wanted: String, advice: String = "Decode a type that takes it"
    ) -> CheckpointError {
        CheckpointError(
            .typeMismatch, "\(wanted) was asked for, but \(describedKind) is there",
            offset: graph.place(of: id), advice: advice)
    }

    /// The error that a type does not have the number.
    func outOfRange(of type: Any.Type) -> CheckpointError {
        CheckpointError(
            .numberOutOfRange, "\(shortRepr) is no value of \(type)",
            offset: graph.place(of: id), advice: "Decode a type that has it")
    }

    /// The value for a message.
    var shortRepr: String {
        if let number = try? singleElement()?.formatted() { return number }
        let repr = pythonRepr(maximumItems: 4, maximumCharacters: 60)
        return repr.count > 80 ? repr.prefix(60) + "…" : repr
    }

    /// The value's type for messages, and a short value itself.
    private var describedKind: String {
        guard !isContainer, !isAnyTensor else { return "a \(typeName)" }
        return isNone ? "None" : "the \(typeName.name) \(shortRepr)"
    }
}
