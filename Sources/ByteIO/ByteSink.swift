/// A place that bytes are written to one after another: a file or memory.
package protocol ByteSink: ~Copyable {
    /// Appends `bytes`.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    mutating func write(_ bytes: RawSpan) throws(CheckpointError)

    /// Makes what was written count: before, a file is not under its name.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    mutating func commit() throws(CheckpointError)
}
