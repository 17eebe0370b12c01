import ByteIO
import Foundation

@testable import ZipArchive

/// Writes zip archives in which every field can be wrong.
struct ZipWriter {
    var entries: [Entry] = []
    var end = EndRecord()
    /// Bytes before the end record, between it and the directory.
    var gap: [UInt8] = []
    var comment: [UInt8] = []

    /// What one header says of an entry.
    struct Header {
        var name: [UInt8]
        var flags: UInt16
        var method: UInt16
        var crc32: UInt32
        var compressedByteCount: UInt32
        var byteCount: UInt32
        var extra: [UInt8] = []
        /// The part of a divided archive that the entry is in; only the directory says it.
        var part: UInt16 = 0
        /// The attributes of the file; only the directory has them.
        var attributes: UInt32 = 0
    }

    struct Entry {
        var local: Header
        var central: Header
        var contents: [UInt8]
        var descriptor: [UInt8] = []
        /// What the directory says of the place of the local header, if not the truth.
        var offset: UInt32?
    }

    struct EndRecord {
        var entryCount: UInt16?
        var directoryByteCount: UInt32?
        var directoryOffset: UInt32?
        /// Whether ZIP64 records are written too, as torch does.
        var isWide = false
        var wideEntryCount: UInt64?
    }

    static let inflatedBytes = Array(String(repeating: "a record of a checkpoint ", count: 8).utf8)
    // The output of zlib for them.
    static let deflatedBytes: [UInt8] = [
        0x4B, 0x54, 0x28, 0x4A, 0x4D, 0xCE, 0x2F, 0x4A, 0x51, 0xC8, 0x4F, 0x53,
        0x48, 0x54, 0x48, 0xCE, 0x48, 0x4D, 0xCE, 0x2E, 0xC8, 0xCF, 0xCC, 0x2B,
        0x01, 0x72, 0x86, 0x94, 0x04, 0x00,
    ]

    init(_ entries: [Entry] = []) { self.entries = entries }

    func bytes() -> [UInt8] {
        var result: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let offset = entry.offset ?? UInt32(result.count)
            result += local(entry.local) + entry.contents + entry.descriptor
            directory += central(entry.central, offset: offset)
        }
        let offset = result.count
        result += directory + gap
        if end.isWide { result += wideRecords(directory.count, at: offset, end: result.count) }
        result += [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
        let count = little(end.entryCount ?? UInt16(truncatingIfNeeded: entries.count))
        result += count + count + little(end.directoryByteCount ?? UInt32(directory.count))
        result += little(end.directoryOffset ?? UInt32(offset))
        return result + little(UInt16(comment.count)) + comment
    }

    private func local(_ header: Header) -> [UInt8] {
        [0x50, 0x4B, 3, 4] + little(UInt16(20)) + shared(header) + header.name + header.extra
    }

    private func central(_ header: Header, offset: UInt32) -> [UInt8] {
        [0x50, 0x4B, 1, 2] + little(UInt16(20)) + little(UInt16(20)) + shared(header)
            + [0, 0] + little(header.part) + [0, 0] + little(header.attributes) + little(offset)
            + header.name + header.extra
    }

    private func shared(_ header: Header) -> [UInt8] {
        little(header.flags) + little(header.method) + little(UInt32(0)) + little(header.crc32)
            + little(header.compressedByteCount) + little(header.byteCount)
            + little(UInt16(header.name.count)) + little(UInt16(header.extra.count))
    }

    private func wideRecords(_ directory: Int, at offset: Int, end place: Int) -> [UInt8] {
        let count = little(end.wideEntryCount ?? UInt64(entries.count))
        var result: [UInt8] = [0x50, 0x4B, 6, 6] + little(UInt64(44)) + [0x1E, 3, 45, 0]
        result +=
            little(UInt64(0)) + count + count + little(UInt64(directory)) + little(UInt64(offset))
        result +=
            [0x50, 0x4B, 6, 7] + little(UInt32(0)) + little(UInt64(place)) + little(UInt32(1))
        return result
    }
}

extension ZipWriter.Entry {
    /// A stored entry whose headers agree.
    static func stored(_ name: String, _ contents: [UInt8]) -> ZipWriter.Entry {
        let header = ZipWriter.Header(
            name: Array(name.utf8), flags: 0, method: 0, crc32: crc32(contents),
            compressedByteCount: UInt32(contents.count), byteCount: UInt32(contents.count))
        return ZipWriter.Entry(local: header, central: header, contents: contents)
    }

    /// A stored entry as torch writes it: with padding, and sizes behind the contents.
    static func torch(_ name: String, _ contents: [UInt8]) -> ZipWriter.Entry {
        var entry = stored(name, contents)
        entry.local.flags = contents.isEmpty ? 0x0800 : 0x0808
        entry.central.flags = entry.local.flags
        (entry.local.crc32, entry.local.compressedByteCount, entry.local.byteCount) = (0, 0, 0)
        entry.local.extra = Array("FB".utf8) + little(UInt16(3)) + Array("ZZZ".utf8)
        if !contents.isEmpty {
            let size = little(UInt32(contents.count))
            entry.descriptor = [0x50, 0x4B, 7, 8] + little(crc32(contents)) + size + size
        }
        return entry
    }

    /// A deflated entry of 200 bytes.
    static func deflated(_ name: String) -> ZipWriter.Entry {
        var entry = stored(name, [])
        entry.contents = ZipWriter.deflatedBytes
        entry.central.method = 8
        entry.central.crc32 = crc32(ZipWriter.inflatedBytes)
        entry.central.compressedByteCount = UInt32(ZipWriter.deflatedBytes.count)
        entry.central.byteCount = UInt32(ZipWriter.inflatedBytes.count)
        entry.local = entry.central
        return entry
    }
}

/// The checksum of the zip format, bit by bit.
func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
}

/// Little-endian bytes of an integer.
func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<(Value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> Value(8 * $0)) }
}

func open(_ writer: ZipWriter, limits: ZipLimits = .default) throws -> ZipArchive {
    try open(writer.bytes(), limits: limits)
}

func open(_ bytes: [UInt8], limits: ZipLimits = .default) throws -> ZipArchive {
    try ZipArchive(ByteRegion(copying: bytes), limits: limits)
}

/// The error of opening an archive, or nil when it opens.
func failure(_ writer: ZipWriter, limits: ZipLimits = .default) -> CheckpointError? {
    failure(writer.bytes(), limits: limits)
}

func failure(_ bytes: [UInt8], limits: ZipLimits = .default) -> CheckpointError? {
    do {
        _ = try open(bytes, limits: limits)
        return nil
    } catch {
        return error as? CheckpointError
    }
}

/// The folder of the fixtures that PyTorch has written.
let fixtures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "PythonFixtures/files")
