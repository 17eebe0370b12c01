public import ArgumentParser
import SystemPackage
public import TorchCheckpoint

/// `pth convert`: write a checkpoint again, changed or in another format.
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Convert between checkpoints and safetensors, or rewrite a checkpoint.",
        discussion: """
            The name of the output decides: NAME.safetensors is a safetensors file; NAME.pth, .pt, \
            .bin, .ckpt or .tar is a checkpoint. The input may be either.

            A checkpoint that is written as a checkpoint without options is an exact copy. With \
            options, it differs where they change it, and all other storages keep their bytes:

              pth convert run.ckpt model.pth --key state_dict --rename 'module.*=*'
              pth convert gpu.pth cpu.pth --map-location cpu
              pth convert model.pth half.pth --dtype bfloat16 --compact

            In a safetensors file, tensors have the names of the keys that lead to them, joined by \
            dots; --key starts further in, so that names are those of the model:

              pth convert run.ckpt model.safetensors --key state_dict

            Views are written there row-major and without gaps. Numbers and short texts go into \
            the file's metadata; objects of Python classes have no place in it. Tensors that share \
            memory (tied weights) can't be expressed: --shared keep-first writes one and notes the \
            others in the metadata, as Python's save_model does, and converting back restores \
            them; --shared duplicate writes each in full.
            """)

    @OptionGroup var source: FileOptions

    @Argument(
        help: "The file to write: NAME.safetensors, or NAME.pth.", completion: .file())
    var output: String

    @OptionGroup var edits: EditOptions

    @OptionGroup(title: "Options for checkpoints")
    var checkpointOptions: CheckpointOptions

    @OptionGroup(title: "Options for safetensors")
    var safetensorsOptions: SafetensorsOptions

    private var writesSafetensors: Bool { FilePath(output).extension == "safetensors" }

    private static let checkpointExtensions = ["pth", "pt", "bin", "ckpt", "tar"]

    func validate() throws {
        let isKnown =
            FilePath(output).extension.map(Self.checkpointExtensions.contains) ?? false
        guard writesSafetensors || isKnown else {
            throw ValidationError(
                "The name of the output says its format: NAME.safetensors or NAME.pth.")
        }
        guard writesSafetensors || safetensorsOptions.isEmpty else {
            throw ValidationError("--shared and --skip-unsupported are for NAME.safetensors.")
        }
        let isForCheckpoints = !checkpointOptions.isEmpty || checkpointOptions.keepGlobals
        guard !writesSafetensors || !isForCheckpoints else {
            throw ValidationError(
                "--map-location, --compact, --repack and --keep-globals are for NAME.pth.")
        }
    }

    func run() throws {
        try reportingErrors(about: source.file) {
            let (checkpoint, isSafetensors) = try source.openAny()
            Interruption.handleSignals()
            if writesSafetensors {
                try writeSafetensors(edits.apply(to: checkpoint))
            } else {
                try writeCheckpoint(checkpoint, isConverted: isSafetensors)
            }
        }
    }

    private func writeCheckpoint(_ checkpoint: Checkpoint, isConverted: Bool) throws {
        let isCopy = edits.isEmpty && checkpointOptions.isEmpty && !isConverted
        if isCopy { warnOfGlobals(in: checkpoint) }
        var edited = try isCopy ? checkpoint : edits.apply(to: checkpoint)
        if checkpointOptions.compact { try edited.compact() }
        let options = checkpointOptions.saveOptions(isCopy: isCopy)
        var bar = ProgressBar("writing")
        defer { bar.finish() }
        try edited.write(to: FilePath(output), options: options) {
            try Interruption.check()
            bar.update($0, of: $1)
        }
        bar.finish()
        try StandardOutput.write("\(output): \(edited)".escapingControls)
    }

    private func writeSafetensors(_ checkpoint: Checkpoint) throws {
        guard !FilePath(output).isSameFile(as: FilePath(source.file)) else {
            throw CheckpointError(
                .fileSystem, "is the file that is to be converted",
                advice: "Name another file, because not everything in it would be kept"
            ).inFile(output)
        }
        let name = edits.key.last ?? "tensor"
        var contents = try checkpoint.safetensorsContents(rootName: name)
        if safetensorsOptions.skipUnsupported { contents.leaveOutUnsupported() }
        try report(contents, write(contents))
    }

    private func write(_ contents: Checkpoint.SafetensorsContents) throws -> [String] {
        var bar = ProgressBar("writing")
        defer { bar.finish() }
        return try SafetensorsWriter.write(
            contents.tensors, to: FilePath(output), metadata: contents.metadata,
            sharedStorage: safetensorsOptions.shared
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

    // A copy adds no danger to what is there already, but whoever gets it should know.
    private func warnOfGlobals(in checkpoint: Checkpoint) {
        let names = checkpoint.graph.globalNames.filter { !GlobalPolicy.weightsOnly.accepts($0) }
        guard !names.isEmpty else { return }
        let list = names.prefix(5).map(\.description).joined(separator: ", ").escapingControls
        StandardError.write(
            "pth: note: the copy names what torch.load(weights_only=True) refuses: "
                + list + (names.count > 5 ? ", …" : ""))
    }
}

/// How a safetensors file is written, when the output is one.
struct SafetensorsOptions: ParsableArguments {
    @Option(help: "What to do with tensors that share memory: reject, keep-first or duplicate.")
    var shared = SharedStoragePolicy.reject

    @Flag(help: "Leave out tensors of dtypes that safetensors does not have, and name them.")
    var skipUnsupported = false

    /// Whether nothing was asked for.
    var isEmpty: Bool { shared == .reject && !skipUnsupported }
}

extension SharedStoragePolicy: ExpressibleByArgument {}
