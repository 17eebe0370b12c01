import ByteIO
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Pickle

/// Sizes and numbers in instructions at and around the largest of 31, 32, 63 and 64 bits.
@Suite struct SizeTests {
    private static func counts(_ width: Int) -> [UInt64] {
        let all: [UInt64] = [
            127, 128, 255, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 63) - 1, 1 << 63,
            .max,
        ]
        return all.filter { width == 8 || $0 < 1 << (8 * width) }
    }

    private static func argument(_ count: UInt64, _ width: Int) -> [UInt8] {
        Array(little(count).prefix(width))
    }

    // Opcode and the width of its count.
    @Test(
        arguments: [
            (0x55, 1), (0x8A, 1), (0x43, 1), (0x8C, 1), (0x54, 4), (0x58, 4), (0x8B, 4), (0x42, 4),
            (0x8D, 8), (0x8E, 8), (0x96, 8),
        ] as [(UInt8, Int)])
    func `a count of bytes is read if they are there, and refused if one is missing`(
        _ opcode: UInt8, _ width: Int
    ) throws {
        for count: UInt64 in [0, 1, 100] {
            let contents = [UInt8](repeating: 0x61, count: Int(count))
            let pickle = [opcode] + Self.argument(count, width) + contents
            #expect(failure(pickle + [0x2E]) == nil, "\(opcode), \(count)")
            guard count > 0 else { continue }
            let error = failure(pickle.dropLast())
            #expect(error?.code == .truncated && error?.offset == 1 + width, "\(opcode), \(count)")
        }
        for count in Self.counts(width) {
            let error = failure([opcode] + Self.argument(count, width) + [0x61, 0x2E])
            #expect(error?.code == .truncated && error?.offset == 1 + width, "\(opcode), \(count)")
        }
    }

    @Test(arguments: counts(8))
    func `a frame longer than the pickle is refused`(_ count: UInt64) {
        let error = failure([0x80, 4, 0x95] + little(count) + bytes("N."))
        #expect(error?.code == .truncated && error?.offset == 2)
        #expect(failure([0x80, 4, 0x95] + little(UInt64(2)) + bytes("N.")) == nil)
    }

    @Test(arguments: [0, 1, (1 << 31) - 1, 1 << 31, .max] as [UInt32])
    func `a memo slot has any number of 32 bits, and is not taken for another`(_ slot: UInt32)
        throws
    {
        // K7, put, pop, get.
        let pickle = [0x4B, 7, 0x72] + little(slot) + [0x30, 0x6A] + little(slot) + [0x2E]
        let graph = try PickleGraph(parsing: pickle)
        #expect(graph.integer(graph.root) == 7)
        let other =
            [0x4B, 7, 0x72] + little(slot) + [0x30, 0x6A] + little(slot ^ 0x8000_0000) + [0x2E]
        #expect(failure(other)?.code == .unknownMemoSlot)
    }

    /// A pickle of one `bytes` object that is a hole in a file.
    private func hole(_ count: Int, width: Int, in folder: TemporaryFolder) throws -> ByteRegion {
        let opcode: UInt8 = width == 8 ? 0x8E : 0x42
        let head = [0x80, 4, opcode] + Self.argument(UInt64(count), width)
        let path = FilePath(try folder.write("hole.pkl", head))
        let file = try FileDescriptor.open(path, .writeOnly)
        try file.closeAfter {
            _ = try file.writeAll(toAbsoluteOffset: Int64(head.count + count), [0x2E])
        }
        return try ByteRegion(mapping: path)
    }

    @Test(arguments: [(1 << 31) - 1, 1 << 31, (1 << 32) - 13], [4, 8])
    func `bytes of 2³¹ and more are read when the limit is raised`(_ count: Int, _ width: Int)
        throws
    {
        let folder = try TemporaryFolder()
        var limits = PickleLimits.default
        limits.bytes = .max
        limits.textBytes = .max
        let graph = try PickleGraph(
            parsing: hole(count, width: width, in: folder), limits: limits)
        #expect(graph.withBytes(of: graph.root) { $0.byteCount } == count)
    }

    @Test func `a pickle of 2 GiB is read, one of a byte more is refused, and one of 4 GiB always`()
        throws
    {
        let folder = try TemporaryFolder()
        var limits = PickleLimits.default
        limits.textBytes = .max
        let rest = 12
        let region = try hole((1 << 31) - rest, width: 8, in: folder)
        #expect(region.count == PickleLimits.default.bytes)
        #expect(throws: Never.self) { try PickleGraph(parsing: region, limits: limits) }
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try PickleGraph(
                parsing: hole((1 << 31) - rest + 1, width: 8, in: folder), limits: limits)
        }
        limits.bytes = .max
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try PickleGraph(parsing: hole((1 << 32) - rest, width: 8, in: folder), limits: limits)
        }
    }
}
