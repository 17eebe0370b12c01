import ByteIO
import Foundation
import SystemPackage
import Testing

@testable import ZipArchive

/// A zip file of the fixtures.
struct ZipFixture: CustomTestStringConvertible, Sendable {
    var path: String
    var testDescription: String { path }

    static let all: [ZipFixture] = {
        let walk = FileManager.default.enumerator(atPath: fixtures.path(percentEncoded: false))
        var found: [ZipFixture] = []
        while let path = walk?.nextObject() as? String {
            guard path.hasPrefix("torch-"), let bytes = try? ZipFixture(path: path).bytes(),
                bytes.starts(with: [0x50, 0x4B, 3, 4])
            else { continue }
            found.append(ZipFixture(path: path))
        }
        return found.sorted { $0.path < $1.path }
    }()

    func bytes() throws -> [UInt8] { try Array(Data(contentsOf: fixtures.appending(path: path))) }
}

/// An entry of an archive, as another reading of the format finds it.
private struct NaiveEntry: Equatable {
    var name: [UInt8]
    var method: Int
    var crc32: Int
    var compressedByteCount: Int
    var byteCount: Int
    var dataOffset: Int

    /// The entries of an archive of less than 4 GiB, last end record first.
    static func read(_ bytes: [UInt8]) -> [NaiveEntry] {
        func number(_ offset: Int, _ width: Int) -> Int {
            bytes[offset..<(offset + width)].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        guard
            let end = stride(from: bytes.count - 22, through: 0, by: -1).first(where: {
                number($0, 4) == 0x0605_4B50
            })
        else { return [] }
        var place = number(end + 16, 4)
        return (0..<number(end + 10, 2)).map { _ in
            let start = number(place + 42, 4)
            let name = Array(bytes[(place + 46)..<(place + 46 + number(place + 28, 2))])
            defer { place += 46 + name.count + number(place + 30, 2) + number(place + 32, 2) }
            return NaiveEntry(
                name: name, method: number(place + 10, 2), crc32: number(place + 16, 4),
                compressedByteCount: number(place + 20, 4), byteCount: number(place + 24, 4),
                dataOffset: start + 30 + number(start + 26, 2) + number(start + 28, 2))
        }
    }

    init(
        name: [UInt8], method: Int, crc32: Int, compressedByteCount: Int, byteCount: Int,
        dataOffset: Int
    ) {
        self.name = name
        self.method = method
        self.crc32 = crc32
        self.compressedByteCount = compressedByteCount
        self.byteCount = byteCount
        self.dataOffset = dataOffset
    }

    init(_ entry: ZipEntry) {
        let method =
            switch entry.compression {
            case .stored: 0
            case .deflated: 8
            case .unsupported(let method): method
            }
        self.init(
            name: Array(entry.name.utf8), method: method, crc32: Int(entry.crc32),
            compressedByteCount: entry.compressedByteCount, byteCount: entry.byteCount,
            dataOffset: entry.dataOffset)
    }
}

struct FixtureTests {
    @Test func `there are fixtures`() {
        #expect(ZipFixture.all.count > 300)
    }

    @Test(arguments: ZipFixture.all)
    func `torch's archives are read as by another reading`(_ fixture: ZipFixture) throws {
        let bytes = try fixture.bytes()
        let archive = try open(bytes)
        #expect(archive.entries.map { NaiveEntry($0) } == NaiveEntry.read(bytes))
        for entry in archive.entries {
            let contents = try archive.bytes(of: entry)
            #expect(contents.count == entry.byteCount)
            let isRight = crc32(contents) == entry.crc32
            #expect(entry.crc32 == 0 || isRight || fixture.path.hasSuffix("_wrong_crc.pth"))
        }
    }

    // torch pads so that every record starts at a multiple of 64.
    @Test func `records of torch are aligned in the mapped file`() throws {
        let path = fixtures.appending(path: "torch-2.13.0/view_many_storages.pth")
        let region = try ByteRegion(mapping: FilePath(path.path(percentEncoded: false)))
        let archive = try ZipArchive(region)
        for entry in archive.entries where entry.name.contains("/data/") {
            #expect(try archive.contents(of: entry).isAligned(to: 64))
        }
    }

    @Test(
        arguments: [
            ("zip_duplicate_names", .duplicateRecord), ("zip_equal_but_for_case", .duplicateRecord),
            ("zip_overlapping", .contradictoryHeaders), ("zip_encrypted", .encryptedRecord),
            ("zip_encrypted_central_only", .encryptedRecord),
            ("zip_encrypted_local_only", .contradictoryHeaders),
            ("zip_local_method_differs", .contradictoryHeaders),
            ("zip_local_name_differs", .contradictoryHeaders),
            ("zip_local_sizes_differ", .contradictoryHeaders), ("zip_local_name_too_long", nil),
            ("zip_offset_beyond_file", nil), ("zip_sizes_beyond_file", .truncated),
            ("zip_directory_beyond_file", .damagedArchive),
            ("truncated_directory", .damagedArchive),
            ("truncated_end_record", .damagedArchive), ("truncated_front", nil),
            ("truncated_half", .damagedArchive), ("truncated_header", .damagedArchive),
            ("truncated_last_byte", .damagedArchive), ("zeros", .damagedArchive),
            ("empty", .damagedArchive), ("gzip", .damagedArchive),
        ] as [(String, CheckpointError.Code?)])
    func `the damaged archives are refused`(_ name: String, _ code: CheckpointError.Code?) throws {
        let file = fixtures.appending(path: "not_checkpoints/\(name).pth")
        let error = try #require(failure(Array(Data(contentsOf: file))))
        #expect(code == nil || error.code == code, "\(error)")
    }

    @Test func `the archive with a damaged deflate stream opens, and its record is refused`() throws
    {
        let file = fixtures.appending(path: "not_checkpoints/zip_damaged_deflate.pth")
        let archive = try open(Array(Data(contentsOf: file)))
        let codes = archive.entries.map { entry in
            do throws(CheckpointError) {
                _ = try archive.contents(of: entry)
                return CheckpointError.Code?.none
            } catch { return error.code }
        }
        #expect(codes.contains(.damagedArchive))
    }
}
