import Foundation
import TestSupport
import Testing

@testable import TorchCheckpoint

/// A checkpoint of one epoch, small enough to be saved often.
func checkpoint(ofEpoch epoch: Int, count: Int = 64) throws -> Checkpoint {
    let weights = try Tensor([Float](repeating: Float(epoch), count: count))
    return try Checkpoint(
        .dictionary(["epoch": CheckpointValue(epoch), "weights": CheckpointValue(weights)]))
}

extension CheckpointDirectory {
    /// Saves a small checkpoint.
    @discardableResult
    func saveSmall(_ epoch: Int, _ metric: Double? = nil) throws -> Entry {
        try save(checkpoint(ofEpoch: epoch), epoch: epoch, metric: metric)
    }
}

extension CheckpointDirectory.Entry {
    /// The epoch that is in the file.
    var storedEpoch: Int? {
        get throws { try open()["epoch"]?.int }
    }
}

extension TemporaryFolder {
    /// The names of what is in the folder.
    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    /// Has a file appear to be written some seconds after the beginning of time.
    func setModificationTime(_ name: String, _ seconds: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path(name))
    }
}

/// The error that `body` throws.
func thrown(_ body: () throws -> Void) throws -> CheckpointError {
    try #require(#expect(throws: CheckpointError.self) { try body() })
}
