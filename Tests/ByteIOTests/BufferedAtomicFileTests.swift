import ByteIO
import Foundation
import SystemPackage
import Testing

@Suite struct BufferedAtomicFileTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `pieces of any size come out in their order`(_ seed: UInt64) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "buffered-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("out").path
        // Around a quarter of the buffer and the whole of it, where the writer changes its ways.
        let sizes = [
            0, 1, 100, 262_143, 262_144, 262_145, 700_000, 1_048_575, 1_048_577, 3_000_000,
        ]
        var state = seed
        var expected: [UInt8] = []
        var file = try BufferedAtomicFile(replacing: FilePath(path))
        for _ in 0..<12 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let size = sizes[Int(state >> 33) % sizes.count]
            let piece = [UInt8](repeating: UInt8(truncatingIfNeeded: state >> 20), count: size)
            try file.write(piece.span.bytes)
            expected += piece
        }
        try file.commit()
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == expected, "seed \(seed)")
    }
}
