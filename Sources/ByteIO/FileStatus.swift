package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What tells one state of a file from another: which file it is, its size and its times.
package struct FileStatus: Hashable, Sendable {
    /// A moment, as file systems have it.
    package struct Time: Hashable, Comparable, Sendable {
        private var seconds: Int
        private var nanoseconds: Int

        init(_ time: timespec) { (seconds, nanoseconds) = (Int(time.tv_sec), Int(time.tv_nsec)) }

        package static func < (left: Time, right: Time) -> Bool {
            (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
        }

        /// The next moment that can be told from this one.
        package var successor: Time {
            var next = self
            next.nanoseconds += 1
            if next.nanoseconds == 1_000_000_000 {
                (next.seconds, next.nanoseconds) = (seconds + 1, 0)
            }
            return next
        }

        fileprivate var timespec: timespec {
            .init(tv_sec: time_t(seconds), tv_nsec: numericCast(nanoseconds))
        }
    }

    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let changed: Time
    /// When the contents were last written to.
    package let modified: Time

    init(_ status: Stat) {
        device = UInt64(truncatingIfNeeded: status.deviceID.rawValue)
        inode = UInt64(truncatingIfNeeded: status.inode.rawValue)
        size = status.size
        modified = Time(status.st_mtim)
        changed = Time(status.st_ctim)
    }
}

extension FilePath {
    /// The state of what is at this path, links followed; of a link that leads nowhere its own; nil
    /// when there is nothing.
    package var fileStatus: FileStatus? {
        ((try? stat()) ?? (try? stat(followTargetSymlink: false))).map { FileStatus($0) }
    }

    /// Whether there is neither a file nor a link at this path.
    package var isGone: Bool {
        do throws(Errno) {
            _ = try stat(followTargetSymlink: false)
            return false
        } catch {
            return error == .noSuchFileOrDirectory
        }
    }

    /// Has the file appear to have been written at `time`, as far as the file system takes it.
    package func setModificationTime(_ time: FileStatus.Time) {
        guard let status = try? stat() else { return }
        let times = [status.st_atim, time.timespec]
        _ = unsafe utimensat(AT_FDCWD, string, times, 0)
    }
}
