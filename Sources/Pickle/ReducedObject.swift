/// An object that Python would make by calling a class or function, kept as a description.
///
/// The Python counterparts are the opcodes `REDUCE`, `NEWOBJ`, `NEWOBJ_EX`, `INST` and `OBJ`
/// with the `APPENDS`, `SETITEMS` and `BUILD` that follow on their results.
public struct ReducedObject: Sendable {
    /// How the object would be made.
    public enum Construction: UInt8, Sendable {
        /// `callable(*arguments)`, by `REDUCE`.
        case reduce
        /// `callable.__new__(callable, *arguments)`, by `NEWOBJ`.
        case newObject
        /// As `newObject` with keyword arguments, by `NEWOBJ_EX`.
        case newObjectEx
        /// `callable(*arguments)`, by `INST` or `OBJ` of protocols 0 and 1.
        case instance
    }

    /// How the object would be made.
    public let construction: Construction
    /// The class or function, usually of kind ``PickleKind/global``.
    public let callable: NodeID
    /// The positional arguments, usually a tuple.
    public let arguments: NodeID
    /// The keyword arguments, a dictionary, with `NEWOBJ_EX` only.
    public let keywordArguments: NodeID?
    /// What was appended to the object as to a list.
    public let items: [NodeID]
    /// Keys and values in turn that were set on the object as on a dictionary.
    public let entries: [NodeID]
    /// The states given to the object by `BUILD`, nearly always none or one.
    public let states: [NodeID]
}

/// A ``ReducedObject`` as the graph stores it: places in arrays, −1 for an empty sequence.
struct ObjectRecord: Sendable {
    var construction: ReducedObject.Construction
    var callable: NodeID
    var arguments: NodeID
    var keywordArguments = NodeID.none
    var items: Int32 = -1
    var entries: Int32 = -1
    var states: Int32 = -1
}
