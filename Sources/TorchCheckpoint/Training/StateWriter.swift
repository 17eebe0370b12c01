import OrderedCollections
import Pickle

/// Makes one value of the dictionaries of an optimizer or a scheduler.
///
/// Parts are put together first. Their values are copied at the end, all at once, so that what was
/// one object is one again, such as a tuple in several groups.
struct StateWriter {
    /// Something that is to be written.
    indirect enum Part {
        /// A name in Python's code, which is one object wherever it is.
        case name(String)
        /// A key of a dictionary.
        case key(CheckpointKey)
        case list([Part])
        case dictionary([(key: Part, value: Part)])
        /// One of the writer's values, by its place.
        case copy(Int)
    }

    private var values: [CheckpointValue] = []

    /// A copy of a value.
    mutating func copy(_ value: CheckpointValue) -> Part {
        values.append(value)
        return .copy(values.count - 1)
    }

    /// The copy of a key that was read, or a new one.
    mutating func copy(
        of key: CheckpointKey, in read: [CheckpointKey: CheckpointValue], orNew new: Part
    ) -> Part {
        read[key].map { copy($0) } ?? new
    }

    /// A `dict` of names, which Python has once each, and copies.
    mutating func dictionary(_ values: OrderedDictionary<String, CheckpointValue>) -> Part {
        .dictionary(values.map { (.name($0.key), copy($0.value)) })
    }

    /// The value that a part is.
    ///
    /// - Throws: ``CheckpointError/Code/typeMismatch`` for a key that is neither a string nor an
    ///   integer; what copying throws.
    consuming func finish(_ root: Part) throws(CheckpointError) -> CheckpointValue {
        let contents = CheckpointContents()
        let copies = try contents.add(contentsOf: values)
        let id = try contents.add(root, copies)
        contents.updateRoles()
        return CheckpointValue(contents: contents, id: id)
    }
}

extension CheckpointContents {
    // No deeper than the parts of a state: a group's settings in a list in a dictionary.
    fileprivate func add(
        _ part: StateWriter.Part, _ copies: [NodeID]
    ) throws(CheckpointError) -> NodeID {
        switch part {
        case .name(let name): return try graph.addInterned(name)
        case .key(let key): return try add(key)
        case .copy(let place): return copies[place]
        case .list(let parts):
            var items: [NodeID] = []
            for part in parts { try items.append(add(part, copies)) }
            return graph.addList(items)
        case .dictionary(let parts):
            var entries: [NodeID] = []
            for part in parts { try entries += [add(part.key, copies), add(part.value, copies)] }
            return graph.addDictionary(entries)
        }
    }
}
