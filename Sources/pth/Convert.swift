import ArgumentParser
import SystemPackage
import TorchCheckpoint

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

            Files of torch before 1.6 are read as well, and written with --format legacy:

              pth convert old.pth new.pth --format zip

            In a safetensors file, tensors have the names of the keys that lead to them, joined by \
            dots; --key starts further in, so that names are those of the model:

              pth convert run.ckpt model.safetensors --key state_dict

            A whole model (torch.save(model)) is written as its state dict. As a checkpoint it is \
            that with --extract-weights, without any class that Python would have to import:

              pth convert yolo.pt yolo.safetensors
              pth convert yolo.pt weights.pth --extract-weights

            Views are written there row-major and without gaps. Numbers and short texts go into \
            the file's metadata; objects of Python classes have no place in it. Tensors that share \
            memory (tied weights) can't be expressed: --shared keep-first writes one and notes the \
            others in the metadata, as Python's save_model does, and converting back restores \
            them; --shared duplicate writes each in full.

            The file appears when it is whole: an old one of its name stays until then, and may be \
            the checkpoint that is read.
            """)

    @OptionGroup var source: FileOptions

    @Argument(help: "The file to write: NAME.safetensors, or NAME.pth.", completion: .file())
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
                "The name of the output says its format: NAME.safetensors, or NAME.pth (.pt, .bin, "
                    + ".ckpt, .tar); '\(output)' says none.")
        }
        guard writesSafetensors || safetensorsOptions.isEmpty else {
            throw ValidationError(
                "--shared, --skip-unsupported and --densify are for NAME.safetensors.")
        }
        let isForCheckpoints = !checkpointOptions.isEmpty || checkpointOptions.keepGlobals
        guard !writesSafetensors || !isForCheckpoints else {
            throw ValidationError(
                "--map-location, --compact, --repack, --format, --extract-weights and "
                    + "--keep-globals are for NAME.pth.")
        }
    }

    func run() throws {
        try reportingErrors(about: source.file) {
            if writesSafetensors {
                try writeSafetensors(input())
            } else {
                try writeCheckpoint()
            }
        }
    }

    private func input() throws -> ConversionInput {
        let input = try ConversionInput(source)
        Interruption.handleSignals()
        return input
    }

    private func writeCheckpoint() throws {
        let metadata = try saveCheckpoint(input())
        // Read once more, because layout and byte order may be others than those of the input, which
        // is not in memory any longer.
        let written = try Checkpoint(contentsOf: FilePath(output))
        try StandardOutput.write("\(output): \(written)".escapingControls)
        let lost = metadata.keys.filter { $0 != "format" }
        ConversionNotes.tellLeftOut(lost.sorted(), "checkpoint of tensors")
    }

    /// - Returns: What the input says besides its tensors.
    private func saveCheckpoint(_ input: ConversionInput) throws -> [String: String] {
        let format = input.checkpoint.format
        let isCopy =
            edits.isEmpty && checkpointOptions.isCopying(format) && input.metadata == nil
        if isCopy { ConversionNotes.tellGlobals(of: input.checkpoint) }
        var edited = input.checkpoint
        if !isCopy { edited = try edits.apply(to: edited, replacingModules: weights(of:)) }
        if checkpointOptions.compact { try edited.compact() }
        let options = checkpointOptions.saveOptions(for: format, isCopy: isCopy)
        try GlobalsAdvice.onSaving {
            try showingProgress { progress in
                try edited.write(to: FilePath(output), options: options, progress: progress)
            }
        }
        return input.metadata ?? [:]
    }

    private func weights(of checkpoint: Checkpoint) throws -> Checkpoint {
        guard checkpointOptions.extractWeights else { return checkpoint }
        let result = try checkpoint.extractingWeights()
        ConversionNotes.tellLeftOut(result.leftOut.map(\.dotted), "file for weights_only=True")
        return result.checkpoint
    }

    private func writeSafetensors(_ input: ConversionInput) throws {
        guard !FilePath(output).isSameFile(as: FilePath(source.file)) else {
            throw CheckpointError(
                .fileSystem, "is the file that is to be converted",
                advice: "Name another file, because not everything in it would be kept"
            ).inFile(output)
        }
        let name = edits.key.last ?? "tensor"
        // Patterns mean the names that are written, not those of a module's fields.
        let edited = try edits.apply(to: input.checkpoint) {
            edits.hasPatterns ? try $0.replacingModules() : $0
        }
        var contents = try KeyAdvice.onMissing(in: edited, from: edits.key) {
            try edited.safetensorsContents(rootName: name)
        }
        if let metadata = input.metadata {
            contents.metadata = .init(uniqueKeysWithValues: metadata.map { ($0, $1) })
        }
        if safetensorsOptions.densify { try contents.densify() }
        if safetensorsOptions.skipUnsupported { contents.leaveOutUnsupported() }
        try contents.checkSupported()
        let written = try write(contents)
        try StandardOutput.write("\(output): \(written)".escapingControls)
        ConversionNotes.tellLeftOut(contents.leftOut, "safetensors file")
    }

    /// Writes a safetensors file.
    ///
    /// - Returns: The tensors that are in it.
    private func write(_ contents: Checkpoint.SafetensorsContents) throws -> StateDict {
        let names = try showingProgress { progress in
            try SafetensorsWriter.write(
                contents.tensors, to: FilePath(output), metadata: contents.metadata,
                sharedStorage: safetensorsOptions.shared ?? .reject, progress: progress
            ).written
        }
        let isWritten = Set(names).contains
        return StateDict(contents.tensors.filter { isWritten($0.key) })
    }

    /// Does what reports its progress, with a bar and an ear for Ctrl-C.
    private func showingProgress<Result>(
        _ body: ((_ written: Int, _ total: Int) throws -> Void) throws -> Result
    ) throws -> Result {
        try Interruption.check()
        var bar = ProgressBar("writing")
        defer { bar.finish() }
        return try body {
            try Interruption.check()
            bar.update($0, of: $1)
        }
    }
}
