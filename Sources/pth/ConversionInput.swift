import SystemPackage
import TorchCheckpoint

/// What is converted: a checkpoint, or a safetensors file as a checkpoint of its tensors.
struct ConversionInput {
    let checkpoint: Checkpoint
    /// The metadata of a safetensors file, without notes that stand for tensors; nil for a
    /// checkpoint.
    let metadata: [String: String]?

    init(_ source: FileOptions) throws {
        guard try FileFormat(ofFileAt: FilePath(source.file)) == .safetensors else {
            (checkpoint, metadata) = try (source.open(), nil)
            return
        }
        let file = try SafetensorsFile(
            contentsOf: FilePath(source.file), fileAccess: source.access.fileAccess)
        checkpoint = try Checkpoint(file)
        metadata = file.metadata.filter { file.standIns[$0.key] == nil }
    }
}
