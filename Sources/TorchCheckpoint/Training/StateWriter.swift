import OrderedCollections
import Pickle

/// Writes the dictionaries of optimizers and schedulers into a graph.
///
/// Their values are added all at once, so that what was one object is one again, such as a tuple
/// in several groups, and are then taken in the same order.
struct StateWriter {
    let contents: CheckpointContents
    private var added: ArraySlice<NodeID>

    init(
        adding values: some Sequence<CheckpointValue>, to contents: CheckpointContents
    ) throws(CheckpointError) {
        self.contents = contents
        added = try contents.add(contentsOf: values)[...]
    }

    /// The next of the values.
    mutating func next() -> NodeID { added.popFirst() ?? .none }

    /// A `dict` of names, which Python has once each, and the next values.
    mutating func dictionary(_ names: some Sequence<String>) throws(CheckpointError) -> NodeID {
        var entries: [NodeID] = []
        for name in names { try entries += [contents.graph.addInterned(name), next()] }
        return contents.graph.addDictionary(entries)
    }
}
