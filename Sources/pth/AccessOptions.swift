import ArgumentParser
import TorchCheckpoint

/// How a command reads files.
struct AccessOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Read the file into memory instead of mapping it.",
            discussion: "For one that others may cut or overwrite meanwhile, or on a failing disk.")
    )
    var buffered = false

    var fileAccess: FileAccess { buffered ? .buffered : .mapped }
}
