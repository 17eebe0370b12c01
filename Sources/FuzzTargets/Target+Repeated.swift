import TorchCheckpoint

extension FuzzTarget {
    /// A file with thousands of equal parts costs no more than in proportion to its size, whatever is
    /// asked of it.
    static let repeated = FuzzTarget("repeated") { bytes in
        guard let file = RepeatedParts.file(of: bytes) else { return }
        scan.run(file)
        checkpoint.run(file)
        _ = attempt { try Checkpoint(bytes: file, options: LoadOptions(globals: .weightsOnly)) }
    }
}
