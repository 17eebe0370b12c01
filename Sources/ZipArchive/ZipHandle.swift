import ByteIO
import CLibzip

/// An archive that libzip has open for reading.
///
/// Not thread-safe; its owner sees to that.
@safe
final class ZipHandle {
    /// What libzip's directory says of an entry.
    struct Status {
        var rawName: [UInt8]
        var name: String
        var byteCount: UInt64
        var compressedByteCount: UInt64
        var crc32: UInt32
        var method: Int
        var isEncrypted: Bool
    }

    private let archive: OpaquePointer

    /// Has libzip read the directory of an archive.
    ///
    /// - Throws: ``CheckpointError/Code/damagedArchive``.
    init(_ view: ArchiveView) throws(CheckpointError) {
        let source = MappedSource(view)
        var failure = unsafe zip_error_t()
        unsafe zip_error_init(&failure)
        defer { unsafe zip_error_fini(&failure) }
        guard let input = unsafe source.makeSource(&failure) else {
            throw unsafe Self.damaged(&failure)
        }
        guard let archive = unsafe zip_open_from_source(input, ZIP_RDONLY, &failure) else {
            unsafe zip_source_free(input)
            throw unsafe Self.damaged(&failure)
        }
        unsafe self.archive = unsafe archive
    }

    deinit {
        unsafe zip_discard(archive)
    }

    /// The number of entries.
    var count: UInt64 { UInt64(max(unsafe zip_get_num_entries(archive, 0), 0)) }

    /// What the directory says of an entry.
    func status(of index: UInt64) throws(CheckpointError) -> Status {
        var status = unsafe zip_stat_t()
        guard unsafe zip_stat_index(archive, index, UInt32(ZIP_FL_ENC_RAW), &status) == 0,
            let rawName = unsafe zip_get_name(archive, index, UInt32(ZIP_FL_ENC_RAW)),
            let anyName = unsafe zip_get_name(archive, index, UInt32(ZIP_FL_ENC_GUESS))
        else { throw unsafe Self.damaged(zip_get_error(archive)) }
        let raw = unsafe Self.bytes(of: rawName)
        return unsafe Status(
            rawName: raw,
            name: String(validating: raw, as: UTF8.self) ?? String(cString: anyName),
            byteCount: status.size, compressedByteCount: status.comp_size, crc32: status.crc,
            method: Int(status.comp_method), isEncrypted: status.encryption_method != 0)
    }

    /// Inflates an entry into memory of its own.
    ///
    /// - Throws: ``CheckpointError/Code/damagedArchive`` when it does not inflate to exactly
    ///   `byteCount` bytes with the CRC of the directory.
    func inflate(_ index: UInt64, byteCount: Int) throws(CheckpointError) -> ByteRegion {
        guard let file = unsafe zip_fopen_index(archive, index, 0) else {
            throw unsafe Self.damaged(zip_get_error(archive))
        }
        defer { unsafe zip_fclose(file) }
        let owner = try unsafe ByteOwner(allocating: byteCount) {
            (memory) throws(CheckpointError) in
            var filled = 0
            while filled < byteCount {
                let count = unsafe zip_fread(
                    file, memory.baseAddress.map { unsafe $0 + filled },
                    UInt64(byteCount - filled))
                guard count != 0 else { throw Self.wrongSize(byteCount) }
                guard count > 0 else { throw unsafe Self.damaged(zip_file_get_error(file)) }
                filled += Int(count)
            }
            // libzip checks the CRC when it meets the end, so the end has to be met.
            var extra: UInt8 = 0
            let rest = unsafe zip_fread(file, &extra, 1)
            guard rest <= 0 else { throw Self.wrongSize(byteCount) }
            guard rest == 0 else { throw unsafe Self.damaged(zip_file_get_error(file)) }
        }
        return ByteRegion(owner)
    }

    private static func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
        var count = 0
        while unsafe text[count] != 0 { count += 1 }
        return unsafe Array(UnsafeRawBufferPointer(start: text, count: count))
    }

    private static func wrongSize(_ byteCount: Int) -> CheckpointError {
        CheckpointError(
            .damagedArchive, "does not inflate to the \(byteCount) bytes that the directory says",
            advice: "The file is damaged or an incomplete copy; fetch it again")
    }

    private static func damaged(_ error: UnsafeMutablePointer<zip_error_t>?) -> CheckpointError {
        let message = unsafe zip_error_strerror(error).map { unsafe String(cString: $0) }
        return CheckpointError(
            .damagedArchive, "the zip archive can't be read: \(message ?? "unknown reason")",
            advice: "The file is damaged or an incomplete copy; fetch it again")
    }
}
