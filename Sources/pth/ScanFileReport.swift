import TorchCheckpoint

/// What a scan says of one file, whose names other programs rely on: `Specs/command-line.md`.
struct ScanFileReport: Encodable {
    /// The worst that was found, in a word.
    enum Verdict: String, Encodable {
        case dangerous, suspicious, clean

        init(_ severity: ScanFinding.Severity?) {
            switch severity {
            case .danger: self = .dangerous
            case .warning: self = .suspicious
            case .note, nil: self = .clean
            }
        }
    }

    struct Global: Encodable {
        let name: String
        let verdict: String
        let uses: [String]
        let record: String?
        let offset: Int
    }

    struct Finding: Encodable {
        let code: String
        let severity: String
        let record: String?
        let offset: Int?
        let message: String
        let error: String?
    }

    let file: String
    let format: String?
    let verdict: Verdict
    let globals: [Global]
    let findings: [Finding]

    init(_ scan: CheckpointScan, file: String) {
        self.file = file
        format = scan.format?.rawValue
        verdict = Verdict(scan.severity)
        globals = scan.globals.map {
            Global(
                name: $0.name.description, verdict: $0.verdict.rawValue,
                uses: $0.uses.map(\.rawValue), record: $0.record, offset: $0.offset)
        }
        findings = scan.findings.map {
            Finding(
                code: $0.code.rawValue, severity: $0.severity.rawValue, record: $0.record,
                offset: $0.offset, message: $0.message, error: $0.error?.rawValue)
        }
    }
}

extension ScanFileReport {
    /// The report for people: a line for the file, and one for each finding.
    ///
    /// - Parameter showsAll: Whether names that are accepted are shown, too.
    func text(style: TerminalStyle, showsAll: Bool) -> String {
        let title = "\(file): \(verdict.rawValue)\(format.map { " (\($0))" } ?? "")"
        var lines = [style.bold(title.escapingControls)]
        lines += findings.map { line(for: $0, style) }
        if showsAll {
            lines += globals.map { global in
                let uses = global.uses.joined(separator: ", ")
                return "  \(global.verdict.padded(to: 10)) \(global.name): \(uses)".escapingControls
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(for finding: Finding, _ style: TerminalStyle) -> String {
        let severity = finding.severity.padded(to: 8)
        var place = finding.record.map { "\($0)" } ?? ""
        if let offset = finding.offset {
            place += place.isEmpty ? "byte \(offset)" : " at byte \(offset)"
        }
        let error = finding.error.map { " [\($0)]" } ?? ""
        let text =
            "\(finding.code.padded(to: 20)) \(place.isEmpty ? "" : place + ": ")\(finding.message)"
            + error
        let shown = finding.severity == "note" ? style.dim(severity) : style.warning(severity)
        return "  \(shown) \(text.escapingControls)"
    }
}
