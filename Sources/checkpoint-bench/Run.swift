/// What one run took.
struct Run: CustomStringConvertible {
    let making: Duration
    let dropping: Duration
    /// The private memory of the process while it had the result.
    let memory: Int?

    /// All seconds, how many of them went into dropping the result, and the bytes of memory.
    var description: String {
        let seconds = (making + dropping) / .seconds(1)
        return "[\(seconds), \(dropping / .seconds(1)), \(memory.map(String.init) ?? "null")]"
    }

    /// Times making a value, and then letting go of it.
    static func timing<Value>(_ make: () throws -> Value) rethrows -> Run {
        let clock = ContinuousClock()
        let start = clock.now
        var value: Value? = try make()
        let (made, memory) = withExtendedLifetime(value) { (clock.now, privateBytes()) }
        let again = clock.now
        value = nil
        return Run(
            making: start.duration(to: made), dropping: again.duration(to: clock.now),
            memory: memory)
    }
}
