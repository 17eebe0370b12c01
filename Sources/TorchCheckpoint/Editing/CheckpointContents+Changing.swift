import ByteIO
import Pickle

extension CheckpointContents {
    /// What is done to the place at the end of a path.
    enum Change {
        case set, insert, remove, rename
    }

    /// Changes the place at the end of a path; nothing is changed when that can't be done.
    ///
    /// - Parameter id: The value, or the key to rename to.
    func change(_ change: Change, _ id: NodeID, at path: CheckpointPath) throws(CheckpointError) {
        guard let last = path.keys.last else {
            guard change == .set else { throw Self.rootStays(change) }
            graph.root = id
            return
        }
        var holders = try holders(of: path)
        var (change, id, key) = (change, id, last)
        // A tuple is replaced, so what holds it changes too.
        while let holder = holders.popLast() {
            guard let replacement = try self.change(change, id, key, in: holder.value) else {
                return
            }
            (change, id, key) = (.set, replacement, holder.key ?? key)
        }
        graph.root = id
    }

    /// What the steps of a path lead through, from the root to what holds the last, each with the
    /// step that leads to it.
    private func holders(
        of path: CheckpointPath
    ) throws(CheckpointError) -> [(key: CheckpointKey?, value: CheckpointValue)] {
        var value = CheckpointValue(contents: self, id: graph.root)
        var holders: [(key: CheckpointKey?, value: CheckpointValue)] = [(nil, value)]
        for (depth, key) in path.keys.dropLast().enumerated() {
            guard let next = value[key] else {
                throw value.missing(key, at: CheckpointPath(Array(path.keys[..<depth])))
            }
            value = next
            holders.append((key, value))
        }
        return holders
    }

    /// Changes what `holder` has under `key`.
    ///
    /// - Returns: What has to take the place of the holder, or nil when it was changed itself.
    private func change(
        _ change: Change, _ id: NodeID, _ key: CheckpointKey, in holder: CheckpointValue
    ) throws(CheckpointError) -> NodeID? {
        switch holder.kind {
        case .list where graph.kind(of: holder.id) == .list:
            try changeItems(change, id, key, of: holder) { graph.withElements(of: holder.id, $0) }
        case .tuple where graph.kind(of: holder.id) == .tuple:
            var items = Array(graph.items(holder.id) ?? [])
            try changeItems(change, id, key, of: holder) { $0(&items) }
            return graph.addTuple(items)
        case .dictionary:
            try changeEntries(change, id, key, of: holder)
        case .object:
            try changeObject(change, id, key, of: holder)
        default: throw holder.unchangeable("changed", at: nil)
        }
        return nil
    }

    private static func rootStays(_ change: Change) -> CheckpointError {
        CheckpointError(
            .typeMismatch, "the root can be replaced, but not \(change)d",
            advice: "Name a path of at least one step")
    }
}

// Lists and tuples.
extension CheckpointContents {
    private func changeItems(
        _ change: Change, _ id: NodeID, _ key: CheckpointKey, of holder: CheckpointValue,
        _ withItems: ((inout [NodeID]) -> Void) -> Void?
    ) throws(CheckpointError) {
        let count = holder.itemIDs?.count ?? 0
        guard case .integer(let place) = key, place >= 0,
            place < count || change == .insert && place == count
        else { throw holder.missing(key, at: nil) }
        guard change != .rename else { throw holder.unchangeable("renamed in", at: nil) }
        withItems { items in
            switch change {
            case .set, .rename: items[place] = id
            case .insert: items.insert(id, at: place)
            case .remove: items.remove(at: place)
            }
        }
    }
}

// Dictionaries, by opcode or as objects of dictionary classes.
extension CheckpointContents {
    private func changeEntries(
        _ change: Change, _ id: NodeID, _ key: CheckpointKey, of holder: CheckpointValue
    ) throws(CheckpointError) {
        let entries = holder.entryIDs ?? []
        let changed = try changedEntries(change, id, key, entries, of: holder)
        replaceEntries(of: holder.id, by: changed)
    }

    /// Keys and values in turn after a change.
    private func changedEntries(
        _ change: Change, _ id: NodeID, _ key: CheckpointKey, _ entries: [NodeID],
        of holder: CheckpointValue
    ) throws(CheckpointError) -> [NodeID] {
        var entries = entries
        let places = self.places(of: key, in: entries)
        switch change {
        case .set:
            if let last = places.last {
                entries[last + 1] = id
            } else {
                try entries += [add(CheckpointValue(key)), id]
            }
        case .insert:
            guard places.isEmpty else { throw holder.taken(key) }
            try entries += [add(CheckpointValue(key)), id]
        case .remove:
            guard !places.isEmpty else { throw holder.missing(key, at: nil) }
            for place in places.reversed() { entries.removeSubrange(place..<(place + 2)) }
        case .rename:
            guard !places.isEmpty else { throw holder.missing(key, at: nil) }
            let newKey = self.key(id)
            guard self.places(of: newKey, in: entries).isEmpty else { throw holder.taken(newKey) }
            for place in places { entries[place] = id }
        }
        return entries
    }

    /// Where a key is among keys and values in turn; in more than one place when it was set twice.
    private func places(of key: CheckpointKey, in entries: [NodeID]) -> [Int] {
        let all = stride(from: 0, to: entries.count - 1, by: 2)
        switch key {
        case .string(let text): return all.filter { graph.isText(entries[$0], text) }
        case .integer(let value): return all.filter { graph.integer(entries[$0]) == value }
        case .other:
            var seen: Set<CheckpointKey> = []
            return all.filter { place in
                var found = self.key(entries[place])
                if case .other(let repr) = found, !seen.insert(found).inserted {
                    found = .other(CheckpointValue(contents: self, id: entries[place]).placed(repr))
                }
                return found == key
            }
        }
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
            let arguments = graph.addTuple((graph.items(call.arguments) ?? []).prefix(kept))
            graph.setCall(ofObject: id, callable: call.callable, arguments: arguments)
        }
        _ = graph.withEntries(ofObject: id) { $0 = entries }
    }
}

// Objects of classes that are not known: their fields, or what they were made of.
extension CheckpointContents {
    private func changeObject(
        _ change: Change, _ id: NodeID, _ key: CheckpointKey, of holder: CheckpointValue
    ) throws(CheckpointError) {
        if let place = key.place, holder.itemIDs?.indices.contains(place) == true {
            return try changeItems(change, id, key, of: holder) {
                graph.withItems(ofObject: holder.id, $0)
            }
        }
        if let entries = graph.object(holder.id)?.entries, !places(of: key, in: entries).isEmpty {
            let changed = try changedEntries(change, id, key, entries, of: holder)
            _ = graph.withEntries(ofObject: holder.id) { $0 = changed }
            return
        }
        let states = holder.fieldDictionaries
        let state = states.last { !places(of: key, in: graph.entries($0) ?? []).isEmpty }
        guard let state = state ?? states.first else {
            throw holder.unchangeable("changed", at: nil)
        }
        try changeEntries(
            change, id, key, of: CheckpointValue(contents: self, id: state))
    }
}

extension CheckpointKey {
    fileprivate var place: Int? {
        if case .integer(let place) = self { place } else { nil }
    }
}

extension CheckpointValue {
    func unchangeable(_ what: String, at path: CheckpointPath?) -> CheckpointError {
        let error = CheckpointError(
            .typeMismatch, "a \(typeName) can't be \(what)", offset: graph.offset(of: id),
            advice: "Set a new value in its place")
        return contents.locating(error, at: path)
    }

    fileprivate func taken(_ key: CheckpointKey) -> CheckpointError {
        let error = CheckpointError(
            .duplicateName, "there is an entry \(key.pythonRepr) already",
            advice: "Remove it first, or choose another key")
        return contents.locating(error, at: nil)
    }
}
