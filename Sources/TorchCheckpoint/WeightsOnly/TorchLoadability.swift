import ByteIO
public import SystemPackage

/// What `torch.load` of torch 2.13 does with a file, found out without Python and without running
/// anything.
///
///     let loadability = try TorchLoadability(contentsOf: "model.pth")
///     if case .refused(let error) = loadability.weightsOnly { print(error) }
///
/// It holds for a machine that has the devices that tensors are tagged with; without them, add
/// `map_location="cpu"`. Where this library is stricter than torch, so is this:
/// `Specs/weights-only.md`.
public struct TorchLoadability: Sendable {
    /// What becomes of the file.
    public enum Outcome: Sendable {
        /// torch loads what the file says.
        case loads
        /// torch raises an exception.
        case refused(CheckpointError)
        /// torch raises none, and gives elements that are not those in the file.
        case misread(String)

        /// Whether torch loads what the file says.
        public var isLoaded: Bool { if case .loads = self { true } else { false } }
    }

    /// What `torch.load(path)` does, which since torch 2.6 is `torch.load(path, weights_only=True)`.
    public let weightsOnly: Outcome
    /// What `torch.load(path, mmap=True)` does, with `weights_only=True`, too.
    public let memoryMapped: Outcome

    /// Looks at the checkpoint at `path`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - policy: Which names are accepted; other ones are added to it as by
    ///     `torch.serialization.add_safe_globals`.
    /// - Throws: ``CheckpointError/Code/fileSystem`` when the file can't be read. All else that is
    ///   wrong with it is an outcome.
    /// - Complexity: O(*n*) in the size of the pickle and the number of records; no tensor is read.
    public init(contentsOf path: FilePath, policy: GlobalPolicy = .weightsOnly) throws {
        try self.init(contentsOf: path, options: LoadOptions(globals: policy))
    }

    /// Looks at the checkpoint at `path`, with limits of one's own.
    init(contentsOf path: FilePath, options: LoadOptions) throws(CheckpointError) {
        do throws(CheckpointError) {
            let contents = try CheckpointContents(contentsOf: path, options: options)
            weightsOnly = .loads
            memoryMapped = contents.memoryMapped
        } catch  where error.code == .fileSystem {
            throw error
        } catch {
            weightsOnly = .refused(error)
            // Mapped, nobody compares the sizes.
            let isSize = error.underlying is StorageSizeMismatch
            memoryMapped = isSize ? .misread(error.reason) : .refused(error)
        }
    }
}

/// That a storage has another size than a pickle says, as the cause of an error.
struct StorageSizeMismatch: Error {}

extension CheckpointContents {
    /// What mapping the file does, when it is loaded otherwise.
    fileprivate var memoryMapped: TorchLoadability.Outcome {
        guard let records = source.records else {
            return .refused(
                CheckpointError(
                    .refusedByWeightsOnly, "torch.load(mmap=True) takes zip archives only",
                    advice: "Save it again with the zip layout"
                ).inFile(source.filePath))
        }
        let names = storages.recordNames
        let deflated = records.archive.entries.first {
            $0.compression == .deflated
                && names.contains(String($0.name.dropFirst(records.folder.count)))
        }
        guard let deflated else { return .loads }
        return .misread(
            "'\(deflated.name)' is deflated, and torch.load(mmap=True) takes the compressed bytes "
                + "for elements")
    }
}
