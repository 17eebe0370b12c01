import TestSupport
import Testing
import TorchCheckpoint

/// Reads all that there is to read in a file that may be damaged.
///
/// Only errors of this library may come out; what the reading costs is bounded.
struct DamagedReading {
    /// The processor time that no small file may need, also in a debug build on a slow machine.
    private static let secondsLimit = 20.0
    /// The bytes of elements that are read of one tensor: a damaged shape may make a view expand to
    /// anything.
    private static let byteLimit = 1 << 13

    /// What was read, with the seed, for the message of a failure.
    let what: String

    /// Reads a whole file.
    ///
    /// - Parameter writes: Whether what could be read is written again as well.
    /// - Returns: Whether the file could be opened.
    @discardableResult
    func readAll(_ bytes: [UInt8], writes: Bool = false) -> Bool {
        var isOpened = false
        let seconds = threadSeconds {
            expectOwnErrors {
                let checkpoint = try Checkpoint(bytes: bytes)
                isOpened = true
                readAll(checkpoint)
                if writes { write(checkpoint) }
            }
        }
        #expect(seconds < Self.secondsLimit, "\(what)")
        return isOpened
    }

    private func readAll(_ checkpoint: Checkpoint) {
        #expect(!"\(checkpoint) \(checkpoint.root)".isEmpty, "\(what)")
        expectOwnErrors { _ = try checkpoint.safetensorsContents() }
        expectOwnErrors { for entry in try checkpoint.tensors() { read(entry.tensor) } }
        expectOwnErrors {
            for path in try checkpoint.stateDictPaths() {
                expectOwnErrors { _ = try checkpoint.stateDict(at: path) }
            }
        }
    }

    private func read(_ tensor: Tensor) {
        guard tensor.byteCount <= Self.byteLimit else { return }
        expectOwnErrors { _ = try tensor.rowMajorBytes() }
        expectOwnErrors { _ = try tensor.statistics() }
        expectOwnErrors { _ = try tensor.formatted() }
    }

    private func write(_ checkpoint: Checkpoint) {
        expectOwnErrors {
            var edited = checkpoint
            try edited.set(edited.root, at: [])
            _ = try edited.serialized(options: SaveOptions(globals: .inert))
        }
    }

    /// One thing that can't be read keeps the others from nothing.
    private func expectOwnErrors(_ body: () throws -> Void) {
        do {
            try body()
        } catch let error as CheckpointError {
            #expect(!error.reason.isEmpty, "\(what)")
        } catch {
            Issue.record(error, "\(what)")
        }
    }
}
