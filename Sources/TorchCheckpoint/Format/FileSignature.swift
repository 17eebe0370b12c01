import ByteIO
import Pickle

/// What a file is, judged by its contents and never by its name.
enum FileSignature: Equatable {
    case zip
    case tar
    case safetensors
    /// The magic number of torch before 1.6.
    case legacy
    /// The first opcode of a pickle of protocol 2 or later.
    case pickle
    /// Something that people come across in place of a checkpoint, and what to do about it.
    case other(String, advice: String)
    /// Nothing known; perhaps a pickle of protocol 0 or 1.
    case unknown

    /// How many bytes of a file are looked at.
    static let byteCount = 512

    /// Looks at the beginning of a file that fills `region`.
    init(of region: ByteRegion) { self.init(of: region, fileByteCount: region.count) }

    /// Looks at the beginning of a file of which `region` is all, or the first ``byteCount`` bytes.
    init(of region: ByteRegion, fileByteCount: Int) {
        let head = Array(copying: region.bytes.extracting(first: Self.byteCount))
        if head.isEmpty {
            self = .other("is empty", advice: "The download or the save did not finish; repeat it")
        } else if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            self = .zip
        } else if TarHeader.begins(head) {
            self = .tar
        } else if LegacyHeader.begins(region) {
            self = .legacy
        } else if Self.isSafetensors(head, fileSize: fileByteCount) {
            self = .safetensors
        } else if let known = Self.knownStarts.first(where: { $0.matches(head) }) {
            self = .other(known.what, advice: known.advice)
        } else if let text = Self.text(head) {
            self = text
        } else if head.count > 1, head[0] == 0x80, 1...5 ~= head[1] {
            self = .pickle
        } else {
            self = .unknown
        }
    }

    private static func isSafetensors(_ head: [UInt8], fileSize: Int) -> Bool {
        guard head.count > 8, head[8] == UInt8(ascii: "{") else { return false }
        let headerSize = head[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return headerSize <= UInt64(fileSize - 8)
    }

    private struct KnownStart {
        let bytes: [UInt8]
        let what: String
        let advice: String

        init(_ bytes: [UInt8], _ what: String, _ advice: String) {
            self.bytes = bytes
            self.what = what
            self.advice = advice
        }

        func matches(_ head: [UInt8]) -> Bool { head.starts(with: bytes) }
    }

    private static let pageAdvice =
        "The server answered with a page instead of the file; check the address and your login"
    private static let exportAdvice = "Save the model with torch.save and open that file"

    private static let knownStarts = [
        KnownStart(
            Array("version https://git-lfs".utf8), "is a git-lfs pointer, not the file itself",
            "Run 'git lfs pull' in its repository, or download the file itself"),
        KnownStart([0x89, 0x50, 0x4E, 0x47], "is a PNG picture", "Name a checkpoint file"),
        KnownStart([0xFF, 0xD8, 0xFF], "is a JPEG picture", "Name a checkpoint file"),
        KnownStart(Array("%PDF".utf8), "is a PDF document", "Name a checkpoint file"),
        KnownStart([0x1F, 0x8B], "is compressed by gzip", "Unpack it with 'gunzip' first"),
        KnownStart(Array("BZh".utf8), "is compressed by bzip2", "Unpack it with 'bunzip2' first"),
        KnownStart(
            [0xFD, 0x37, 0x7A, 0x58, 0x5A], "is compressed by xz", "Unpack it with 'unxz' first"),
        KnownStart(
            [0x28, 0xB5, 0x2F, 0xFD], "is compressed by zstd", "Unpack it with 'unzstd' first"),
        KnownStart([0x37, 0x7A, 0xBC, 0xAF], "is a 7-Zip archive", "Unpack it first"),
        KnownStart(Array("Rar!".utf8), "is a RAR archive", "Unpack it first"),
        KnownStart([0x89, 0x48, 0x44, 0x46], "is an HDF5 file, perhaps of Keras", exportAdvice),
        KnownStart(Array("GGUF".utf8), "is a GGUF file of llama.cpp", exportAdvice),
        KnownStart([0x93] + Array("NUMPY".utf8), "is a numpy array (.npy)", exportAdvice),
        KnownStart([0x50, 0x4B, 0x05, 0x06], "is a zip archive without entries", exportAdvice),
        KnownStart([0x08], "looks like an ONNX or other protobuf file", exportAdvice),
        KnownStart(
            [0x50, 0x4B], "begins like a zip archive but not with an entry",
            "The file is damaged; fetch it again"),
    ]

    private static func text(_ head: [UInt8]) -> FileSignature? {
        let start = String(decoding: head.prefix(256), as: UTF8.self)
            .drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
        if start.hasPrefix("<!doctype") || start.hasPrefix("<html") || start.hasPrefix("<?xml") {
            return .other("is an HTML or XML page, not a checkpoint", advice: pageAdvice)
        }
        if start.hasPrefix("{\"") || start.hasPrefix("{\n") || start.hasPrefix("[{") {
            return .other("is JSON text", advice: "Name the file that holds the weights")
        }
        return nil
    }
}
