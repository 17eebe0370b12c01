import ByteIO
import Pickle

extension CheckpointValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral
{
    /// Creates a `bool`.
    public init(booleanLiteral value: Bool) { self.init(value) }
    /// Creates an `int`.
    public init(integerLiteral value: Int) { self.init(value) }
    /// Creates a `float`.
    public init(floatLiteral value: Double) { self.init(value) }
    /// Creates a `str`.
    public init(stringLiteral value: String) { self.init(value) }
}

extension CheckpointValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// Creates a `list`.
    public init(arrayLiteral elements: CheckpointValue...) {
        self.init { (contents) throws(CheckpointError) in
            var ids: [NodeID] = []
            for element in elements { try ids.append(contents.add(element)) }
            return contents.graph.addList(ids)
        }
    }

    /// Creates a `dict` in the order of the literal.
    public init(dictionaryLiteral entries: (CheckpointValue, CheckpointValue)...) {
        self.init { (contents) throws(CheckpointError) in
            var ids: [NodeID] = []
            for entry in entries {
                try ids += [contents.add(entry.0), contents.add(entry.1)]
            }
            return contents.graph.addDictionary(ids)
        }
    }
}
