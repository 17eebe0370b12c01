import Foundation
import SystemPackage
import Testing

@testable import ByteIO

private func replace(
    _ path: FilePath, with text: String, isNameless: Bool = true, commits: Bool = true
) throws {
    var file = try AtomicFile(replacing: path, isNameless: isNameless)
    let bytes = Array(text.utf8)
    try file.write(bytes.span.bytes.extracting(first: 2))
    try file.write(bytes.span.bytes.extracting(droppingFirst: 2))
    if commits { try file.commit() }
}

// What a file does without a name before the commit, it has to do with one: some file systems know
// no other way.
@Suite struct AtomicFileTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test(arguments: [true, false])
    func `a file appears whole, and nothing else is left`(_ isNameless: Bool) throws {
        try replace(folder.path.appending("new"), with: "contents", isNameless: isNameless)
        #expect(try folder.read("new") == "contents")
        #expect(try folder.names() == ["new"])
    }

    @Test(arguments: [true, false])
    func `an old file is replaced`(_ isNameless: Bool) throws {
        try folder.write("old", "a much longer text than the new one")
        try replace(folder.path.appending("old"), with: "new", isNameless: isNameless)
        #expect(try folder.read("old") == "new")
        #expect(try folder.names() == ["old"])
    }

    @Test(arguments: [true, false])
    func `what is not committed leaves the old file and no litter`(_ isNameless: Bool) throws {
        try folder.write("old", "old")
        for name in ["old", "never"] {
            try replace(
                folder.path.appending(name), with: "new", isNameless: isNameless, commits: false)
        }
        #expect(try folder.read("old") == "old")
        #expect(try folder.names() == ["old"])
    }

    @Test func `before the commit the old file is whole, and the new one hidden beside it`() throws
    {
        try folder.write("old", "old")
        var file = try AtomicFile(replacing: folder.path.appending("old"), isNameless: false)
        try file.write(([0, 0] as [UInt8]).span.bytes)
        #expect(try folder.read("old") == "old")
        #expect(try folder.names().count == 2)
        #expect(try folder.names().first?.hasPrefix(".old.") == true)
        try file.commit()
        #expect(try folder.names() == ["old"])
    }

    @Test(arguments: [0o600, 0o640, 0o666, 0o755], [true, false])
    func `a file that is replaced keeps its permissions`(_ mode: Int, _ isNameless: Bool) throws {
        try folder.write("old", "old")
        try folder.setPermissions("old", mode)
        try replace(folder.path.appending("old"), with: "new", isNameless: isNameless)
        #expect(try folder.permissions("old") == mode)
    }

    @Test(arguments: [true, false])
    func `a new file has the permissions that new files have`(_ isNameless: Bool) throws {
        let other = folder.path.appending("other").string
        #expect(FileManager.default.createFile(atPath: other, contents: nil))
        try replace(folder.path.appending("new"), with: "new", isNameless: isNameless)
        #expect(try folder.permissions("new") == folder.permissions("other"))
    }

    @Test func `the bytes of a private file are never in one that others may open`() throws {
        try folder.write("old", "old")
        try folder.setPermissions("old", 0o600)
        let file = try AtomicFile(replacing: folder.path.appending("old"), isNameless: false)
        let hidden = try #require(try folder.names().first { $0 != "old" })
        #expect(try folder.permissions(hidden) == 0o600)
        _ = consume file
    }

    @Test(arguments: [true, false])
    func `a symbolic link is followed and stays`(_ isNameless: Bool) throws {
        try folder.write("target", "old")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path.appending("link").string, withDestinationPath: "target")
        try replace(folder.path.appending("link"), with: "new", isNameless: isNameless)
        #expect(try folder.read("target") == "new")
        let link = folder.path.appending("link").string
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target")
    }

    @Test(arguments: [true, false])
    func `a name of the greatest length can be replaced`(_ isNameless: Bool) throws {
        let name = String(repeating: "n", count: 255)
        try replace(folder.path.appending(name), with: "new", isNameless: isNameless)
        #expect(try folder.read(name) == "new")
        #expect(try folder.names() == [name])
    }

    @Test func `a file of many pieces is whole, as written`() throws {
        let piece = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 / 7) }
        var file = try AtomicFile(replacing: folder.path.appending("new"))
        for _ in 0..<40 { try file.write(piece.span.bytes) }
        try file.commit()
        let region = try ByteRegion(mapping: folder.path.appending("new"))
        #expect(region.count == 40 << 20)
        for index in 0..<40 {
            #expect(try region.slice(at: index << 20, count: 1 << 20).copyBytes() == piece)
        }
    }
}

@Suite struct MappedFileTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func `a file's bytes are mapped`() throws {
        try folder.write("file", "contents")
        let region = try ByteRegion(mapping: folder.path.appending("file"))
        #expect(region.copyBytes() == Array("contents".utf8))
        #expect(region.isAligned(to: 4096))
    }

    @Test func `the mapping outlives the file's name`() throws {
        try folder.write("file", "contents")
        let region = try ByteRegion(mapping: folder.path.appending("file"))
        try replace(folder.path.appending("file"), with: "other")
        #expect(region.copyBytes() == Array("contents".utf8))
    }

    @Test func `an empty file is a region of no bytes`() throws {
        try folder.write("file", "")
        #expect(try ByteRegion(mapping: folder.path.appending("file")).count == 0)
    }

    @Test func `what is missing is refused by name`() {
        let path = folder.path.appending("missing")
        let error = #expect(throws: CheckpointError.self) { try ByteRegion(mapping: path) }
        #expect(error?.code == .fileSystem)
        #expect(error?.path == path.string)
        #expect(error?.underlying as? Errno == .noSuchFileOrDirectory)
    }

    @Test func `folders, devices and pipes are refused without waiting`() throws {
        let pipe = folder.path.appending("pipe")
        try #require(mkfifo(pipe.string, 0o600) == 0)
        for path in [folder.path, FilePath("/dev/zero"), pipe] {
            let error = #expect(throws: CheckpointError.self) { try ByteRegion(mapping: path) }
            #expect(error?.code == .fileSystem)
            #expect(error?.reason.hasPrefix("is a") == true)
        }
    }
}
