import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import TorchCheckpoint

/// Files that are read into memory, and mapped ones that are cut while they are in use.
@Suite struct FileAccessTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func cut(_ path: String, to count: Int = 0) throws {
        try #require(truncate(path, off_t(count)) == 0)
    }

    @Test(arguments: ["zip", "legacy", "tar", "torchscript", "pickle"])
    func `a buffered file is read as a mapped one, and may be cut`(_ format: String) throws {
        let fixtures = Fixture.readable(format)
        #expect(!fixtures.isEmpty)
        for fixture in fixtures {
            let path = try folder.write("copy", fixture.bytes())
            let buffered = try Checkpoint(
                contentsOf: path, options: LoadOptions(fileAccess: .buffered))
            try cut(path)
            let mapped = try Checkpoint(contentsOf: fixture.path)
            let bytes = { (checkpoint: Checkpoint) in
                try checkpoint.serialized(options: SaveOptions(globals: .inert))
            }
            #expect(try bytes(buffered) == bytes(mapped), "\(fixture)")
            #expect(buffered.description == mapped.description)
            let sums = [buffered, mapped].map { checkpoint -> String? in
                do { return try "\(checkpoint.verifyChecksums())" } catch {
                    return (error as? CheckpointError)?.reason
                }
            }
            #expect(sums[0] == sums[1], "\(fixture)")
        }
    }

    @Test func `of a buffered part of a file, that part is read`() throws {
        let bytes = try Fixture.named("torch-2.13.0/view_several_views.pth").bytes()
        let path = try folder.write("outer", [1, 2, 3] + bytes + [4, 5])
        try cut(path, to: 1 << 42)
        let options = LoadOptions(fileAccess: .buffered)
        let checkpoint = try Checkpoint(
            contentsOf: path, range: 3..<(3 + bytes.count), options: options)
        #expect(try checkpoint.tensors().count > 0)
        let error = try thrown { _ = try Checkpoint(contentsOf: path, options: options) }
        #expect(error.code == .outOfMemory && error.path == path)
    }

    @Test func `a buffered safetensors file may be cut`() throws {
        let values = (0..<1000).map(Float.init)
        let path = folder.path("x.safetensors")
        try StateDict(["x": Tensor(values)]).writeSafetensors(to: FilePath(path))
        let files = try [
            SafetensorsFile(contentsOf: FilePath(path), fileAccess: .buffered),
            SafetensorsFile(contentsOf: URL(fileURLWithPath: path), fileAccess: .buffered),
        ]
        try cut(path)
        for file in files { #expect(try file.tensors["x"]?.array() == values) }
    }

    /// A saved checkpoint of a large tensor, and its path.
    private func large() throws -> String {
        let path = folder.path("large.pth")
        try checkpoint(ofEpoch: 3, count: 1 << 20).write(to: path)
        return path
    }

    @Test func `a mapped file that was cut is an error when its tensors are read`() throws {
        let path = try large()
        let checkpoint = try Checkpoint(contentsOf: path)
        let tensor = try #require(try checkpoint["weights"]?.tensor())
        try cut(path, to: 1 << 16)
        let copy = folder.path("copy.pth")
        let ways: [() throws -> Void] = [
            { _ = try tensor.array(of: Float.self) },
            { try tensor.withElements(of: Float.self) { _ in } },
            { _ = try tensor.array(converting: Double.self) },
            { _ = try tensor.rowMajorBytes() },
            { _ = try tensor.statistics() },
            { _ = try tensor.formatted() },
            { _ = try tensor.storage.copied() },
            { _ = try tensor.storage.bytes() },
            { try checkpoint.verifyChecksums() },
            { try checkpoint.write(to: copy) },
            { try checkpoint.write(to: copy, options: SaveOptions(layout: .current)) },
            { try checkpoint.write(to: copy, options: SaveOptions(layout: .legacy)) },
            { try StateDict(["x": tensor]).writeSafetensors(to: FilePath(copy)) },
        ]
        for (place, way) in ways.enumerated() {
            let error = try thrown(way)
            #expect(error.code == .fileSystem, "\(place): \(error)")
            #expect(error.path == path, "\(place): \(error)")
        }
        #expect(try folder.names == ["large.pth"])
    }

    @Test func `a file that was replaced does not matter`() throws {
        let path = try large()
        let checkpoint = try Checkpoint(contentsOf: path)
        try TorchCheckpointTests.checkpoint(ofEpoch: 4).write(to: path)
        #expect(
            try checkpoint["weights"]?.tensor().array() == [Float](repeating: 3, count: 1 << 20))
        #expect(try checkpoint.verifyChecksums() > 0)
        try checkpoint.write(to: path)
        #expect(try Checkpoint(contentsOf: path)["epoch"]?.int == 3)
    }

    @Test func `the look at a folder's files reads no large storage, unless sums are compared`()
        throws
    {
        let path = try large()
        let checkpoint = try Checkpoint(outlineOf: FilePath(path), options: LoadOptions())
        #expect(throws: Never.self) { try checkpoint.checkTensors() }
        // What is asked for is there.
        let tensor = try #require(try checkpoint["weights"]?.tensor())
        #expect(try tensor.array() == [Float](repeating: 3, count: 1 << 20))
        #expect(try checkpoint.verifyChecksums() > 0)
        let other = try Checkpoint(outlineOf: FilePath(path), options: LoadOptions())
        try cut(path, to: 1 << 16)
        #expect(throws: CheckpointError(.fileSystem, "")) { try other.verifyChecksums() }
        #expect(throws: CheckpointError.self) {
            try Checkpoint(outlineOf: FilePath(path), options: LoadOptions())
        }
    }
}
