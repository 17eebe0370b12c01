import OrderedCollections

// Python compares names by code points. Swift's own methods go by characters, to which `é` is the
// same in both of its forms, and `e` no prefix of one of them.
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

extension OrderedDictionary where Key == String {
    /// The value under the very code points of a name.
    func exact(_ name: String) -> Value? {
        guard let index = index(forKey: name), keys[index].utf8.elementsEqual(name.utf8) else {
            return nil
        }
        return elements[index].value
    }
}
