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
        #expect(!path.isGone)
        for _ in 0..<2 { try path.removeFile() }
        #expect(path.isGone && path.fileStatus == nil)
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
        let first = try #require(path.fileStatus)
        #expect(path.fileStatus == first)
        let later = first.modified.successor
        #expect(first.modified < later)
        path.setModificationTime(later)
        let second = try #require(path.fileStatus)
        #expect(second != first && second.modified == later)
        try folder.write("file", "ab")
        #expect(path.fileStatus != second)
    }
}
