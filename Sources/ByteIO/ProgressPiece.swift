/// How often writing reports its progress.
package enum ProgressPiece {
    /// How many bytes are written between two reports: 64 MiB.
    package static let byteCount = 1 << 26
}
