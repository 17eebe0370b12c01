import BigInt
import Pickle

extension Collection<NodeID> where Index == Int {
    /// The pairs of keys and values in turn.
    var entryPairs: some Sequence<(key: NodeID, value: NodeID)> {
        stride(from: startIndex, to: endIndex - 1, by: 2).lazy.map {
            (key: self[$0], value: self[$0 + 1])
        }
    }
}

extension CheckpointValue {
    /// Keys and values in turn, with the later value in the place of the first where keys are
    /// equal.
    static func mergedEntries(
        _ pairs: some Sequence<(CheckpointValue, CheckpointValue)>
    ) -> [CheckpointValue] {
        var entries: [CheckpointValue] = []
        var places: [ComparableKey: Int] = [:]
        for (key, value) in pairs {
            let comparable = ComparableKey(key)
            if let place = comparable.flatMap({ places[$0] }) {
                entries[place] = value
                continue
            }
            if let comparable { places[comparable] = entries.count + 1 }
            entries += [key, value]
        }
        return entries
    }
}

/// A key of which Swift knows whether Python takes it for equal to another.
private enum ComparableKey: Hashable {
    case text(PickleText)
    /// A number, or a truth value: Python's `True` equals `1`, and `False` equals `0`.
    case integer(BigInt)

    init?(_ key: CheckpointValue) {
        if let text = key.text {
            self = .text(text)
        } else if let bool = key.bool {
            self = .integer(bool ? 1 : 0)
        } else if let integer = key.bigInteger {
            self = .integer(integer)
        } else {
            return nil
        }
    }
}
