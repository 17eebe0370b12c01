import ByteIO

/// The files in a tar archive, as parts of the archive.
///
/// The format: `Specs/archive.md`, "Tar".
struct TarArchive {
    private var members: [String: ByteRegion] = [:]
    /// The names of the files, in their order.
    private(set) var names: [String] = []
    /// Where the archive ends: at a block of zeros, or with the file.
    private(set) var end = 0

    /// What is said of the next member before its header.
    private var properties = TarProperties()

    /// - Throws: ``CheckpointError/Code/damagedArchive``, ``CheckpointError/Code/duplicateRecord``,
    ///   ``CheckpointError/Code/limitExceeded``, ``CheckpointError/Code/truncated``.
    init(_ region: ByteRegion) throws(CheckpointError) {
        var offset = 0
        while offset < region.count {
            do throws(CheckpointError) {
                guard let byteCount = try read(region, at: offset) else { return }
                offset = offset.addingCapped(byteCount)
                end = min(offset, region.count)
            } catch {
                throw error.code == .truncated ? Self.cutOff(at: offset) : error.atOffset(offset)
            }
        }
    }

    /// Reads a member.
    ///
    /// - Returns: The number of bytes up to the next one, or nil at the end of the archive.
    private mutating func read(
        _ region: ByteRegion, at offset: Int
    ) throws(CheckpointError) -> Int? {
        let block = try region.slice(at: offset, count: TarHeader.byteCount).copyBytes()
        guard block.contains(where: { $0 != 0 }) else { return nil }
        let header = try TarHeader(block)
        let count =
            header.kind == .file
            ? properties.byteCount ?? header.contentCount : header.contentCount
        let contents = try region.slice(at: offset + TarHeader.byteCount, count: count)
        switch header.kind {
        case .extended: try properties.read(contents)
        case .longName: try properties.readName(contents)
        case .ignored: break
        case .file, .other:
            if header.kind == .file { try add(properties.name ?? header.name, contents) }
            properties = TarProperties()
        }
        let blockCount =
            contents.count / TarHeader.byteCount
            + (contents.count % TarHeader.byteCount == 0 ? 1 : 2)
        return blockCount * TarHeader.byteCount
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

    private static func cutOff(at offset: Int) -> CheckpointError {
        CheckpointError(
            .truncated, "the tar archive ends inside the member that begins here", offset: offset,
            advice: "The file is probably an incomplete copy; fetch it again")
    }
}
