import ByteIO

/// A JSON text, taken apart: Foundation's parser does not keep the order of an object's keys, which
/// is that of a state dict.
///
/// The values are an array in which containers have the places of what is in them, so a text of any
/// depth is neither read nor freed by recursion.
struct JSONDocument {
    /// A value, without what is inside it.
    enum Node {
        case null
        case bool(Bool)
        /// The text of a number.
        case number(String)
        case string(String)
        case array([Int])
        /// Keys, all different, and the places of values.
        case object(keys: [String], values: [Int])
    }

    private(set) var nodes: [Node] = []

    /// Reads a whole text.
    ///
    /// - Throws: ``CheckpointError/Code/malformedJSON``;
    ///   ``CheckpointError/Code/limitExceeded`` when containers are nested too deep.
    /// - Complexity: O(*n*) in the number of bytes.
    init(_ text: ByteRegion) throws(CheckpointError) {
        var parser = JSONParser(text)
        nodes = try parser.parse()
    }

    /// The outermost value.
    var root: JSONValue { JSONValue(document: self, place: nodes.count - 1, path: []) }
}
