import Foundation
import SystemPackage
import Testing

@testable import ByteIO

/// Folders: their names, how they come about, and the right to write to them.
@Suite struct FolderTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func `all names are listed, hidden ones too`() throws {
        let names = ["a", ".hidden", "ä b\n", String(repeating: "n", count: 255)]
        for name in names { try folder.write(name, "") }
        #expect(try folder.path.namesInFolder()?.sorted() == names.sorted())
        #expect(try folder.path.appending("none").namesInFolder() == nil)
        for number in 0..<3000 { try folder.write("\(number)", "") }
        #expect(try folder.path.namesInFolder()?.count == 3004)
    }

    @Test func `a name that is not UTF-8 is listed with replacement characters`() throws {
        let path = Array(folder.path.string.utf8) + [0x2F, 0xFF, 0x61, 0]
        let file = open(path.map { CChar(bitPattern: $0) }, O_WRONLY | O_CREAT, 0o600)
        try #require(file >= 0)
        close(file)
        #expect(try folder.path.namesInFolder() == ["\u{FFFD}a"])
    }

    @Test func `a file is no folder`() throws {
        try folder.write("file", "")
        let path = folder.path.appending("file")
        #expect(throws: CheckpointError(.fileSystem, "")) { try path.namesInFolder() }
        #expect(throws: CheckpointError(.fileSystem, "")) { try FolderLock(path).flush() }
        #expect(throws: CheckpointError(.fileSystem, "")) {
            try path.appending("in").createFolder()
        }
    }

    @Test func `folders are made as far as they are missing`() throws {
        let path = folder.path.pushing("a/b c/ä")
        for _ in 0..<2 {
            try path.createFolder()
            #expect(try path.namesInFolder() == [])
        }
        try folder.path.createFolder()
        try FilePath("/").createFolder()
        #expect(try folder.names() == ["a"])
    }

    @Test func `a file is removed, and one that is gone is no error`() throws {
        try folder.write("file", "")
        let path = folder.path.appending("file")
        #expect(!path.isGone && !path.appending("in").isGone)
        for _ in 0..<2 { try path.removeFile() }
        #expect(try path.isGone && path.fileStatus() == nil)
        #expect(throws: CheckpointError(.fileSystem, "")) { try folder.path.removeFile() }
    }

    @Test func `a lock is for one at a time, and ends with its value`() throws {
        let other = try FileDescriptor.open(folder.path, .readOnly)
        defer { try? other.close() }
        do {
            let lock = try FolderLock(folder.path)
            try lock.flush()
            let isExclusive = lock.isExclusive
            #expect(isExclusive)
            #expect(flock(other.rawValue, LOCK_EX | LOCK_NB) != 0)
        }
        #expect(flock(other.rawValue, LOCK_EX | LOCK_NB) == 0)
    }

    @Test func `the state of a file changes with what is done to it`() throws {
        try folder.write("file", "a")
        let path = folder.path.appending("file")
        let first = try #require(try path.fileStatus())
        #expect(try path.fileStatus() == first)
        try path.setModificationTime(after: first.modified)
        let second = try #require(try path.fileStatus())
        #expect(second != first && first.modified < second.modified)
        try folder.write("file", "ab")
        #expect(try path.fileStatus() != second)
    }

    @Test(arguments: [1, 100, 1000, 10_000_000, 1_000_000_000, 2_000_000_000])
    func `a file system with coarse times can tell one of the later times`(_ tick: Int) {
        for start in [0, 1_999_999_999, 4_000_000_000_000_000_000] {
            let time = start / tick * tick
            let taken = Self.time(time).laterOnes.compactMap { later in
                // Rounded down.
                (0...3).map { Self.time(time + $0 * tick) }.last { $0 <= later }
            }
            #expect(taken.contains { Self.time(time) < $0 }, "\(time)")
            #expect(Self.time(time) < Self.time(time).laterOnes[0])
        }
    }

    private static func time(_ nanoseconds: Int) -> FileStatus.Time {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return FileStatus.Time(seconds: seconds, nanoseconds: rest)
    }

    @Test func `behind the last of all times there is none, and where no file is none is set`() {
        let last = FileStatus.Time(seconds: .max, nanoseconds: 999_999_999)
        #expect(last.laterOnes.isEmpty)
        #expect(throws: CheckpointError(.fileSystem, "")) {
            try folder.path.setModificationTime(after: last)
        }
        #expect(throws: CheckpointError(.fileSystem, "")) {
            try folder.path.appending("none").setModificationTime(after: Self.time(0))
        }
    }
}
