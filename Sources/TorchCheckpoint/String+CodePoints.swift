// Python compares texts by code points. Swift's own methods go by characters, to which `é` is the same
// in both of its forms, and `e` no beginning of one of them.
extension StringProtocol {
    /// The rest behind a beginning; nil when the text begins with something else.
    func removing(prefix: String) -> SubSequence? {
        guard utf8.starts(with: prefix.utf8) else { return nil }
        return self[utf8.index(utf8.startIndex, offsetBy: prefix.utf8.count)...]
    }

    /// The rest before an end; nil when the text ends with something else.
    func removing(suffix: String) -> SubSequence? {
        let rest = utf8.count - suffix.utf8.count
        guard rest >= 0, utf8.dropFirst(rest).elementsEqual(suffix.utf8) else { return nil }
        return self[..<utf8.index(utf8.startIndex, offsetBy: rest)]
    }
}

// The names of tensors and modules.
extension String {
    /// The parts between the dots.
    var nameParts: [String] {
        utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
    }

    /// The name without its last part, which is that of the module; empty for the model itself.
    var moduleName: String {
        guard let dot = utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
        return String(self[..<dot])
    }

    /// The last part.
    var lastNamePart: String {
        guard let dot = utf8.lastIndex(of: UInt8(ascii: ".")) else { return self }
        return String(self[utf8.index(after: dot)...])
    }

    /// The first `count` bytes, which end where a character of the text does.
    func utf8Prefix(_ count: Int) -> String { String(Substring(utf8.prefix(count))) }
}
