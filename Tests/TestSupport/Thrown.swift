/// The error of a kind that `body` throws; nil when it throws none or one of another kind.
package func thrown<Failure: Error>(
    _ kind: Failure.Type = Failure.self, _ body: () throws -> Void
) -> Failure? {
    do {
        try body()
        return nil
    } catch {
        return error as? Failure
    }
}
