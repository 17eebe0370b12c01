import Foundation
import SystemPackage
import Testing

@testable import ByteIO

/// Files that are read into memory, and files that change while they are in use.
@Suite struct BufferedFileTests {
    private let folder: Folder
    private let path: FilePath
    private static let contents = Array("ten bytes.".utf8)

    init() throws {
        folder = try Folder()
        path = folder.path.appending("file")
        try folder.write("file", "ten bytes.")
    }

    private func cut(to count: Int) throws {
        try #require(truncate(path.string, off_t(count)) == 0)
    }

    @Test func `what was read stays, whatever happens to the file`() throws {
        let region = try ByteRegion(reading: path)
        try cut(to: 0)
        #expect(region.copyBytes() == Self.contents)
        #expect(region.isAligned(to: 64))
        #expect(throws: Never.self) { try region.prepare() }
        #expect(try ByteRegion(reading: path).count == 0)
    }

    @Test(arguments: FileAccess.allCases)
    func `a part of a file is a region of it`(_ access: FileAccess) throws {
        let region = try ByteRegion(contentsOf: path, range: 4..<9, access: access)
        #expect(region.copyBytes() == Array("bytes".utf8))
        #expect(try ByteRegion(contentsOf: path, range: 10..<10, access: access).count == 0)
        let whole = try ByteRegion(contentsOf: path, access: access)
        #expect(whole.copyBytes() == Self.contents)
    }

    @Test(arguments: FileAccess.allCases, [(0, 11), (11, 11), (4, Int.max), (-1, 2)])
    func `a part that is not inside is refused`(_ access: FileAccess, _ part: (Int, Int)) {
        #expect(throws: CheckpointError(.truncated, "")) {
            try ByteRegion(contentsOf: path, range: part.0..<part.1, access: access)
        }
    }

    @Test func `what is no file is refused as it is when it is mapped`() throws {
        for path in [folder.path, "/dev/zero", folder.path.appending("missing")] {
            let errors = FileAccess.allCases.map { access in
                #expect(throws: CheckpointError.self) {
                    try ByteRegion(contentsOf: path, access: access)
                }
            }
            #expect(errors[0]?.code == .fileSystem)
            #expect(errors[0]?.path == path.string)
            #expect(errors[0]?.description == errors[1]?.description)
        }
    }

    @Test func `a file larger than the memory is an error when it is read`() throws {
        try cut(to: 1 << 42)
        let error = #expect(throws: CheckpointError.self) { try ByteRegion(reading: path) }
        #expect(error?.code == .outOfMemory)
        #expect(error?.path == path.string)
        #expect(error?.advice?.contains("mapped") == true)
        #expect(try ByteRegion(reading: path, range: 0..<10).copyBytes() == Self.contents)
        #expect(try ByteRegion.head(3, ofFileAt: path).fileByteCount == 1 << 42)
    }

    @Test(arguments: [0, 4, 9])
    func `a file that is cut while it is read is an error`(_ count: Int) throws {
        let file = try InputFile(path)
        try cut(to: count)
        var bytes = [UInt8](repeating: 0, count: 10)
        let error = try #require(
            #expect(throws: CheckpointError.self) {
                try bytes.withUnsafeMutableBytes { try file.read(at: 0, into: $0) }
            })
        #expect(error.code == .fileSystem)
        #expect(error.reason.hasPrefix("has \(count) bytes left of the 10"))
        #expect(error.advice != nil)
        #expect(throws: CheckpointError(.fileSystem, "")) { try file.checkUnchanged() }
    }

    @Test(arguments: ["ten bytes", "ten bytes. ", "TEN BYTES."])
    func `a file that is written to while it is read is an error`(_ text: String) throws {
        let file = try InputFile(path)
        #expect(throws: Never.self) { try file.checkUnchanged() }
        // Times are as fine as the system's clock ticks.
        usleep(20_000)
        let handle = try FileHandle(forWritingTo: URL(filePath: path.string))
        try handle.truncate(atOffset: UInt64(text.utf8.count))
        try handle.write(contentsOf: Data(text.utf8))
        #expect(throws: CheckpointError(.fileSystem, "")) { try file.checkUnchanged() }
    }
}

/// Mapped files that were cut: found out before they are touched, where that can be had.
@Suite struct CutFileTests {
    private let folder: Folder
    private let path: FilePath

    init() throws {
        folder = try Folder()
        path = folder.path.appending("file")
        try folder.write("file", String(repeating: "0123456789", count: 10_000))
    }

    private func cut(to count: Int) throws {
        try #require(truncate(path.string, off_t(count)) == 0)
    }

    @Test func `a mapped file that was cut is an error`() throws {
        let region = try ByteRegion(mapping: path)
        #expect(throws: Never.self) { try region.prepare() }
        try cut(to: 99_999)
        let error = #expect(throws: CheckpointError.self) { try region.prepare() }
        #expect(error?.code == .fileSystem)
        #expect(error?.path == path.string)
        #expect(error?.reason.hasPrefix("has 99999 bytes left of the 100000") == true)
    }

    @Test func `a mapped file that grew, or was replaced, is as it was`() throws {
        let region = try ByteRegion(mapping: path)
        try cut(to: 200_000)
        #expect(throws: Never.self) { try region.prepare() }
        try FileManager.default.removeItem(atPath: path.string)
        try folder.write("file", "short")
        #expect(throws: Never.self) { try region.prepare() }
        #expect(try region.slice(at: 99_990, count: 10).copyBytes() == Array("0123456789".utf8))
    }

    private func pieces(_ copier: RegionCopier, _ range: Range<Int>) throws -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        try copier.forEachPiece(of: range, ofSize: 6) { pieces.append(Array(copying: $0)) }
        return pieces
    }

    @Test(arguments: [true, false])
    func `a copier gives pieces in order, from the file or from memory`(_ isFile: Bool) throws {
        let region = try ByteRegion(mapping: path)
        let copier = try RegionCopier(
            isFile ? region : ByteRegion(copying: region.copyBytes()))
        #expect(
            try pieces(copier, 3..<18).map { String(decoding: $0, as: UTF8.self) } == [
                "345678", "901234", "567",
            ])
        #expect(try pieces(copier, 7..<7) == [])
    }

    @Test func `copying from a file that was cut is an error`() throws {
        let region = try ByteRegion(mapping: path)
        let copier = try RegionCopier(region.slice(at: 10, count: 99_000))
        try cut(to: 50_000)
        #expect(try pieces(copier, 0..<6) == [Array("012345".utf8)])
        let error = #expect(throws: CheckpointError.self) { try pieces(copier, 49_989..<50_010) }
        #expect(error?.code == .fileSystem)
        #expect(error?.path == path.string)
    }

    @Test func `a partial file has what was read of it, and reads nothing twice`() throws {
        let file = try PartialFile(path)
        let region = file.region
        try file.read(0..<10)
        try file.read(50..<60)
        try file.read(5..<15)
        #expect(try region.slice(at: 0, count: 15).copyBytes() == Array("012345678901234".utf8))
        #expect(try region.slice(at: 15, count: 35).copyBytes().allSatisfy { $0 == 0 })
        try region.slice(at: 15, count: 35).prepare()
        #expect(
            try region.slice(at: 40, count: 20).copyBytes() == Array("01234567890123456789".utf8))
        try cut(to: 60)
        #expect(throws: Never.self) { try file.read(0..<60) }
        #expect(throws: CheckpointError(.fileSystem, "")) { try file.read(0..<61) }
        #expect(file.missingByteCount == 99_940)
    }

    @Test func `an empty file is a partial one of no bytes`() throws {
        try cut(to: 0)
        let file = try PartialFile(path)
        try file.read(0..<0)
        #expect(file.region.count == 0 && file.missingByteCount == 0)
    }
}
