import ByteIO
public import SystemPackage

/// The formats of checkpoint that can be told apart.
public enum FileFormat: String, Sendable {
    /// The zip archive that `torch.save` has written since torch 1.6.
    case zip
    /// The sequence of pickles that `torch.save` wrote before torch 1.6.
    case legacy
    /// The tar archive of torch 0.1.
    case tar
    /// A zip archive of `torch.jit.save`.
    case torchscript
    /// A safetensors file.
    case safetensors
    /// A pickle without an archive around it.
    case pickle
}

extension FileFormat {
    /// The format of the file at a path, as far as its first bytes show; nil for none of them.
    ///
    /// An archive is taken for ``zip`` without looking inside, and a file that begins like a pickle
    /// for ``pickle``.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    /// - Complexity: O(1).
    public init?(ofFileAt path: FilePath) throws {
        let signature: FileSignature
        do {
            let (head, byteCount) = try ByteRegion.head(
                FileSignature.byteCount, ofFileAt: path)
            signature = FileSignature(of: head, fileByteCount: byteCount)
        } catch {
            throw error.inFile(path.string)
        }
        self.init(signature)
    }

    /// The format that a file begins like, or nil for none of them.
    init?(_ signature: FileSignature) {
        switch signature {
        case .zip: self = .zip
        case .tar: self = .tar
        case .legacy: self = .legacy
        case .safetensors: self = .safetensors
        case .pickle: self = .pickle
        case .other, .unknown: return nil
        }
    }
}
