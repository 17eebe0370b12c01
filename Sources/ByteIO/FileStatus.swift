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
        private let seconds: Int
        private let nanoseconds: Int

        init(_ time: timespec) {
            self.init(seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec))
        }

        init(seconds: Int, nanoseconds: Int) {
            (self.seconds, self.nanoseconds) = (seconds, nanoseconds)
        }

        package static func < (left: Time, right: Time) -> Bool {
            (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
        }

        /// Later moments, the nearest first.
        ///
        /// File systems round down, by up to two seconds. One of these each can tell from this one.
        var laterOnes: [Time] {
            [1, 1000, 1_000_000, 1_000_000_000, 2_000_000_000].compactMap(adding)
        }

        private func adding(nanoseconds added: Int) -> Time? {
            let (carry, rest) = (nanoseconds + added).quotientAndRemainder(
                dividingBy: 1_000_000_000)
            let (sum, isOverflow) = seconds.addingReportingOverflow(carry)
            guard !isOverflow else { return nil }
            return Time(seconds: sum, nanoseconds: rest)
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
    /// Whether this is a symbolic link, and not what it leads to.
    package let isLink: Bool

    init(_ status: Stat) {
        device = UInt64(truncatingIfNeeded: status.deviceID.rawValue)
        inode = UInt64(truncatingIfNeeded: status.inode.rawValue)
        size = status.size
        modified = Time(status.st_mtim)
        changed = Time(status.st_ctim)
        isLink = status.type == .symbolicLink
    }
}

extension FilePath {
    /// The state of what is at this path, of a link its own; nil when there is nothing.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when that can't be told.
    package func fileStatus() throws(CheckpointError) -> FileStatus? {
        do throws(Errno) {
            return try FileStatus(stat(followTargetSymlink: false))
        } catch .noSuchFileOrDirectory {
            return nil
        } catch {
            throw .fileSystem("can't be examined", error, advice: "Check the folder's permissions")
                .inFile(string)
        }
    }

    /// Lets the owner of the file read and write it, if that can be had.
    package func grantOwnerAccess() {
        guard let status = try? stat(followTargetSymlink: false), status.type == .regular,
            !status.permissions.isSuperset(of: .ownerReadWrite)
        else { return }
        _ = unsafe chmod(string, status.permissions.union(.ownerReadWrite).rawValue)
    }

    /// Whether there is neither a file nor a link at this path.
    func isMissing() throws(Errno) -> Bool {
        do throws(Errno) {
            _ = try stat(followTargetSymlink: false)
            return false
        } catch .noSuchFileOrDirectory {
            return true
        }
    }

    /// Whether there is neither a file nor a link at this path; false when that can't be told.
    package var isGone: Bool { (try? isMissing()) ?? false }

    /// Has the file appear to have been written after `time`, by as little as the file system can
    /// tell apart.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    package func setModificationTime(after time: FileStatus.Time) throws(CheckpointError) {
        do throws(Errno) {
            for later in time.laterOnes {
                try setModificationTime(later)
                guard try FileStatus(stat()).modified <= time else { return flush() }
            }
        } catch {
            throw .writing("the time of writing can't be set", error).inFile(string)
        }
        throw CheckpointError(
            .fileSystem, "the file system takes no time of writing that is later than another's"
        ).inFile(string)
    }

    private func setModificationTime(_ time: FileStatus.Time) throws(Errno) {
        let times = try [stat().st_atim, time.timespec]
        guard unsafe utimensat(AT_FDCWD, string, times, 0) == 0 else {
            throw Errno(rawValue: errno)
        }
    }
}
