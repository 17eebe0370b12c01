#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The call of a decoder in which a type is being made of a value.
///
/// A ``CheckpointCodable`` type is given a value, and may call ``CheckpointValue/decode(_:)`` for it or
/// for what is in it. What that does counts as part of the call around it: otherwise a small file
/// whose objects are shared would be decoded for ever, and one that nests deep would use up the
/// stack.
final class DecodingScope: @unchecked Sendable {
    /// What the type is made of.
    private let value: CheckpointValue
    let depth: Int
    let work: DecodingWork
    // A task that the type starts inherits the scope, and has no part in the call.
    private let thread = pthread_self()
    private var isOpen = true

    private init(_ value: CheckpointValue, depth: Int, _ work: DecodingWork) {
        self.value = value
        self.depth = depth
        self.work = work
    }

    @TaskLocal private static var innermost: DecodingScope?

    /// The scope in which this thread is, if it is one of the same checkpoint.
    static func current(in contents: CheckpointContents) -> DecodingScope? {
        guard let scope = innermost, pthread_equal(scope.thread, pthread_self()) != 0, scope.isOpen,
            scope.value.contents === contents
        else { return nil }
        return scope
    }

    /// The step to something that is directly inside the value; nil for the value itself and for what
    /// is elsewhere.
    ///
    /// - Complexity: O(*n*) in the number of elements, entries and fields.
    func step(to part: CheckpointValue) -> CheckpointKey? {
        guard part.id != value.id else { return nil }
        return value.children.first { $0.value.id == part.id }?.key
    }

    /// Calls `body`, which makes a type of a value.
    static func inside<Result>(
        _ value: CheckpointValue, depth: Int, _ work: DecodingWork, _ body: () throws -> Result
    ) rethrows -> Result {
        // What has no parts decodes none.
        guard value.isContainer else { return try body() }
        let scope = DecodingScope(value, depth: depth, work)
        defer { scope.isOpen = false }
        return try $innermost.withValue(scope, operation: body)
    }
}
