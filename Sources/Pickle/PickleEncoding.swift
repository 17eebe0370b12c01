import ByteIO

/// What the strings of Python 2 (`str`, which were bytes) are taken for.
///
/// The Python counterpart is the argument `encoding` of `pickle.load` and `torch.load`. It says how
/// strings are read; a graph keeps their bytes and writes them as they were. The strings of Python 3
/// and the `unicode` of Python 2 are texts whatever it says.
public enum PickleEncoding: String, CaseIterable, Sendable {
    /// Text in UTF-8, as `torch.load` has it. Bytes that are no UTF-8, which Python refuses, stay
    /// bytes.
    case utf8 = "utf-8"
    /// Text in ISO 8859-1: any byte is a character. NumPy's arrays of Python 2 are read in Python
    /// with this.
    case latin1 = "latin1"
    /// Text in ASCII, as `pickle.load` has it. Other bytes, which Python refuses, stay bytes.
    case ascii = "ascii"
    /// No text: `bytes`.
    case bytes = "bytes"
}

extension GraphContents {
    /// The text of a string of Python 2; nil when it is none in the graph's encoding.
    func decodedString(_ id: NodeID) -> String? {
        withBytes(of: id) { bytes in
            switch encoding {
            case .utf8: String(validatingUTF8: bytes)
            case .ascii: bytes.isASCII ? String(validatingUTF8: bytes) : nil
            case .latin1:
                String(String.UnicodeScalarView(Array(copying: bytes).map { Unicode.Scalar($0) }))
            case .bytes: nil
            }
        }
    }
}

extension PickleGraph {
    /// What the strings of Python 2 are taken for.
    public package(set) var encoding: PickleEncoding {
        get { contents.encoding }
        set { contents.encoding = newValue }
    }

    /// Whether `id` is a string of Python 2 that is to be `bytes`.
    package func isBytes(_ id: NodeID) -> Bool {
        kind(of: id) == .byteString && contents.encoding == .bytes
    }

    /// The text of a `str` of Python 3, or of Python 2 in UTF-8, whatever the encoding is: what
    /// torch and NumPy wrote themselves is ASCII.
    package func plainString(_ id: NodeID) -> String? {
        switch kind(of: id) {
        case .text, .byteString: withBytes(of: id) { String(validatingUTF8: $0) }
        default: nil
        }
    }
}

extension PickleEncoding {
    /// Whether Python decodes the bytes of a string of Python 2.
    package func decodes(_ bytes: RawSpan) -> Bool {
        switch self {
        case .utf8: String(validatingUTF8: bytes) != nil
        case .ascii: bytes.isASCII
        case .latin1, .bytes: true
        }
    }
}
