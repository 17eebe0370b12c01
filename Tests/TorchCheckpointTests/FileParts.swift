import ByteIO
import TestSupport
import TorchCheckpoint
import ZipArchive

/// A file taken apart, so that a changed part makes a whole file again: with checksums and sizes
/// that fit, which a change of single bytes would not leave.
struct FileParts {
    /// A record, a member, or one of the pickles that a file begins with.
    struct Part {
        let name: String
        var bytes: [UInt8]
    }

    private enum Container {
        case zip, tar, sequence
    }

    private let container: Container
    var parts: [Part]

    /// Takes a file of any format apart.
    init(_ bytes: [UInt8]) throws {
        if bytes.starts(with: [0x50, 0x4B, 3, 4]) {
            container = .zip
            let archive = try ZipArchive(ByteRegion(copying: bytes))
            parts = try archive.entries.sorted { $0.headerOffset < $1.headerOffset }.map { entry in
                Part(name: entry.name, bytes: try archive.contents(of: entry).copyBytes())
            }
        } else if bytes.count > 262, bytes[257..<262].elementsEqual("ustar".utf8) {
            container = .tar
            parts = Self.members(bytes)
        } else {
            container = .sequence
            parts = Self.pickles(bytes)
        }
    }

    /// The whole file.
    func assembled() throws -> [UInt8] {
        switch container {
        case .sequence: return Array(parts.map(\.bytes).joined())
        case .tar: return parts.flatMap(Self.member) + [UInt8](repeating: 0, count: 1024)
        case .zip: return try archive()
        }
    }

    private func archive() throws -> [UInt8] {
        var writer = ZipArchiveWriter(MemorySink())
        for part in parts {
            let contents = try ByteRegion(copying: part.bytes)
            try writer.write(part.name, contents.bytes)
        }
        return try writer.finish().bytes
    }

    /// The pickles that the bytes begin with, and what follows them.
    private static func pickles(_ bytes: [UInt8]) -> [Part] {
        var parts: [Part] = []
        var rest = bytes[...]
        while parts.count < 5, let pickle = PickleMutator(rest) {
            parts.append(Part(name: "pickle", bytes: pickle.bytes))
            rest = rest.dropFirst(pickle.byteCount)
        }
        return rest.isEmpty ? parts : parts + [Part(name: "rest", bytes: Array(rest))]
    }

    // A tar is headers of 512 bytes, each with contents that are filled up to 512.
    private static func members(_ bytes: [UInt8]) -> [Part] {
        var parts: [Part] = []
        var offset = 0
        while offset + 512 <= bytes.count, bytes[offset] != 0 {
            let header = bytes[offset..<offset + 512]
            let name = String(decoding: header.prefix { $0 != 0 }, as: UTF8.self)
            let octal = String(decoding: header.dropFirst(124).prefix(11), as: UTF8.self)
            let count = min(Int(octal, radix: 8) ?? 0, bytes.count - offset - 512)
            parts.append(Part(name: name, bytes: Array(bytes[offset + 512..<offset + 512 + count])))
            offset += 512 + (count + 511) / 512 * 512
        }
        return parts
    }

    private static func member(_ part: Part) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(String(part.name.prefix(99)), at: 0)
        put("0000644", at: 100)
        put(octal(part.bytes.count, 11), at: 124)
        put("        0", at: 148)
        put("ustar\u{0}00", at: 257)
        put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", at: 148)
        let padding = [UInt8](repeating: 0, count: (512 - part.bytes.count % 512) % 512)
        return header + part.bytes + padding
    }

    private static func octal(_ value: Int, _ width: Int) -> String {
        let digits = String(value, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension FileParts {
    /// Makes one change to one part.
    mutating func mutate(using random: inout SeededGenerator) {
        let pickles = parts.indices.filter { PickleMutator(parts[$0].bytes) != nil }
        switch Int.random(in: 0..<16, using: &random) {
        case 0: mutateBytes(using: &random)
        case 1: cut(using: &random)
        case 2: parts.remove(at: Int.random(in: parts.indices, using: &random))
        default:
            guard let place = pickles.randomElement(using: &random),
                var pickle = PickleMutator(parts[place].bytes)
            else { return mutateBytes(using: &random) }
            let rest = parts[place].bytes.dropFirst(pickle.byteCount)
            for _ in 0..<Int.random(in: 1...3, using: &random) { pickle.mutate(using: &random) }
            parts[place].bytes = pickle.bytes + rest
        }
    }

    private mutating func mutateBytes(using random: inout SeededGenerator) {
        let place = Int.random(in: parts.indices, using: &random)
        guard !parts[place].bytes.isEmpty else { return }
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let offset = Int.random(in: parts[place].bytes.indices, using: &random)
            let extremes: [UInt8] = [0, 0x7F, 0x80, 0xFF]
            parts[place].bytes[offset] =
                Bool.random(using: &random)
                ? UInt8.random(in: 0...255, using: &random)
                : extremes.randomElement(using: &random) ?? 0
        }
    }

    private mutating func cut(using random: inout SeededGenerator) {
        let place = Int.random(in: parts.indices, using: &random)
        let count = Int.random(in: 0...parts[place].bytes.count, using: &random)
        if Bool.random(using: &random) {
            parts[place].bytes = Array(parts[place].bytes.prefix(count))
        } else {
            parts[place].bytes += parts[place].bytes.prefix(count)
        }
    }
}
