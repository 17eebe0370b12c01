public import ArgumentParser
import SystemPackage
public import TorchCheckpoint

/// The checkpoint that a command reads, and how.
struct FileOptions: ParsableArguments {
    @Argument(help: "The checkpoint.", completion: .file())
    var file: String

    @Flag(
        name: .customLong("weights-only"),
        help: "Refuse what torch.load(weights_only=True) of torch 2.13 refuses.")
    var weightsOnly = false

    @Option(
        help: """
            What the strings of Python 2 are, as for torch.load: \
            \(PickleEncoding.allCases.map(\.rawValue).joined(separator: ", ")).
            """)
    var encoding = PickleEncoding.utf8

    @OptionGroup var access: AccessOptions

    var loadOptions: LoadOptions {
        LoadOptions(
            globals: weightsOnly ? .weightsOnly : .inert, encoding: encoding,
            fileAccess: access.fileAccess)
    }

    func open() throws -> Checkpoint {
        try GlobalsAdvice.onLoading {
            try Checkpoint(contentsOf: FilePath(file), options: loadOptions)
        }
    }
}

extension PickleEncoding: ExpressibleByArgument {}
