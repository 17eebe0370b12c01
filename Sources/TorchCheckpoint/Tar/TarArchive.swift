import ByteIO

/// The files in a tar archive, as parts of the archive.
///
/// The format: `Specs/archive.md`, "Tar".
struct TarArchive {
    private var members: [String: ByteRegion] = [:]
    /// The names of the files, in their order.
    private(set) var names: [String] = []

    /// - Throws: ``CheckpointError/Code/damagedArchive``, ``CheckpointError/Code/duplicateRecord``,
    ///   ``CheckpointError/Code/limitExceeded``.
    init(_ region: ByteRegion) throws(CheckpointError) {
        var offset = 0
        var nextName: String?
        var nextCount: Int?
        while offset < region.count {
            do throws(CheckpointError) {
                let block = try region.slice(at: offset, count: TarHeader.byteCount).copyBytes()
                if block.allSatisfy({ $0 == 0 }) { return }
                let header = try TarHeader(block)
                let start = offset + TarHeader.byteCount
                let count =
                    header.kind.isLarge ? nextCount ?? header.contentCount : header.contentCount
                let contents = try region.slice(
                    at: start, count: header.kind == .withoutContents ? 0 : count)
                switch header.kind {
                case .extended: try Self.read(contents, &nextName, &nextCount)
                case .longName: nextName = try Self.name(contents)
                case .ignored: break
                case .file, .withoutContents:
                    if header.kind == .file { try add(nextName ?? header.name, contents) }
                    (nextName, nextCount) = (nil, nil)
                }
                offset = start + contents.paddedCount
            } catch {
                throw error.code == .truncated ? Self.cutOff(at: offset) : error.atOffset(offset)
            }
        }
    }

    /// The contents of a file, or nil when there is none of that name.
    func contents(of name: String) -> ByteRegion? { members[name] }

    private mutating func add(_ name: String, _ contents: ByteRegion) throws(CheckpointError) {
        let name = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
        guard names.count < Self.maximumMemberCount else {
            throw CheckpointError(
                .limitExceeded, "the tar archive has more than \(Self.maximumMemberCount) files")
        }
        guard members.updateValue(contents, forKey: name) == nil else {
            throw CheckpointError(
                .duplicateRecord, "is in the tar archive twice",
                advice: "Ask the author of the file; readers differ in which one they take"
            ).inRecord(name)
        }
        names.append(name)
    }

    /// More files than torch puts into an archive by far: it puts four.
    private static let maximumMemberCount = 65_536
    /// The largest set of properties of a file.
    private static let maximumPropertyByteCount = 1 << 20

    private static func properties(_ contents: ByteRegion) throws(CheckpointError) -> [UInt8] {
        guard contents.count <= maximumPropertyByteCount else {
            throw CheckpointError(
                .limitExceeded,
                "the properties of a file have more than \(maximumPropertyByteCount) bytes")
        }
        return contents.copyBytes()
    }

    private static func name(_ contents: ByteRegion) throws(CheckpointError) -> String {
        try TarHeader.text(properties(contents)[...])
    }

    /// Reads the properties of the next file: lines `LENGTH KEY=VALUE`, each as long as it says.
    private static func read(
        _ contents: ByteRegion, _ name: inout String?, _ count: inout Int?
    ) throws(CheckpointError) {
        var rest = try properties(contents)[...]
        while let first = rest.first, first != 0 {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard let length = Int(String(decoding: digits, as: UTF8.self)),
                length > digits.count + 1, length <= rest.count
            else { throw invalidProperties() }
            let line = rest.prefix(length).dropFirst(digits.count + 1).dropLast()
            rest = rest.dropFirst(length)
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else {
                throw invalidProperties()
            }
            let value = String(decoding: line[(equals + 1)...], as: UTF8.self)
            switch String(decoding: line[..<equals], as: UTF8.self) {
            case "path": name = value
            case "size":
                guard let size = Int(value), size >= 0 else { throw invalidProperties() }
                count = size
            default: break
            }
        }
    }

    private static func invalidProperties() -> CheckpointError {
        CheckpointError(
            .damagedArchive,
            "the properties of a file in the tar archive are no lines of "
                + "'length key=value'")
    }

    private static func cutOff(at offset: Int) -> CheckpointError {
        CheckpointError(
            .truncated, "the tar archive ends inside the member that begins here", offset: offset,
            advice: "The file is probably an incomplete copy; fetch it again")
    }
}

extension TarHeader.Kind {
    /// Whether the size of the contents may be among the properties that are stated before.
    fileprivate var isLarge: Bool { self == .file }
}

extension ByteRegion {
    /// The number of bytes up to where the next header begins.
    fileprivate var paddedCount: Int {
        count.addingCapped(TarHeader.byteCount - 1) / TarHeader.byteCount * TarHeader.byteCount
    }
}
