import ByteIO

/// Runs what may refuse its input: `CheckpointError` is the one error that it may throw.
///
/// - Returns: What `body` returns; nil when it throws.
@discardableResult
func attempt<Result>(_ body: () throws -> Result) -> Result? {
    do {
        return try body()
    } catch let error as CheckpointError {
        // What is shown to people has to be there, whatever the bytes are.
        promise(!error.reason.isEmpty && !error.description.isEmpty, "an error says what is wrong")
        return nil
    } catch {
        broken("an error is a CheckpointError, not \(error)")
    }
}

/// Ends the process unless `condition` holds.
func promise(_ condition: Bool, _ what: @autoclosure () -> String) {
    if !condition { broken(what()) }
}

// `preconditionFailure` would leave out the message in an optimised build.
func broken(_ what: String) -> Never { fatalError("broken promise: \(what)") }
