import ArgumentParser
import SystemPackage
import TorchCheckpoint

/// The checkpoint that a command reads, and how.
struct FileOptions: ParsableArguments {
    @Argument(help: "The checkpoint.", completion: .file())
    var file: String

    @Flag(
        name: .customLong("weights-only"),
        help: "Refuse what torch.load(weights_only=True) of torch 2.13 refuses by name.")
    var weightsOnly = false

    /// Opens a checkpoint, or a safetensors file as a checkpoint of its tensors.
    func openAny() throws -> (checkpoint: Checkpoint, isSafetensors: Bool) {
        guard try FileFormat(ofFileAt: FilePath(file)) == .safetensors else {
            return try (open(), false)
        }
        return try (Checkpoint(SafetensorsFile(contentsOf: FilePath(file))), true)
    }

    func open() throws -> Checkpoint {
        let options = LoadOptions(globals: weightsOnly ? .weightsOnly : .inert)
        return try Checkpoint(contentsOf: FilePath(file), options: options)
    }
}
