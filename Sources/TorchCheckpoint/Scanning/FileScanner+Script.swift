import ByteIO

extension FileScanner {
    /// Looks for what a record of TorchScript's code does when it is loaded, and to files.
    ///
    /// TorchScript can call no Python, but it has operators that write files.
    mutating func scanCode(_ code: ByteRegion, in place: ScanPlace) {
        if code.bytes.firstEnd(of: "def __setstate__", from: 0) != nil {
            report.add(
                .scriptOnLoad, "has __setstate__, which runs when the file is loaded", in: place)
        }
        for name in Self.writing where code.bytes.firstEnd(of: name, from: 0) != nil {
            report.add(.dangerousScript, "has \(name)…), which writes a file", in: place)
        }
    }

    private static let writing: [StaticString] = ["torch.from_file(", "torch.save("]
}
