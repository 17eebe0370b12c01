import ByteIO

/// What coders may be asked for.
enum CodingLimits {
    /// The deepest that containers may be nested in what is encoded: coders call themselves, and
    /// every thread's stack has an end.
    static let maximumDepth = 128

    /// How many levels a type counts for that calls the decoder for what it is made of: it takes as
    /// much of the stack.
    static let callDepth = 2

    /// How many bytes of a storage cost as much as a value: reading one element of an inflated
    /// storage inflates all of it.
    static let pageSize = 4096

    /// How long a text is that costs as much as a value, if it is in many places.
    static let freeTextLength = 64

    /// The error that containers are nested deeper.
    static func tooDeep(_ limit: Int = maximumDepth) -> CheckpointError {
        CheckpointError(
            .limitExceeded, "values are nested more than \(limit) deep",
            advice: "Code a part of them, or use subscripts")
    }
}
