import ByteIO

/// The block of 512 bytes that is before each member of a tar archive.
///
/// The fields: `Specs/archive.md`, "Tar".
struct TarHeader {
    /// What a member is.
    enum Kind {
        case file
        /// A name or other properties of the next member, in a format of POSIX.
        case extended
        /// The name of the next member, in a format of GNU.
        case longName
        /// Properties of the next member or of all that matter to nobody here.
        case ignored
        /// A folder, a link, a device, or something that is known to nobody here.
        case other
    }

    static let byteCount = 512

    let name: String
    let kind: Kind
    /// The size of the contents.
    let contentCount: Int

    /// Whether a file begins with a member of a tar archive.
    ///
    /// Archives from before POSIX have no signature, but every header has a checksum.
    static func begins(_ head: [UInt8]) -> Bool {
        guard head.count >= byteCount else { return false }
        return head[257..<262].elementsEqual("ustar".utf8) || hasChecksum(head[..<byteCount])
    }

    /// - Parameter block: The header.
    /// - Throws: ``CheckpointError/Code/damagedArchive``.
    init(_ block: [UInt8]) throws(CheckpointError) {
        guard Self.hasChecksum(block[...]) else {
            throw CheckpointError(
                .damagedArchive, "a header of the tar archive does not have the checksum it says")
        }
        guard let contentCount = Self.number(block[124..<136]) else {
            throw CheckpointError(
                .damagedArchive, "a header of the tar archive has no valid size")
        }
        kind = Self.kind(of: block[156])
        // Links and the like have no contents, whatever size they say.
        let hasContents = !(UInt8(ascii: "1")...UInt8(ascii: "6") ~= block[156])
        self.contentCount = hasContents ? contentCount : 0
        let isPOSIX = block[257..<263].elementsEqual("ustar\0".utf8)
        let folder = isPOSIX ? Self.text(block[345..<500]) : ""
        name = (folder.isEmpty ? "" : folder + "/") + Self.text(block[0..<100])
    }

    /// The text of a field, up to its first zero.
    static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func kind(of type: UInt8) -> Kind {
        switch type {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
        case UInt8(ascii: "x"), UInt8(ascii: "X"): .extended
        case UInt8(ascii: "L"): .longName
        case UInt8(ascii: "g"), UInt8(ascii: "K"): .ignored
        default: .other
        }
    }

    // Octal digits with spaces or zeros around them; GNU has a binary form for large numbers.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if field.first == 0x80 {
            let digits = field.dropFirst()
            guard digits.dropLast(7).allSatisfy({ $0 == 0 }) else { return nil }
            return digits.suffix(7).reduce(0) { $0 << 8 | Int($1) }
        }
        let text = text(field).filter { $0 != " " }
        return text.isEmpty ? 0 : Int(text, radix: 8).flatMap { $0 < 0 ? nil : $0 }
    }

    // The sum of all bytes, those of the checksum itself taken for spaces. Old systems added them up
    // as signed numbers.
    private static func hasChecksum(_ block: ArraySlice<UInt8>) -> Bool {
        guard block.count == byteCount, let stated = number(block[148..<156]), stated > 0 else {
            return false
        }
        let others = block[..<148] + block[156...]
        let spaces = 8 * 32
        return stated == others.reduce(spaces) { $0 + Int($1) }
            || stated == others.reduce(spaces) { $0 + Int(Int8(bitPattern: $1)) }
    }
}
