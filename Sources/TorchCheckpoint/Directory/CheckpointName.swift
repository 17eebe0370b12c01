import ByteIO

/// What the name of a checkpoint's file says: `epoch=12-val_loss=0.25.pth`.
///
/// A name counts only if it is the very one that its numbers are written as: `epoch=012.pth` is
/// somebody else's file.
struct CheckpointName: Hashable {
    struct Metric: Hashable {
        let name: String
        // The text, because two NaN are not equal.
        let text: String

        var value: Double { Double(text) ?? .nan }
    }

    let epoch: Int
    let metric: Metric?

    /// - Throws: ``CheckpointError/Code/invalidCheckpointName`` for an epoch below 0.
    init(epoch: Int, metric: (name: String, value: Double)?) throws(CheckpointError) {
        guard epoch >= 0 else {
            throw CheckpointError(
                .invalidCheckpointName, "the epoch is \(epoch), and has to be 0 or more",
                advice: "Count epochs from 0 or 1")
        }
        self.epoch = epoch
        self.metric = metric.map { Metric(name: $0.name, text: Self.text($0.value)) }
    }

    /// Reads a name; nil when it is not one of a checkpoint.
    init?(_ name: String, fileExtension: String) {
        guard let rest = name.removing(prefix: "epoch=")?.removing(suffix: "." + fileExtension)
        else { return nil }
        let parts = rest.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let epoch = Int(parts[0]), epoch >= 0 else { return nil }
        self.epoch = epoch
        metric = parts.count > 1 ? Metric(parts[1]) : nil
        guard self.name(fileExtension: fileExtension).utf8.elementsEqual(name.utf8) else {
            return nil
        }
    }

    /// The name of the file.
    func name(fileExtension: String) -> String {
        let metric = metric.map { "-\($0.name)=\($0.text)" } ?? ""
        return "epoch=\(epoch)\(metric).\(fileExtension)"
    }

    /// The shortest text that reads as the number, the same for every NaN.
    fileprivate static func text(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }

    /// The bytes that a metric's name and the extension may have together.
    ///
    /// What is left unnamed of a save that was killed carries the first 100 bytes of the name; with
    /// this limit that is all of it, whatever the numbers.
    static let maximumTextByteCount = 48

    /// - Throws: ``CheckpointError/Code/invalidCheckpointName`` for what can't be part of a name.
    static func check(metric: String?, fileExtension: String) throws(CheckpointError) {
        if let metric { try check(metric, "the metric's name") }
        try check(fileExtension, "the file extension")
        guard !fileExtension.hasPrefix("."), !fileExtension.hasSuffix(".") else {
            throw CheckpointError(
                .invalidCheckpointName,
                "the file extension '\(fileExtension)' begins or ends with a dot",
                advice: "Name it without: 'pth'")
        }
        let count = (metric?.utf8.count ?? 0) + fileExtension.utf8.count
        guard count <= maximumTextByteCount else {
            throw CheckpointError(
                .invalidCheckpointName,
                "the metric's name and the file extension have \(count) characters, and may have "
                    + "\(maximumTextByteCount)", advice: "Choose a shorter name")
        }
    }

    private static func check(_ text: String, _ what: String) throws(CheckpointError) {
        guard text.isEmpty || !text.utf8.allSatisfy(\.isPartOfName) else { return }
        throw CheckpointError(
            .invalidCheckpointName, "\(what) is '\(text)', which can't be part of a file's name",
            advice: "Use ASCII letters, digits, '_' and '.'")
    }
}

extension CheckpointName.Metric {
    /// Reads `val_loss=0.25`; nil when no metric is written like that.
    fileprivate init?(_ text: Substring) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy(\.isPartOfName),
            let value = Double(parts[1])
        else { return nil }
        self.init(name: String(parts[0]), text: CheckpointName.text(value))
    }
}

extension UInt8 {
    fileprivate var isPartOfName: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
