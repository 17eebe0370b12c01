import Foundation
import TorchCheckpoint

/// Saves tensors that are in memory, and removes the file after the clock was stopped.
func saving(_ file: String, to destination: String) throws -> Operation {
    let stateDict = try opened(file).copied()
    return {
        let run = try Run.timing { try Checkpoint(stateDict).write(to: destination) }
        try FileManager.default.removeItem(atPath: destination)
        return run
    }
}
