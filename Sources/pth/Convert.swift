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

    func validate() throws {
        guard FilePath(output).extension == "safetensors" else {
            throw ValidationError("The output is a safetensors file; name it NAME.safetensors.")
        }
    }

    func run() throws {
        try reportingErrors(about: source.file) {
            let checkpoint = try source.open()
            let contents = try checkpoint.safetensorsContents(at: checkpoint.path(from: key))
            var bar = ProgressBar("writing")
            try SafetensorsWriter.write(
                contents.tensors, to: FilePath(output), metadata: contents.metadata,
                sharedStorage: shared
            ) { bar.update($0, of: $1) }
            bar.finish()
            try report(contents)
        }
    }

    private func report(_ contents: Checkpoint.SafetensorsContents) throws {
        try StandardOutput.write("\(output.escapingControls): \(StateDict(contents.tensors))")
        guard !contents.leftOut.isEmpty else { return }
        let names = contents.leftOut.prefix(5).joined(separator: ", ").escapingControls
        let more = contents.leftOut.count > 5 ? ", …" : ""
        StandardError.write(
            "pth: \(contents.leftOut.count) values have no place in a safetensors file: "
                + names + more)
    }
}

extension SharedStoragePolicy: ExpressibleByArgument {}
