/// A place that bytes are written to one after another: a file or memory.
package protocol ByteSink: ~Copyable {
    /// Appends `bytes`.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    mutating func write(_ bytes: RawSpan) throws(CheckpointError)
}
