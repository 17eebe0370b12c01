import ByteIO
import Pickle

extension CheckpointValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation
{
    /// Creates a `bool`.
    public init(booleanLiteral value: Bool) { self.init(value) }
    /// Creates an `int`.
    public init(integerLiteral value: Int) { self.init(value) }
    /// Creates a `float`.
    public init(floatLiteral value: Double) { self.init(value) }
    /// Creates a `str`, of a literal with values in it as well: `"epoch \(epoch)"`.
    public init(stringLiteral value: String) { self.init(value) }
}

extension CheckpointValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    /// Creates a `list`.
    public init(arrayLiteral elements: CheckpointValue...) {
        self.init { (contents) throws(CheckpointError) in
            let ids = try contents.add(contentsOf: elements)
            return contents.graph.addList(ids)
        }
    }

    /// Creates a `dict` in the order of the literal; equal keys are treated as
    /// ``dictionary(pairs:)`` does.
    public init(dictionaryLiteral entries: (CheckpointValue, CheckpointValue)...) {
        self.init { (contents) throws(CheckpointError) in
            let ids = try contents.add(contentsOf: Self.mergedEntries(entries))
            return contents.graph.addDictionary(ids)
        }
    }
}
