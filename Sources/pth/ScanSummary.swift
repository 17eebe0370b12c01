/// How many files a scan found to be what.
struct ScanSummary: Encodable {
    private(set) var files = 0
    private(set) var dangerous = 0
    private(set) var suspicious = 0
    private(set) var clean = 0
    /// Files in folders that are no checkpoints.
    var skipped = 0
    /// Files and folders that could not be read.
    var troubles = 0

    mutating func count(_ verdict: ScanFileReport.Verdict) {
        files += 1
        switch verdict {
        case .dangerous: dangerous += 1
        case .suspicious: suspicious += 1
        case .clean: clean += 1
        }
    }

    /// As diff(1): 0 for nothing found, 1 for something, 2 for trouble.
    var exitStatus: Int32 { troubles > 0 ? 2 : dangerous + suspicious > 0 ? 1 : 0 }

    var text: String {
        var parts = [
            "\(files) files: \(dangerous) dangerous, \(suspicious) suspicious, \(clean) clean"
        ]
        if skipped > 0 { parts.append("\(skipped) others are no checkpoints") }
        if troubles > 0 { parts.append("\(troubles) could not be read") }
        return parts.joined(separator: "; ")
    }
}
