/// The checksums in the headers of a tar archive, without which nothing else of it is looked at.
enum TarChecksums {
    /// The archive with the checksums that its headers should have.
    static func corrected(_ bytes: [UInt8]) -> [UInt8] {
        var file = bytes
        var offset = 0
        while offset + 512 <= file.count {
            file.replaceSubrange(offset + 148..<offset + 156, with: repeatElement(32, count: 8))
            let sum = file[offset..<offset + 512].reduce(0) { $0 + Int($1) }
            file.replaceSubrange(offset + 148..<offset + 155, with: octal(sum, 6) + [0])
            // An absurd size ends the walk; the reader then finds that it is one.
            let size = Int(
                String(decoding: file[offset + 124..<offset + 135], as: UTF8.self), radix: 8)
            guard let size, (0...file.count).contains(size) else { break }
            offset += 512 + (size + 511) / 512 * 512
        }
        return file
    }

    private static func octal(_ value: Int, _ width: Int) -> [UInt8] {
        let digits = String(value, radix: 8).utf8
        return [UInt8](repeating: UInt8(ascii: "0"), count: max(0, width - digits.count)) + digits
    }
}
