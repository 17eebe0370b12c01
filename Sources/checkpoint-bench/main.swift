import Foundation
import TorchCheckpoint

// Times library calls inside one process, for Scripts/bench to set against Python's.
//
//   checkpoint-bench open FILE REPEATS    opens FILE and makes a state dict of it
//
// Prints JSON: the seconds of each run.

let arguments = CommandLine.arguments
guard arguments.count == 4, arguments[1] == "open", let repeats = Int(arguments[3]) else {
    print("usage: checkpoint-bench open FILE REPEATS")
    exit(64)
}

let clock = ContinuousClock()
var seconds: [Double] = []
for _ in 0..<repeats {
    let time = try clock.measure {
        let checkpoint = try Checkpoint(contentsOf: FilePath(arguments[2]))
        let stateDict = try checkpoint.stateDict()
        precondition(stateDict.count > 0, "the state dict has tensors")
    }
    seconds.append(time / .seconds(1))
}
print("[\(seconds.map { "\($0)" }.joined(separator: ", "))]")
