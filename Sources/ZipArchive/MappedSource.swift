import ByteIO
import CLibzip

/// Lets libzip read an archive that is in memory.
///
/// Not thread-safe, as libzip's handles are not; ``ZipHandle`` is used by one thread at a time.
@safe
final class MappedSource {
    private let view: ArchiveView
    private var position = 0
    private let error = UnsafeMutablePointer<zip_error_t>.allocate(capacity: 1)

    init(_ view: ArchiveView) {
        self.view = view
        unsafe zip_error_init(error)
    }

    deinit {
        unsafe zip_error_fini(error)
        unsafe error.deallocate()
    }

    /// A libzip source that owns this object.
    func makeSource(_ failure: UnsafeMutablePointer<zip_error_t>) -> OpaquePointer? {
        let retained = unsafe Unmanaged.passRetained(self)
        let source = unsafe zip_source_function_create(callback, retained.toOpaque(), failure)
        if unsafe source == nil { unsafe retained.release() }
        return unsafe source
    }

    // Every command named by `supported` has its case here, or libzip is told a lie.
    fileprivate func answer(
        _ command: zip_source_cmd_t, _ data: UnsafeMutableRawPointer?, _ length: UInt64
    ) -> Int64 {
        switch command {
        case ZIP_SOURCE_OPEN:
            position = 0
            return 0
        case ZIP_SOURCE_CLOSE, ZIP_SOURCE_FREE: return 0
        case ZIP_SOURCE_READ: return unsafe read(into: data, length)
        case ZIP_SOURCE_SEEK: return unsafe seek(data, length)
        case ZIP_SOURCE_TELL: return Int64(position)
        case ZIP_SOURCE_STAT: return unsafe writeStatus(into: data, length)
        case ZIP_SOURCE_ERROR: return unsafe zip_error_to_data(error, data, length)
        case ZIP_SOURCE_SUPPORTS: return Self.supported
        default:
            unsafe zip_error_set(error, ZIP_ER_OPNOTSUPP, 0)
            return -1
        }
    }

    private static let supported: Int64 = [
        ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
        ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS,
    ].reduce(0) { $0 | 1 << Int64($1.rawValue) }

    private func read(into data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
        let start = position
        for (part, offset) in [(view.head, 0), (view.tail, view.head.count)] {
            let rest = length - UInt64(position - start)
            guard position >= offset, position - offset < part.count, rest > 0 else { continue }
            let count = Int(min(rest, UInt64(part.count - (position - offset))))
            unsafe copy(
                part, from: position - offset, count,
                to: data.map { unsafe $0 + (position - start) })
            position += count
        }
        return Int64(position - start)
    }

    private func copy(
        _ part: ByteRegion, from offset: Int, _ count: Int, to target: UnsafeMutableRawPointer?
    ) {
        unsafe part.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            unsafe target?.copyMemory(from: source + offset, byteCount: count)
        }
    }

    private func seek(_ data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
        let target = unsafe zip_source_seek_compute_offset(
            UInt64(position), UInt64(view.count), data, length, error)
        guard target >= 0 else { return -1 }
        position = Int(target)
        return 0
    }

    private func writeStatus(into data: UnsafeMutableRawPointer?, _ length: UInt64) -> Int64 {
        let size = unsafe MemoryLayout<zip_stat_t>.size
        guard length >= UInt64(size),
            let status = unsafe data?.assumingMemoryBound(to: zip_stat_t.self)
        else {
            unsafe zip_error_set(error, ZIP_ER_INVAL, 0)
            return -1
        }
        unsafe zip_stat_init(status)
        unsafe status.pointee.size = UInt64(view.count)
        unsafe status.pointee.valid = UInt64(ZIP_STAT_SIZE)
        return Int64(size)
    }
}

private func callback(
    _ object: UnsafeMutableRawPointer?, _ data: UnsafeMutableRawPointer?, _ length: UInt64,
    _ command: zip_source_cmd_t
) -> Int64 {
    guard let object = unsafe object else { return -1 }
    let source = unsafe Unmanaged<MappedSource>.fromOpaque(object)
    let result = unsafe source.takeUnretainedValue().answer(command, data, length)
    if command == ZIP_SOURCE_FREE { unsafe source.release() }
    return result
}
