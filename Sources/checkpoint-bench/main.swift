import Foundation
import TorchCheckpoint

// Times library calls inside one process, for the scripts to set against Python's.
//
//   checkpoint-bench open FILE REPEATS    opens FILE and makes a state dict of it
//   checkpoint-bench save FILE DEST       puts the tensors of FILE in memory; saves them for each
//                                         line of its input
//
// Prints JSON: the seconds of all runs, or of each run on a line of its own.

func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
}

func open(_ file: String, _ repeats: Int) throws {
    let times = try (0..<repeats).map { _ in
        try seconds {
            let stateDict = try Checkpoint(contentsOf: file).stateDict()
            precondition(stateDict.count > 0, "the state dict has tensors")
        }
    }
    print("[\(times.map { "\($0)" }.joined(separator: ", "))]")
}

func save(_ file: String, _ destination: String) throws {
    var tensors: OrderedDictionary<String, Tensor> = [:]
    for (name, tensor) in try Checkpoint(contentsOf: file).stateDict() {
        let storage = try Storage(bytes: tensor.storage.bytes())
        tensors[name] = try Tensor(storage: storage, dtype: tensor.dtype, shape: tensor.shape)
    }
    let save = { try Checkpoint(StateDict(tensors)).write(to: destination) }
    while readLine() != nil {
        // Once before: memory that was idle, or is new to a virtual machine, is slow at first.
        try save()
        try FileManager.default.removeItem(atPath: destination)
        let time = try seconds(save)
        // Not by print, which keeps it back when nobody is looking.
        try FileHandle.standardOutput.write(contentsOf: Data("\(time)\n".utf8))
    }
}

let arguments = CommandLine.arguments
switch (arguments.dropFirst().first, arguments.count) {
case ("open", 4): try open(arguments[2], Int(arguments[3]) ?? 1)
case ("save", 4): try save(arguments[2], arguments[3])
default:
    print("usage: checkpoint-bench open FILE REPEATS\n       checkpoint-bench save FILE DEST")
    exit(64)
}
