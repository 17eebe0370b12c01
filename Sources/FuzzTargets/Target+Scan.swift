import TorchCheckpoint

extension FuzzTarget {
    /// A scan comes to an end, has what this library refuses among its findings, and calls nothing
    /// clean that names what `weights_only` does not accept.
    static let scan = FuzzTarget("scan") { bytes in
        guard let scan = attempt({ try CheckpointScan(bytes: bytes) }) else { return }
        let opens =
            attempt({ try Checkpoint(bytes: bytes).tensorValues() }) != nil
            || scan.format == .safetensors
        promise(
            opens || scan.findings.contains { [.refused, .limitReached].contains($0.code) },
            "a file that is refused has a finding")
        let isHarmless = scan.globals.allSatisfy { [.accepted, .script].contains($0.verdict) }
        promise(isHarmless || !scan.isClean, "a name that is not accepted is a finding")
        promise(
            !scan.globals.contains { $0.verdict == .dangerous } || scan.severity == .danger,
            "a dangerous name makes a file dangerous")
    }
}
