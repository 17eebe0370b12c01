import ByteIO
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ZipArchive

/// What torch has written is written again, byte for byte.
struct RewritingTests {
    /// The fixtures that torch's own writer made: Python's says 20 where torch says 0.
    private static let byTorch = ZipFixture.all.filter { fixture in
        guard let bytes = try? fixture.bytes(), bytes[4] == 0, let archive = try? open(bytes)
        else { return false }
        let isStored = archive.entries.allSatisfy { $0.compression == .stored }
        return isStored && !fixture.path.hasSuffix("/container_trailing_bytes.pth")
    }

    @Test func `there are archives of every torch`() {
        #expect(Self.byTorch.count > 300)
        let folders = Set(Self.byTorch.compactMap { $0.path.split(separator: "/").first })
        #expect(folders.isSuperset(of: ["torch-1.13.1", "torch-2.1.2", "torch-2.6.0"]))
        for name in ["container_crc_off", "container_alignment_4096", "container_big_endian"] {
            #expect(Self.byTorch.contains { $0.path.hasSuffix("/\(name).pth") })
        }
    }

    @Test(arguments: byTorch)
    func `an archive of torch that is taken apart and written again is the same`(
        _ fixture: ZipFixture
    ) throws {
        let bytes = try fixture.bytes()
        let archive = try open(bytes)
        let computesChecksums = archive.entries.contains { $0.crc32 != 0 }
        let copy = try archive.rewritten(
            to: MemorySink(), alignment: archive.alignment, computesChecksums: computesChecksums)
        #expect(copy.bytes == bytes)
    }
}

/// Numbers that do not fit 32 bits, in archives of torch whose contents are holes in a file.
struct LargeArchiveTests {
    /// The sizes of the storages of each archive.
    private static let sizes = [
        [4_294_967_294], [4_294_967_295], [4_294_967_296], [4_294_967_295, 16, 0, 3],
        [2_200_000_000, 2_200_000_000, 7, 0], [5_000_000_000, 4_294_967_294, 4_294_967_295, 1],
    ]

    /// Has torch save storages of such sizes, and then two of which the second one's header begins
    /// just before, at and after the largest number of 32 bits.
    private static let script = """
        import json, sys, torch, zipfile
        from torch.serialization import skip_data

        def save(name, sizes):
            path = f"{sys.argv[1]}/{name}.pth"
            with skip_data():
                torch.save([torch.empty(n, dtype=torch.uint8) for n in sizes], path)
            return zipfile.ZipFile(path)

        for index, sizes in enumerate(json.loads(sys.argv[2])):
            save(f"sizes{index}", sizes)
        guess = 4294900000
        offset = save("offset0", [guess, 5]).getinfo("offset0/data/1").header_offset
        for excess in range(-2, 2):
            save(f"offset{excess}", [guess + 0xFFFFFFFF + excess - offset, 5])
        """

    private static let folder = Result {
        let folder = try TemporaryFolder()
        let outcome = try TorchPython.run(code: script, [folder.path, "\(sizes)"])
        try #require(outcome.status == 0, "\(outcome.error)")
        return folder
    }

    @Test(arguments: sizes.indices)
    func `sizes and offsets beyond 4 GiB are written as torch writes them`(
        _ index: Int
    ) throws {
        let entries = try expectSame("sizes\(index)").entries
        let storages = entries.filter { $0.name.contains("/data/") }
        #expect(storages.map(\.byteCount) == Self.sizes[index])
    }

    // Where the header begins decides on the form of its fields.
    @Test(arguments: [-2, -1, 0, 1])
    func `an offset around the largest of 32 bits is written as torch writes it`(
        _ excess: Int
    ) throws {
        let name = "offset\(excess)"
        let entry = try expectSame(name).entry(named: "\(name)/data/1")
        #expect(entry?.headerOffset == Int(UInt32.max) + excess)
    }

    private func expectSame(_ name: String) throws -> ZipArchive {
        let path = try Self.folder.get().path(name + ".pth")
        let archive = try ZipArchive(ByteRegion(mapping: FilePath(path)))
        // torch does not look at what it skips, and takes 0 for its checksum.
        let sink = try archive.rewritten(to: ComparingSink(archive.region), knowsChecksums: true)
        #expect(sink.firstDifference == nil)
        #expect(sink.position == archive.region.count)
        return archive
    }
}

/// Holds what is written against the bytes that are expected, without keeping it.
private struct ComparingSink: ByteSink {
    private let expected: ByteRegion
    private(set) var position = 0
    private(set) var firstDifference: Int?

    init(_ expected: ByteRegion) { self.expected = expected }

    mutating func write(_ bytes: RawSpan) throws(CheckpointError) {
        let part = try expected.slice(at: position, count: bytes.byteCount)
        // Contents come from the very file; what matters is that they are in their place.
        let isSame = bytes.isIdentical(to: part.bytes) || bytes.isEqual(to: part.bytes)
        if !isSame, firstDifference == nil { firstDifference = position }
        position += bytes.byteCount
    }
}

extension RawSpan {
    fileprivate func isEqual(to other: RawSpan) -> Bool {
        withUnsafeBytes { bytes in other.withUnsafeBytes { bytes.elementsEqual($0) } }
    }
}
