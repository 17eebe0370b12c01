import ByteIO

@testable import ZipArchive

extension ZipArchive {
    /// The entries in the order in which they were written.
    var writtenOrder: [ZipEntry] { entries.sorted { $0.headerOffset < $1.headerOffset } }

    /// Writes all records again.
    func rewritten<Sink: ByteSink & ~Copyable>(
        to sink: consuming Sink, alignment: Int = 64, computesChecksums: Bool = true,
        knowsChecksums: Bool = false
    ) throws -> Sink {
        var writer = ZipArchiveWriter(
            sink, alignment: alignment, computesChecksums: computesChecksums)
        for entry in writtenOrder {
            let contents = try contents(of: entry)
            let crc32 = knowsChecksums ? entry.crc32 : nil
            try writer.write(entry.name, contents.bytes, crc32: crc32)
        }
        return try writer.finish()
    }

    /// What torch was told to align contents to.
    var alignment: Int {
        get throws {
            let record = entries.first { $0.name.hasSuffix("/.storage_alignment") }
            let text = try record.map { String(decoding: try bytes(of: $0), as: UTF8.self) }
            return text.flatMap { Int($0) } ?? 64
        }
    }
}

/// Bytes of a test as the writer takes them.
extension ZipArchiveWriter where Sink: ~Copyable {
    mutating func write(
        _ name: String, _ contents: [UInt8], crc32: UInt32? = nil,
        progress: (Int) throws -> Void = { _ in }
    ) throws {
        try write(name, contents.span.bytes, crc32: crc32, progress: progress)
    }

    mutating func append(_ piece: [UInt8]) throws { try append(piece.span.bytes) }
}

/// Writes records to memory.
func written(
    alignment: Int = 64, computesChecksums: Bool = true, _ records: [(String, [UInt8])]
) throws -> [UInt8] {
    var writer = ZipArchiveWriter(
        MemorySink(), alignment: alignment, computesChecksums: computesChecksums)
    for (name, contents) in records { try writer.write(name, contents) }
    return try writer.finish().bytes
}
