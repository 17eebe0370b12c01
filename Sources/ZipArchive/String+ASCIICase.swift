extension String {
    /// The text with the letters A to Z in lower case, as the names of records are compared.
    package func foldingASCIICase() -> String {
        guard utf8.contains(where: { 0x41...0x5A ~= $0 }) else { return self }
        return String(
            decoding: utf8.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
