#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Double {
    /// The number as C's `printf` writes it, which is correctly rounded as in Python.
    func text(inCFormat format: String) -> String {
        // The longest `%.4f` is that of the greatest number: sign, 309 digits, point, 4 digits.
        var buffer = [CChar](repeating: 0, count: 320)
        let count = unsafe withVaList([self]) { arguments in
            unsafe vsnprintf(&buffer, buffer.count, format, arguments)
        }
        let characters = buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }
        // A program may have chosen a locale with another decimal point, perhaps of several bytes.
        return String(decoding: characters.filter { $0 & 0xC0 != 0x80 }.map(plain), as: UTF8.self)
    }
}

private func plain(_ character: UInt8) -> UInt8 {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "e"), UInt8(ascii: "+"),
        UInt8(ascii: "-"):
        character
    default: UInt8(ascii: ".")
    }
}
