import Pickle
import TorchCheckpoint

extension FuzzTarget {
    /// A file of any format is refused, or all that is in it can be asked for.
    static let checkpoint = FuzzTarget("checkpoint") { bytes in
        withCheckpoints(bytes, readEverything)
    }

    /// A legacy file, of which the input is what follows the first three pickles.
    static let legacy = FuzzTarget("legacy") { bytes in
        withCheckpoints(LegacyPrefix.bytes + bytes) { checkpoint in
            readEverything(checkpoint)
            checkRoundTrips(of: checkpoint)
        }
    }

    /// A tar archive, with the checksums of its headers put right first.
    static let tar = FuzzTarget("tar") { bytes in
        withCheckpoints(TarChecksums.corrected(bytes)) { checkpoint in
            readEverything(checkpoint)
            checkRoundTrips(of: checkpoint)
        }
    }

    /// The pickle of an archive that has the storages it refers to.
    static let tensors = FuzzTarget("tensors") { bytes in
        withCheckpoints(WrappedPickle.archive(of: bytes), readEverything)
    }

    /// Whatever loads is saved in every layout that has a place for it, and loads again as the same
    /// graph, with and without an edit.
    static let roundtrip = FuzzTarget("roundtrip") { bytes in
        let isFile = WrappedPickle.isWholeFile(bytes)
        withCheckpoints(isFile ? bytes : WrappedPickle.archive(of: bytes)) { checkpoint in
            checkRoundTrips(of: checkpoint)
        }
    }
}

/// Opens a file, once for each encoding if it has strings of Python 2.
private func withCheckpoints(_ bytes: [UInt8], _ body: (Checkpoint) -> Void) {
    for encoding in PickleEncoding.allCases {
        let options = LoadOptions(encoding: encoding)
        guard let checkpoint = attempt({ try Checkpoint(bytes: bytes, options: options) }) else {
            return
        }
        body(checkpoint)
        let graph = checkpoint.graph
        guard graph.reachable().contains(where: { graph.kind(of: $0) == .byteString }) else {
            return
        }
    }
}
