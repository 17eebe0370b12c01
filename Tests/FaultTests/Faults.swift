import CFaultInjector
import Foundation
import TestSupport
import Testing
import TorchCheckpoint

/// Functions of the system that are made to fail.
struct SystemCalls: OptionSet, Sendable, CustomStringConvertible {
    let rawValue: Int

    static let open = Self(rawValue: FAULT_OPEN)
    static let read = Self(rawValue: FAULT_READ)
    static let write = Self(rawValue: FAULT_WRITE)
    static let flush = Self(rawValue: FAULT_FSYNC)
    static let rename = Self(rawValue: FAULT_RENAME)
    static let link = Self(rawValue: FAULT_LINK)
    static let close = Self(rawValue: FAULT_CLOSE)
    static let status = Self(rawValue: FAULT_STAT)
    static let map = Self(rawValue: FAULT_MAP)
    static let lock = Self(rawValue: FAULT_LOCK)

    private static let names: [(Self, String)] = [
        (.open, "open"), (.read, "read"), (.write, "write"), (.flush, "fsync"),
        (.rename, "rename"), (.link, "link"), (.close, "close"), (.status, "stat"),
        (.map, "mmap"), (.lock, "flock"),
    ]

    var description: String {
        Self.names.filter { contains($0.0) }.map(\.1).joined(separator: "+")
    }
}

/// What goes wrong in a call.
enum Fault: Sendable, CustomStringConvertible {
    case error(Int32)
    /// Half of the bytes are read or written.
    case short

    var description: String {
        switch self {
        case .error(let number): String(cString: strerror(number))
        case .short: "short"
        }
    }

    fileprivate var number: Int32 {
        if case .error(let number) = self { number } else { 0 }
    }
}

/// Which calls go wrong.
enum Turn: Sendable {
    case none, everyOther
    case number(Int)

    fileprivate var number: Int {
        switch self {
        case .none: -1
        case .everyOther: 0
        case .number(let number): number
        }
    }
}

/// Does `body` while calls of the system go wrong on this thread.
///
/// - Returns: What it returned or threw, and how many of the calls there were.
func inject<Result>(
    _ fault: Fault = .short, into calls: SystemCalls, _ turn: Turn, _ body: () throws -> Result
) -> (outcome: Swift.Result<Result, any Error>, callCount: Int) {
    faults_begin(Int32(calls.rawValue), turn.number, fault.number)
    let outcome = Swift.Result { try body() }
    return (outcome, faults_end())
}

let canInject = Bool(faults_are_injected())

extension Result {
    /// The error of the library, when one was thrown.
    var checkpointError: CheckpointError? {
        if case .failure(let error) = self { error as? CheckpointError } else { nil }
    }
}
