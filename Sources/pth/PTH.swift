import ArgumentParser
import TorchCheckpoint

/// The command line: arguments, tables and exit codes; what it does is in the library.
@main
struct PTH: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pth",
        abstract: "Look into PyTorch checkpoints and convert them, without Python.",
        discussion: """
            A checkpoint is what torch.save wrote, whatever its extension (.pth, .pt, .bin, \
            .ckpt). Nothing in it is ever run, so it is safe to look at files from anywhere.

            EXAMPLES
              What is in the file, as a tree, and as JSON with checksums:
                pth inspect model.pth
                pth inspect model.pth --json --digest
              One value, and one tensor with statistics and elements:
                pth show run.ckpt epoch
                pth show run.ckpt state_dict fc.weight
              A safetensors file of all tensors, and of those of the model:
                pth convert model.pth model.safetensors
                pth convert run.ckpt model.safetensors --key state_dict
              A checkpoint with other names and devices, and one of a safetensors file:
                pth convert ddp.pth model.pth --rename 'module.*=*' --map-location cpu
                pth convert model.safetensors model.pth --dtype bfloat16

            EXIT STATUS
              0 done, 1 could not (standard error has the reason), 64 wrong usage,
              130 ended by Ctrl-C, 143 ended by kill
            """,
        version: "0.1.0",
        subcommands: [Inspect.self, Show.self, Convert.self, Scan.self, Verify.self])
}

extension ParsableCommand {
    /// Runs `body`; an error of the library becomes one line on standard error and exit status 1.
    ///
    /// - Parameter file: The file that errors are about when they name none.
    func reportingErrors(about file: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as CheckpointError {
            StandardError.write("pth: \(error.inFile(file))".escapingControls)
            throw ExitCode(1)
        } catch let interruption as Interruption {
            throw ExitCode(interruption.exitStatus)
        }
    }
}
