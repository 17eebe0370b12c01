import BigInt
import ByteIO
import Foundation
import Testing

@testable import Pickle

/// The bytes of a pickle, one for each character: `"\u{80}\u{2}N."`.
func bytes(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
}

/// Reads the pickle that `text` spells byte by byte.
func graph(_ text: String, limits: PickleLimits = .default) throws -> PickleGraph {
    try PickleGraph(parsing: bytes(text), limits: limits)
}

/// The error of reading `pickle`, or nil when it is read.
func failure(
    _ pickle: [UInt8], limits: PickleLimits = .default
) -> CheckpointError? {
    do {
        _ = try PickleGraph(parsing: pickle, limits: limits)
        return nil
    } catch {
        return error as? CheckpointError
    }
}

/// Little-endian bytes of an integer.
func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<(Value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> Value(8 * $0)) }
}

/// The folder of the fixtures that PyTorch and Python have written.
let fixtures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "PythonFixtures/files")

func fixture(_ path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: fixtures.appending(path: path)))
}

extension PickleGraph {
    /// Asks for everything that every node has, as a reader of the graph would.
    func touchEverything() -> Int {
        var sum = 0
        for index in 0..<count { sum &+= touch(NodeID(index: index)) }
        return sum &+ globalNames.count &+ persistentLoads.count
    }

    private func touch(_ id: NodeID) -> Int {
        var sum = offset(of: id) &+ (integer(id) ?? 0) &+ (bytes(id)?.count ?? 0)
        sum &+= bigInteger(id)?.bitWidth ?? 0
        sum &+= text(id)?.description.count ?? 0
        sum &+= string(id)?.count ?? 0
        sum &+= items(id)?.reduce(0) { $0 &+ $1.index } ?? 0
        sum &+= entries(id)?.reduce(0) { $0 &+ $1.index } ?? 0
        sum &+= global(id)?.description.count ?? 0
        sum &+= persistentID(id)?.index ?? 0
        sum &+= extensionCode(id) ?? 0
        if let object = object(id) {
            for part in [object.items, object.entries, object.states] {
                sum &+= part.reduce(0) { $0 &+ $1.index }
            }
            sum &+= object.callable.index &+ object.arguments.index
        }
        return sum
    }
}
