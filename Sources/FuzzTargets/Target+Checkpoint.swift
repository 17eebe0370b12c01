import Pickle
import TorchCheckpoint

extension FuzzTarget {
    /// A file of any format is refused, or all that is in it can be asked for.
    static let checkpoint = FuzzTarget("checkpoint") { bytes in
        guard let checkpoint = attempt({ try Checkpoint(bytes: bytes, options: .varied(bytes)) })
        else { return }
        readEverything(checkpoint)
    }

    /// A legacy file, of which the input is what follows the first three pickles.
    static let legacy = FuzzTarget("legacy") { bytes in
        let file = LegacyPrefix.bytes + bytes
        guard let checkpoint = attempt({ try Checkpoint(bytes: file, options: .varied(bytes)) })
        else { return }
        readEverything(checkpoint)
        checkRoundTrips(of: checkpoint)
    }

    /// A tar archive, with the checksums of its headers put right first.
    static let tar = FuzzTarget("tar") { bytes in
        let file = TarChecksums.corrected(bytes)
        guard let checkpoint = attempt({ try Checkpoint(bytes: file, options: .varied(bytes)) })
        else { return }
        readEverything(checkpoint)
        checkRoundTrips(of: checkpoint)
    }

    /// The pickle of an archive that has the storages it refers to.
    static let tensors = FuzzTarget("tensors") { bytes in
        let file = WrappedPickle.archive(of: bytes)
        guard let checkpoint = attempt({ try Checkpoint(bytes: file, options: .varied(bytes)) })
        else { return }
        readEverything(checkpoint)
    }

    /// Whatever loads is saved in every layout that has a place for it, and loads again as the same
    /// graph, with and without an edit.
    static let roundtrip = FuzzTarget("roundtrip") { bytes in
        let isFile = WrappedPickle.isWholeFile(bytes)
        let file = isFile ? bytes : WrappedPickle.archive(of: bytes)
        guard let checkpoint = attempt({ try Checkpoint(bytes: file, options: .varied(bytes)) })
        else { return }
        checkRoundTrips(of: checkpoint)
    }
}

extension LoadOptions {
    /// Options that differ between inputs: each encoding is met by inputs of some length.
    static func varied(_ bytes: [UInt8]) -> LoadOptions {
        let encodings = PickleEncoding.allCases
        return LoadOptions(encoding: encodings[bytes.count % encodings.count])
    }
}
