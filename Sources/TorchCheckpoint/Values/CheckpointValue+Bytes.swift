import Pickle

/// The object of the graph that has the contents of bytes.
struct ByteSource {
    let id: NodeID
    /// Whether it is a text, whose characters are the bytes.
    let isText: Bool
}

// Protocols before 3 have no bytes: they call _codecs.encode on each byte as a character. Nothing is
// decoded here.
extension CheckpointValue {
    /// What has the contents of a `bytes` or `bytearray`; nil for an empty one that is made by a call
    /// without arguments, and for anything else.
    ///
    /// - Complexity: O(1), but for the first look at a text.
    var byteSource: ByteSource? {
        switch graph.kind(of: id) {
        case .bytes, .byteArray, .byteString: return ByteSource(id: id, isText: false)
        case .object: break
        default: return nil
        }
        switch contents.role(ofObject: id) {
        case .encode: return encodedText
        case .builtin(.bytearray): return byteArraySource
        default: return nil
        }
    }

    /// Whether the value is made by `bytes()` or `bytearray()`.
    var isEmptyBytes: Bool {
        switch contents.role(ofObject: id) {
        case .builtin(.bytes), .builtin(.bytearray): contents.argument(0, of: id) == nil
        default: false
        }
    }

    /// The text of `_codecs.encode(text, "latin1")`.
    private var encodedText: ByteSource? {
        guard let text = contents.argument(0, of: id), let encoding = contents.argument(1, of: id),
            graph.isText(encoding, "latin1") || graph.isText(encoding, "latin-1"),
            contents.latinTexts.isLatin(text, in: graph)
        else { return nil }
        return ByteSource(id: text, isText: true)
    }

    // bytearray(bytes) or bytearray(text, "latin-1"). Bytes inside a bytearray are never a bytearray
    // again, which keeps this from recursing.
    private var byteArraySource: ByteSource? {
        guard let first = contents.argument(0, of: id) else { return nil }
        switch graph.kind(of: first) {
        case .text: return encodedText
        case .bytes, .byteArray, .byteString: return ByteSource(id: first, isText: false)
        default: return contents.role(ofObject: first) == .encode ? value(first).encodedText : nil
        }
    }
}
