/// A bar on standard error for work that takes long, on terminals only.
struct ProgressBar {
    private let clock = ContinuousClock()
    private let start = ContinuousClock().now
    private var lastDrawn: ContinuousClock.Instant?
    private let label: String

    init(_ label: String) { self.label = label }

    /// Shows how far the work has come, at most ten times a second and not in the first half
    /// second.
    mutating func update(_ done: Int, of total: Int) {
        let now = clock.now
        guard StandardError.isTerminal, now - start > .milliseconds(500) else { return }
        if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
        lastDrawn = now
        let fraction = total > 0 ? min(1, Double(done) / Double(total)) : 1
        let filled = Int(fraction * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
        StandardError.write("\r\(label) \(bar) \(Int(fraction * 100)) %", terminator: "")
    }

    /// Removes the bar.
    func finish() {
        if lastDrawn != nil { StandardError.write("\r\u{1B}[K", terminator: "") }
    }
}
