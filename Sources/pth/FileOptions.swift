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

    func open() throws -> Checkpoint {
        let options = LoadOptions(globals: weightsOnly ? .weightsOnly : .inert)
        return try GlobalsAdvice.onLoading {
            try Checkpoint(contentsOf: FilePath(file), options: options)
        }
    }
}
