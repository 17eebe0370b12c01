import ByteIO
import Pickle

/// What is done to the place at the end of a path.
enum Change {
    case set(NewValue)
    case insert(NewValue)
    case remove
    case rename(to: CheckpointKey)

    /// A value that takes a place: one that is in the checkpoint already, or a copy.
    enum NewValue {
        case own(NodeID)
        case foreign(CheckpointValue)
        /// The tuple that will take the place of one that is changed; known when it is made.
        case replacedTuple
    }
}

extension CheckpointContents {
    /// Changes the place at the end of a path; nothing is changed when that can't be done.
    func change(_ change: Change, at path: CheckpointPath) throws(CheckpointError) {
        let places = try places(for: change, at: path)
        // What is new is added when it is known that there is a place for it.
        var next: Change? = change
        for place in places {
            guard let change = next else { return }
            next = try apply(change, at: place).map { .set(.own($0)) }
        }
    }

    /// The place at the end of a path, and those of the tuples around it, which are replaced; the
    /// innermost first.
    private func places(
        for change: Change, at path: CheckpointPath
    ) throws(CheckpointError) -> [ChangedPlace] {
        guard var key = path.keys.last else {
            if case .set = change { return [.root] }
            throw CheckpointError(
                .typeMismatch, "the root can be replaced and nothing else",
                advice: "Name a path of at least one step")
        }
        var change = change
        var places: [ChangedPlace] = []
        // What the path leads through, from what holds its last step outwards.
        for holder in try values(along: path.keys.dropLast()).reversed() {
            let place = try ChangedPlace(change, key, in: holder.value)
            places.append(place)
            guard case .item(_, _, isTuple: true) = place else { return places }
            guard let outer = holder.key else { return places + [.root] }
            (change, key) = (.set(.replacedTuple), outer)
        }
        return places
    }

    private func id(_ value: Change.NewValue) throws(CheckpointError) -> NodeID {
        switch value {
        case .own(let id): id
        case .foreign(let value): try add(value)
        case .replacedTuple: preconditionFailure("a tuple is made before what holds it changes")
        }
    }

    /// Makes a change.
    ///
    /// - Returns: The tuple that has to take the place of the one that was to be changed.
    private func apply(
        _ change: Change, at place: ChangedPlace
    ) throws(CheckpointError) -> NodeID? {
        switch place {
        case .root:
            if case .set(let value) = change { graph.root = try id(value) }
        case .item(let holder, let index, let isTuple):
            return try changeItem(change, index, of: holder, isTuple: isTuple)
        case .entries(let holder, let indices, let key):
            let old = CheckpointValue(contents: self, id: holder).entryIDs ?? []
            try replaceEntries(of: holder, by: changed(old, change, indices, key))
        case .arguments(let holder):
            guard case .set(let value) = change, let call = graph.call(holder) else { return nil }
            try graph.setCall(ofObject: holder, callable: call.callable, arguments: id(value))
        case .state(let holder, let index):
            guard case .set(let value) = change else { return nil }
            let id = try id(value)
            _ = graph.withStates(ofObject: holder) { $0[index] = id }
        }
        return nil
    }

    private func changeItem(
        _ change: Change, _ index: Int, of holder: NodeID, isTuple: Bool
    ) throws(CheckpointError) -> NodeID? {
        var items = Array(CheckpointValue(contents: self, id: holder).itemIDs ?? [])
        switch change {
        case .set(let value): items[index] = try id(value)
        case .insert(let value): try items.insert(id(value), at: index)
        case .remove: items.remove(at: index)
        case .rename: break
        }
        if isTuple { return graph.addTuple(items) }
        if graph.withElements(of: holder, { $0 = items }) == nil {
            _ = graph.withItems(ofObject: holder) { $0 = items }
        }
        return nil
    }

    /// Keys and values in turn after a change.
    private func changed(
        _ entries: [NodeID], _ change: Change, _ indices: [Int], _ key: CheckpointKey
    ) throws(CheckpointError) -> [NodeID] {
        var entries = entries
        switch change {
        case .set(let value), .insert(let value):
            // In Python the last of equal keys has the value.
            if let last = indices.last {
                entries[last + 1] = try id(value)
            } else {
                try entries += [add(key), id(value)]
            }
        case .remove:
            for index in indices.reversed() { entries.removeSubrange(index..<(index + 2)) }
        case .rename(let newKey):
            let id = try add(newKey)
            for index in indices { entries[index] = id }
        }
        return entries
    }

    /// Gives a dictionary other entries, whichever way it was written.
    func replaceEntries(of id: NodeID, by entries: [NodeID]) {
        guard graph.kind(of: id) == .object else {
            _ = graph.withElements(of: id) { $0 = entries }
            return
        }
        // Old protocols pass entries to the constructor; they are among `entries` now.
        if let call = graph.call(id), case .dictionary(let constructor) = role(ofObject: id) {
            let kept = constructor == .defaultFactory ? 1 : 0
            let arguments = graph.addTuple(Array((graph.items(call.arguments) ?? []).prefix(kept)))
            graph.setCall(ofObject: id, callable: call.callable, arguments: arguments)
        }
        _ = graph.withEntries(ofObject: id) { $0 = entries }
    }

    /// Where a key is among keys and values in turn; in more than one place when it was set twice.
    func indices(of key: CheckpointKey, in entries: [NodeID]) -> [Int] {
        let all = stride(from: 0, to: entries.count - 1, by: 2)
        switch key {
        case .string(let text) where graph.encoding == .utf8:
            return all.filter { graph.isText(entries[$0], text) }
        case .string: return all.filter { self.key(entries[$0]) == key }
        case .integer(let value): return all.filter { graph.integer(entries[$0]) == value }
        case .other:
            var seen: Set<CheckpointKey> = []
            return all.filter { index in
                var found = self.key(entries[index])
                if case .other(let repr) = found, !seen.insert(found).inserted {
                    found = .other(CheckpointValue(contents: self, id: entries[index]).placed(repr))
                }
                return found == key
            }
        }
    }
}
