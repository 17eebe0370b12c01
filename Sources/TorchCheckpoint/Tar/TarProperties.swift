import ByteIO

/// What a tar archive says of a member before its header: what has no room in the header.
struct TarProperties {
    private(set) var name: String?
    private(set) var byteCount: Int?

    /// The most bytes that may be said.
    private static let maximumByteCount = 1 << 20

    /// Reads lines `LENGTH KEY=VALUE`, each as long as it says.
    ///
    /// - Throws: ``CheckpointError/Code/damagedArchive``, ``CheckpointError/Code/limitExceeded``.
    mutating func read(_ contents: ByteRegion) throws(CheckpointError) {
        var rest = try Self.bytes(contents)[...]
        while let first = rest.first, first != 0 {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard let length = Int(String(decoding: digits, as: UTF8.self)),
                length > digits.count + 1, length <= rest.count
            else { throw Self.invalid() }
            try read(line: rest.prefix(length).dropFirst(digits.count + 1).dropLast())
            rest = rest.dropFirst(length)
        }
    }

    private mutating func read(line: ArraySlice<UInt8>) throws(CheckpointError) {
        guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { throw Self.invalid() }
        let value = String(decoding: line[(equals + 1)...], as: UTF8.self)
        switch String(decoding: line[..<equals], as: UTF8.self) {
        case "path": name = value
        case "size":
            guard let size = Int(value), size >= 0 else { throw Self.invalid() }
            byteCount = size
        default: break
        }
    }

    /// Reads a name that is all of the contents.
    ///
    /// - Throws: ``CheckpointError/Code/limitExceeded``.
    mutating func readName(_ contents: ByteRegion) throws(CheckpointError) {
        name = try TarHeader.text(Self.bytes(contents)[...])
    }

    private static func bytes(_ contents: ByteRegion) throws(CheckpointError) -> [UInt8] {
        guard contents.count <= maximumByteCount else {
            throw CheckpointError(
                .limitExceeded,
                "what a tar archive says of a file has more than \(maximumByteCount) bytes")
        }
        return contents.copyBytes()
    }

    private static func invalid() -> CheckpointError {
        CheckpointError(
            .damagedArchive,
            "what a tar archive says of a file is not lines of 'length key=value'")
    }
}
