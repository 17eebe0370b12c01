import ByteIO
import Pickle
import ZipArchive

/// What a scan has found so far.
struct ScanReport {
    private(set) var globals: [ScannedGlobal] = []
    private(set) var findings: [ScanFinding] = []
    // The same trouble in thousands of records is told once for each, up to a number.
    private var counts: [ScanFinding.Code: Int] = [:]

    private static let maximumCount = 256
    private static let maximumGlobalCount = 16_384

    mutating func add(
        _ code: ScanFinding.Code, _ message: String, in place: ScanPlace, at offset: Int? = nil,
        error: CheckpointError.Code? = nil
    ) {
        let count = counts[code, default: 0]
        counts[code] = count + 1
        guard count < Self.maximumCount else { return }
        findings.append(
            ScanFinding(
                code: code, severity: code.severity, record: place.record,
                offset: offset.map { place.offset + $0 }, message: message, error: error))
    }

    /// Takes in what a pickle names and what is odd about it.
    mutating func add(_ trace: PickleTrace, in place: ScanPlace, at offset: Int) {
        let place = place.moved(by: offset)
        for mention in trace.mentions { add(mention, in: place) }
        for (oddity, code, message) in Self.oddities {
            guard let offset = trace.oddities[oddity] else { continue }
            add(code, message, in: place, at: offset)
        }
    }

    private mutating func add(_ mention: PickleTrace.Mention, in place: ScanPlace) {
        let reason = DangerousGlobals.reason(for: mention.name)
        let verdict = verdict(on: mention, isDangerous: reason != nil, in: place)
        var uses: [ScannedGlobal.Use] = []
        if mention.uses.contains(.called) { uses.append(.called) }
        if mention.uses.contains(.built) { uses.append(.built) }
        let global = ScannedGlobal(
            name: mention.name, verdict: verdict, uses: uses.isEmpty ? [.named] : uses,
            record: place.record, offset: place.offset + mention.offset)
        if globals.count < Self.maximumGlobalCount {
            globals.append(global)
        } else if globals.count == Self.maximumGlobalCount, counts[.limitReached] == nil {
            add(
                .limitReached, "more than \(Self.maximumGlobalCount) names; the rest is not listed",
                in: place, at: mention.offset)
        }
        let what = "\(mention.name) is \(global.uses.map(\.rawValue).joined(separator: " and "))"
        switch verdict {
        case .accepted, .script: break
        case .unknown:
            add(
                .unknownGlobal, "\(what); importing it runs whatever its module does", in: place,
                at: mention.offset)
        case .dangerous:
            add(.dangerousGlobal, "\(what); it \(reason ?? "")", in: place, at: mention.offset)
        }
    }

    private func verdict(
        on mention: PickleTrace.Mention, isDangerous: Bool, in place: ScanPlace
    ) -> GlobalVerdict {
        let verdict = GlobalVerdict(mention.name, isDangerous: isDangerous)
        if verdict == .dangerous, mention.isResolved { return .unknown }
        if verdict == .unknown, place.isScript, mention.name.isOfScript { return .script }
        return verdict
    }

    private static let oddities: [(PickleTrace.Oddity, ScanFinding.Code, String)] = [
        (.computedName, .computedName, "a class is named by what is no text of the pickle"),
        (
            .extensionCode, .computedName,
            "a class is named by its number in the extension registry, which can be any"
        ),
        (.longName, .computedName, "the name of a class is too long or no UTF-8"),
        (.computedCall, .computedCall, "the result of a call is called"),
        (
            .frameCrossing, .frameBoundary,
            "an instruction crosses the end of its frame; Python's two unpicklers differ on it"
        ),
        (
            .fault, .unreadablePickle,
            "an instruction does not find what it needs; Python ends here, but runs what is before"
        ),
    ]
}

extension GlobalName {
    /// Whether it is a class of TorchScript code, or a mark that C++ puts at a type.
    fileprivate var isOfScript: Bool {
        module == "__torch__" || module.hasPrefix("__torch__.") || module == "torch.jit._pickle"
    }
}
