public import ArgumentParser
import SystemPackage
public import TorchCheckpoint

/// `pth convert`: write a checkpoint's tensors in another format.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Convert a checkpoint to safetensors.",
        discussion: """
            Writes all tensors, named by the keys that lead to them, joined by dots; --key starts \
            further in, so that names are those of the model:

              pth convert run.ckpt model.safetensors --key state_dict

            Views are written row-major and without gaps. Numbers and short texts go into the \
            file's metadata; objects of Python classes have no place in a safetensors file.

            Tensors that share memory (tied weights) can't be expressed: --shared keep-first writes \
            one and notes the others in the metadata, as Python's save_model does; --shared \
            duplicate writes each in full.
            """)

    @OptionGroup var source: FileOptions

    @Argument(help: "The file to write: NAME.safetensors.", completion: .file())
    var output: String

    @Option(
        name: .long,
        help: "Start at this key; repeat it for each level further in.")
    var key: [String] = []

    @Option(help: "What to do with tensors that share memory: reject, keep-first or duplicate.")
    var shared = SharedStoragePolicy.reject

    @Flag(help: "Leave out tensors of dtypes that safetensors does not have, and name them.")
    var skipUnsupported = false

    func validate() throws {
        guard FilePath(output).extension == "safetensors" else {
            throw ValidationError("The output is a safetensors file; name it NAME.safetensors.")
        }
    }

    func run() throws {
        try reportingErrors(about: source.file) {
            guard !FilePath(output).isSameFile(as: FilePath(source.file)) else {
                throw CheckpointError(
                    .fileSystem, "is the file that is to be converted",
                    advice: "Name another file, because not everything in it would be kept"
                ).inFile(output)
            }
            let checkpoint = try source.open()
            var contents = try checkpoint.safetensorsContents(at: checkpoint.path(from: key))
            if skipUnsupported { contents.leaveOutUnsupported() }
            try report(contents, write(contents))
        }
    }

    private func write(_ contents: Checkpoint.SafetensorsContents) throws -> [String] {
        Interruption.handleSignals()
        var bar = ProgressBar("writing")
        defer { bar.finish() }
        return try SafetensorsWriter.write(
            contents.tensors, to: FilePath(output), metadata: contents.metadata,
            sharedStorage: shared
        ) {
            try Interruption.check()
            bar.update($0, of: $1)
        }.written
    }

    private func report(
        _ contents: Checkpoint.SafetensorsContents, _ names: [String]
    ) throws {
        let isWritten = Set(names).contains
        let written = StateDict(contents.tensors.filter { isWritten($0.key) })
        try StandardOutput.write("\(output): \(written)".escapingControls)
        guard !contents.leftOut.isEmpty else { return }
        let names = contents.leftOut.prefix(5).joined(separator: ", ").escapingControls
        let more = contents.leftOut.count > 5 ? ", …" : ""
        StandardError.write(
            "pth: \(contents.leftOut.count) values have no place in a safetensors file: "
                + names + more)
    }
}

extension SharedStoragePolicy: ExpressibleByArgument {}
