extension String {
    /// Whether a path in an archive is absolute, has a part `..`, or characters that paths of torch
    /// never have.
    ///
    /// By its bytes, because a character can be a slash with an accent.
    package var isUnsafePath: Bool {
        let bytes = Array(utf8)
        if bytes.first == UInt8(ascii: "/") || bytes.dropFirst().first == UInt8(ascii: ":") {
            return true
        }
        if bytes.contains(UInt8(ascii: "\\")) || bytes.contains(0) { return true }
        return bytes.split(separator: UInt8(ascii: "/")).contains(Array("..".utf8)[...])
    }
}
