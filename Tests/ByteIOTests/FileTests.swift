import ByteIO
import Foundation
import SystemPackage
import Testing

/// A folder of its own for a test.
private final class Folder {
    let path: FilePath

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "byteio-\(UInt64.random(in: 0...UInt64.max))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path(percentEncoded: false))
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path.string).sorted()
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path.appending(name).string))
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: path.appending(name).string, encoding: .utf8)
    }

    func permissions(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path.appending(name).string)[
            .posixPermissions] as? Int
    }

    func setPermissions(_ name: String, _ mode: Int) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: path.appending(name).string)
    }
}

private func replace(_ path: FilePath, with text: String, commits: Bool = true) throws {
    var file = try AtomicFile(replacing: path)
    var text = text
    try text.withUTF8 { bytes in
        try file.write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes).prefix(2)))
        try file.write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes).dropFirst(2)))
    }
    if commits { try file.commit() }
}

@Suite struct AtomicFileTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test func `a file appears whole, and nothing else is left`() throws {
        try replace(folder.path.appending("new"), with: "contents")
        #expect(try folder.read("new") == "contents")
        #expect(try folder.names() == ["new"])
    }

    @Test func `an old file is replaced`() throws {
        try folder.write("old", "a much longer text than the new one")
        try replace(folder.path.appending("old"), with: "new")
        #expect(try folder.read("old") == "new")
        #expect(try folder.names() == ["old"])
    }

    @Test func `what is not committed leaves the old file and no litter`() throws {
        try folder.write("old", "old")
        try replace(folder.path.appending("old"), with: "new", commits: false)
        try replace(folder.path.appending("never"), with: "new", commits: false)
        #expect(try folder.read("old") == "old")
        #expect(try folder.names() == ["old"])
    }

    @Test func `before the commit the old file is whole, and the new one hidden beside it`() throws
    {
        try folder.write("old", "old")
        var file = try AtomicFile(replacing: folder.path.appending("old"))
        try withUnsafeBytes(of: UInt32(0)) { try file.write($0) }
        #expect(try folder.read("old") == "old")
        #expect(try folder.names().count == 2)
        #expect(try folder.names().first?.hasPrefix(".old.") == true)
        try file.commit()
        #expect(try folder.names() == ["old"])
    }

    @Test(arguments: [0o600, 0o640, 0o666, 0o755])
    func `a file that is replaced keeps its permissions`(_ mode: Int) throws {
        try folder.write("old", "old")
        try folder.setPermissions("old", mode)
        try replace(folder.path.appending("old"), with: "new")
        #expect(try folder.permissions("old") == mode)
    }

    @Test func `the bytes of a private file are never in one that others may open`() throws {
        try folder.write("old", "old")
        try folder.setPermissions("old", 0o600)
        let file = try AtomicFile(replacing: folder.path.appending("old"))
        let hidden = try #require(try folder.names().first { $0 != "old" })
        #expect(try folder.permissions(hidden) == 0o600)
        _ = consume file
    }

    @Test func `a symbolic link is followed and stays`() throws {
        try folder.write("target", "old")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path.appending("link").string, withDestinationPath: "target")
        try replace(folder.path.appending("link"), with: "new")
        #expect(try folder.read("target") == "new")
        let link = folder.path.appending("link").string
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target")
    }

    @Test func `a name of the greatest length can be replaced`() throws {
        let name = String(repeating: "n", count: 255)
        try replace(folder.path.appending(name), with: "new")
        #expect(try folder.read(name) == "new")
        #expect(try folder.names() == [name])
    }

    @Test func `a missing folder and a folder as destination are refused`() throws {
        for path in [
            folder.path.appending("missing/file"), folder.path, FilePath("/dev/null"), FilePath(""),
        ] {
            let error = #expect(throws: CheckpointError.self) { try replace(path, with: "new") }
            #expect(error?.code == .fileSystem)
        }
        #expect(try folder.names().isEmpty)
    }

    @Test func `a commit that fails leaves no litter`() throws {
        var file = try AtomicFile(replacing: folder.path.appending("file"))
        try FileManager.default.createDirectory(
            atPath: folder.path.appending("file").string, withIntermediateDirectories: false)
        var code: CheckpointError.Code?
        do { try file.commit() } catch { code = error.code }
        #expect(code == .fileSystem)
        _ = consume file
        #expect(try folder.names() == ["file"])
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

    @Test(.timeLimit(.minutes(5)))
    func `folders, devices and pipes are refused without waiting`() throws {
        let pipe = folder.path.appending("pipe")
        try #require(mkfifo(pipe.string, 0o600) == 0)
        for path in [folder.path, FilePath("/dev/zero"), pipe] {
            let error = #expect(throws: CheckpointError.self) { try ByteRegion(mapping: path) }
            #expect(error?.code == .fileSystem)
            #expect(error?.reason.hasPrefix("is a") == true)
        }
    }
}
