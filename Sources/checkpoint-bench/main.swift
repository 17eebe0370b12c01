import Foundation
import TorchCheckpoint

// Times library calls inside one process, for the scripts to set against Python's.
//
//   checkpoint-bench open FILE REPEATS         opens FILE and makes a state dict of it
//   checkpoint-bench save FILE DEST REPEATS    saves the tensors of FILE, which are in memory
//
// Prints JSON: the seconds of each run.

func timed(_ repeats: Int, _ body: () throws -> Void) rethrows -> [Double] {
    try (0..<repeats).map { _ in try ContinuousClock().measure(body) / .seconds(1) }
}

func open(_ file: String, _ repeats: Int) throws -> [Double] {
    try timed(repeats) {
        let stateDict = try Checkpoint(contentsOf: file).stateDict()
        precondition(stateDict.count > 0, "the state dict has tensors")
    }
}

func save(_ file: String, _ destination: String, _ repeats: Int) throws -> [Double] {
    var tensors: OrderedDictionary<String, Tensor> = [:]
    for (name, tensor) in try Checkpoint(contentsOf: file).stateDict() {
        let storage = try Storage(bytes: tensor.storage.bytes())
        tensors[name] = try Tensor(storage: storage, dtype: tensor.dtype, shape: tensor.shape)
    }
    return try timed(repeats) {
        try Checkpoint(StateDict(tensors)).write(to: destination)
    }
}

let arguments = CommandLine.arguments
let repeats = Int(arguments.last ?? "") ?? 0
let seconds: [Double]
switch (arguments.dropFirst().first, arguments.count) {
case ("open", 4): seconds = try open(arguments[2], repeats)
case ("save", 5): seconds = try save(arguments[2], arguments[3], repeats)
default:
    print(
        "usage: checkpoint-bench open FILE REPEATS\n       checkpoint-bench save FILE DEST REPEATS")
    exit(64)
}
print("[\(seconds.map { "\($0)" }.joined(separator: ", "))]")
