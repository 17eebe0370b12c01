import ByteIO
import Foundation
import TestSupport
import Testing
import ZipArchive

@testable import TorchCheckpoint

/// The record that torch derives from the names and checksums of all others.
@Suite struct SerializationIDTests {
    private static let record = "/.data/serialization_id"

    /// The fixtures that have an id of their own: what Python's writer has copied has another's.
    private static let fixtures = Fixture.readable("zip").filter { fixture in
        guard let bytes = try? fixture.bytes(), bytes[4] == 0,
            let archive = try? ZipArchive(ByteRegion(copying: bytes))
        else { return false }
        return archive.entries.contains { $0.name.hasSuffix(record) }
    }

    @Test func `there are fixtures of every torch that writes ids`() {
        let writers = Set(Self.fixtures.compactMap { $0.row["writer"]?.string })
        #expect(writers.count >= 3, "\(writers)")
        #expect(Self.fixtures.count > 200)
    }

    @Test(arguments: fixtures)
    func `the id is the one that torch has written`(_ fixture: Fixture) throws {
        try expectOwnID(ZipArchive(ByteRegion(copying: fixture.bytes())))
    }

    @Test func `any number of names and any contents give the id of torch`() throws {
        let code = """
            import random, sys, torch
            mistaken = torch.frombuffer(bytearray(b"PK\\x07\\x08abcdefgh"), dtype=torch.uint8)
            for index, count in enumerate([0, 1, 2, 10, 20, 23, 49, 50, 51, 119, 251, 1100, 2400]):
                tensors = [torch.tensor([i], dtype=torch.int16) for i in range(count)]
                torch.save([mistaken, mistaken[:7].clone(), tensors], f"{sys.argv[1]}/{index}.pth")
            torch.serialization.set_crc32_options(False)
            torch.save([mistaken, torch.ones(2), torch.ones(0)], f"{sys.argv[1]}/off.pth")
            """
        let folder = try TemporaryFolder()
        let outcome = try TorchPython.run(code: code, [folder.path])
        try #require(outcome.status == 0, "\(outcome.error)")
        let files = try folder.contents()
        #expect(files.count == 14)
        for bytes in files.values { try expectOwnID(ZipArchive(ByteRegion(copying: bytes))) }
    }

    // Minutes, if each name were to look at all the others.
    @Test func `the names of a hundred thousand records are hashed at once`() {
        let names = (0..<100_000).map { "data/\($0)" } + ["version"]
        var text = ""
        let seconds = threadSeconds { text = id(names, names.map { UInt32($0.count) }) }
        #expect(seconds < 20)
        #expect(text.utf8.count == 40)
    }

    @Test func `small hashes are filled up with zeros`() {
        let text = id([], [])
        #expect(text == String(repeating: "0", count: 40))
    }

    // The values are those of `std::hash<std::string>`, as g++ 12 compiles it.
    @Test(
        arguments: [
            ("", 6_142_509_188_972_423_790), ("a", 4_993_892_634_952_068_459),
            ("data.pkl", 4_941_642_132_189_851_806), ("version", 1_565_691_551_459_181_974),
            ("data/12345678", 5_282_018_797_604_968_451), ("名", 10_518_539_100_429_359_114),
        ] as [(String, UInt64)])
    func `text is hashed as by the C++ library`(_ text: String, _ expected: UInt64) {
        #expect(StandardLibraryHash.hash(text) == expected)
    }

    private func id(_ names: [String], _ checksums: [UInt32]) -> String {
        SerializationID.namesPart(of: names) + SerializationID.checksumsPart(of: checksums)
    }

    private func expectOwnID(_ archive: ZipArchive) throws {
        let entries = archive.entries.sorted { $0.headerOffset < $1.headerOffset }
        var writer = ZipArchiveWriter(MemorySink())
        let computesChecksums = entries.contains { $0.crc32 != 0 }
        for entry in entries.dropLast() {
            let contents = try archive.contents(of: entry)
            let crc32: UInt32? = computesChecksums ? nil : 0
            try writer.write(entry.name, contents.bytes, crc32: crc32)
        }
        let last = try #require(entries.last)
        #expect(last.name.hasSuffix(Self.record))
        let names = writer.records.map { String($0.name.drop { $0 != "/" }.dropFirst()) }
        let text = id(names, writer.records.flatMap(\.identityChecksums))
        #expect(try text == String(decoding: archive.bytes(of: last), as: UTF8.self))
        _ = try writer.finish()
    }
}
