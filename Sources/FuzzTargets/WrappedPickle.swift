import ByteIO
import Pickle
import ZipArchive

/// An archive around a pickle, so that bytes of the pickle can be changed and nothing else.
enum WrappedPickle {
    /// The archive, with a record for each storage that the pickle refers to.
    static func archive(of pickle: [UInt8]) -> [UInt8] {
        let records =
            [("archive/data.pkl", pickle), ("archive/byteorder", Array("little".utf8))]
            + storages(of: pickle)
        return attempt {
            var writer = ZipArchiveWriter(MemorySink())
            for (name, bytes) in records {
                let contents = try ByteRegion(copying: bytes)
                try writer.write(name, contents.bytes)
            }
            return try writer.finish().bytes
        } ?? []
    }

    /// Whether the bytes begin as an archive, a tar or a legacy file does.
    static func isWholeFile(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: "PK".utf8) || bytes.starts(with: LegacyPrefix.bytes.prefix(15))
            || bytes.dropFirst(257).starts(with: "ustar".utf8)
    }

    private static func storages(of pickle: [UInt8]) -> [(String, [UInt8])] {
        guard let graph = try? PickleGraph(parsing: pickle) else { return [] }
        var sizes: [String: Int] = [:]
        for load in graph.persistentLoads.prefix(64) {
            guard let parts = graph.persistentID(load).flatMap(graph.items), parts.count >= 5,
                let key = graph.string(parts[parts.startIndex + 2]), key.utf8.count < 64,
                let count = graph.integer(parts[parts.startIndex + 4])
            else { continue }
            let name = graph.global(parts[parts.startIndex + 1])?.name ?? ""
            let (size, overflows) = count.multipliedReportingOverflow(by: itemSizes[name] ?? 1)
            sizes[key.lowercased()] = overflows ? 64 : min(max(size, 0), 1 << 14)
        }
        return sizes.sorted { $0.key < $1.key }.map { key, size in
            ("archive/data/\(key)", (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 37) })
        }
    }

    private static let itemSizes = [
        "DoubleStorage": 8, "FloatStorage": 4, "HalfStorage": 2, "BFloat16Storage": 2,
        "LongStorage": 8, "IntStorage": 4, "ShortStorage": 2, "ComplexDoubleStorage": 16,
        "ComplexFloatStorage": 8, "QInt32Storage": 4,
    ]
}
