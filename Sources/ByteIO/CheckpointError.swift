/// The one error that this package throws: what went wrong, where, and what to do about it.
///
/// Check ``code`` to tell cases apart; the other members say where the trouble was found and are
/// filled in as far as they are known. Two errors are equal when their codes are equal, which keeps
/// tests of throwing code short.
///
/// The codes and what each means: `Specs/errors.md`.
public struct CheckpointError: Error, Hashable, Sendable {
    private struct Contents: Sendable {
        var code: Code
        var path: String?
        var record: String?
        var offset: Int?
        var keyPath: String?
        var reason: String
        var advice: String?
        var underlying: (any Error)?
    }

    // Boxed so that the error stays one word wide on the paths that do not throw.
    private final class Box: Sendable {
        let contents: Contents
        init(_ contents: Contents) { self.contents = contents }
    }

    private var box: Box

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: What kind of trouble it is.
    ///   - reason: What was found and what was expected, in one sentence without a full stop.
    ///   - offset: The byte offset in the record (or in the file when there is no record).
    ///   - advice: What the user can do, in one sentence without a full stop.
    ///   - underlying: The error of a lower layer (the operating system, a C library).
    @inline(never)
    public init(
        _ code: Code, _ reason: String, offset: Int? = nil, advice: String? = nil,
        underlying: (any Error)? = nil
    ) {
        box = Box(
            Contents(
                code: code, offset: offset, reason: reason, advice: advice, underlying: underlying))
    }

    /// What kind of trouble it is.
    public var code: Code { box.contents.code }
    /// The file, as it was named by the caller.
    public var path: String? { box.contents.path }
    /// The record inside the archive, without the archive's root folder.
    public var record: String? { box.contents.record }
    /// The byte offset inside ``record``, or inside the file when no record is named.
    public var offset: Int? { box.contents.offset }
    /// The place in the object graph, as a Python subscript expression: `['model']['fc.bias']`.
    public var keyPath: String? { box.contents.keyPath }
    /// What was found and what was expected.
    public var reason: String { box.contents.reason }
    /// What the user can do about it.
    public var advice: String? { box.contents.advice }
    /// The error of the layer below, if one caused this error.
    public var underlying: (any Error)? { box.contents.underlying }

    /// Returns whether both errors have the same ``code``.
    public static func == (left: CheckpointError, right: CheckpointError) -> Bool {
        left.code == right.code
    }

    /// Hashes the ``code``.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }
}

extension CheckpointError {
    private func changing(_ change: (inout Contents) -> Void) -> CheckpointError {
        var copy = self
        var contents = box.contents
        change(&contents)
        copy.box = Box(contents)
        return copy
    }

    /// The error without the file, where that is told elsewhere.
    package var withoutFile: CheckpointError { changing { $0.path = nil } }

    /// Returns this error with the file named, unless one is named already.
    package func inFile(_ path: String?) -> CheckpointError {
        changing { $0.path = $0.path ?? path }
    }

    /// Returns this error with the archive record named, unless one is named already.
    package func inRecord(_ record: String) -> CheckpointError {
        changing { $0.record = $0.record ?? record }
    }

    /// Returns this error with the place in the object graph named, unless it is named already.
    package func atKeyPath(_ keyPath: String) -> CheckpointError {
        changing { $0.keyPath = $0.keyPath ?? keyPath }
    }

    /// Returns this error with the place that it names, if any, inside another one.
    package func insideKeyPath(_ keyPath: String) -> CheckpointError {
        changing { error in
            let whole = keyPath + (error.keyPath ?? "")
            error.keyPath = whole.isEmpty ? nil : whole
        }
    }

    /// Returns this error with advice, unless it has some already.
    package func advising(_ advice: String) -> CheckpointError {
        changing { $0.advice = $0.advice ?? advice }
    }

    /// Returns this error with a byte offset, unless it has one already.
    package func atOffset(_ offset: Int) -> CheckpointError {
        changing { $0.offset = $0.offset ?? offset }
    }

    /// Returns this error with its byte offset, if it has one, counted from an earlier byte.
    package func movingOffset(by count: Int) -> CheckpointError {
        changing { $0.offset = $0.offset.map { $0.addingCapped(count) } }
    }
}

extension CheckpointError: CustomStringConvertible {
    /// One line: file, record, byte offset, place in the object graph, reason, and what to do.
    public var description: String {
        var place: [String] = []
        if let path { place.append(path) }
        switch (record, offset) {
        case (let record?, let offset?): place.append("\(record) at byte \(offset)")
        case (let record?, nil): place.append(record)
        case (nil, let offset?): place.append("at byte \(offset)")
        case (nil, nil): break
        }
        if let keyPath { place.append(keyPath) }
        place.append(reason)
        let sentence = place.joined(separator: ": ")
        guard let advice else { return sentence }
        return "\(sentence). \(advice)."
    }
}
