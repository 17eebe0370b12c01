extension String {
    /// The text with the letters A to Z in lower case, as the names of records are compared.
    package func foldingASCIICase() -> String {
        guard utf8.contains(where: { $0 != $0.lowerCased }) else { return self }
        return String(decoding: utf8.map(\.lowerCased), as: UTF8.self)
    }
}

extension UInt8 {
    /// The byte, as a lower-case letter if it is an ASCII letter.
    var lowerCased: UInt8 { 0x41...0x5A ~= self ? self | 0x20 : self }
}
