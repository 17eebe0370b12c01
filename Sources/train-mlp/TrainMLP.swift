import ArgumentParser
import SystemPackage
import TorchCheckpoint

/// The command line of the worked example: arguments and lines of text; the rest is in ExampleMLP.
@main
struct TrainMLP: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-mlp",
        abstract: "Train a small network, and go on with what torch or an earlier run saved.",
        discussion: """
            DATA.pth is a checkpoint with 'inputs', a float tensor of a row for each sample, and \
            'targets', an int64 tensor of classes.

              train-mlp train --data data.pth --directory runs/1 --epochs 10
              train-mlp predict --checkpoint runs/1/epoch=10-loss=0.25.pth --data data.pth --out out.pth

            The same train command starts a run, and goes on with it after an interruption.
            """,
        subcommands: [Train.self, Predict.self])
}

extension ParsableCommand {
    /// Runs `body`; an error of the library becomes one line on standard error and exit status 1.
    func reportingErrors(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as CheckpointError {
            let line = "train-mlp: \(error)".replacing("\n", with: " ")
            try FileDescriptor.standardError.writeAll((line + "\n").utf8)
            throw ExitCode(1)
        }
    }

    /// Writes a line to standard output at once, so that whoever reads it knows how far the run is.
    func tell(_ line: String) throws {
        try FileDescriptor.standardOutput.writeAll((line + "\n").utf8)
    }
}

/// A device as it is written on the command line.
struct DeviceArgument: ExpressibleByArgument {
    let device: Device

    init?(argument: String) {
        // torch can't load a tag that is not like this.
        guard argument.wholeMatch(of: /[a-z][a-z0-9_]*(:[0-9]+)?/) != nil else { return nil }
        device = Device(rawValue: argument)
    }
}
