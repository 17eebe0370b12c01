/// The entries of a ``ZipArchive`` in the order of its directory.
///
/// An entry is made when it is asked for, from what the directory says.
public struct ZipEntries: RandomAccessCollection, Sendable {
    let table: EntryTable

    /// The number of the first entry.
    public var startIndex: Int { 0 }
    /// The number behind that of the last entry.
    public var endIndex: Int { table.rows.count }

    /// The entry with the given number.
    ///
    /// - Complexity: O(*n*) in the length of its name.
    public subscript(position: Int) -> ZipEntry { table.entry(position) }
}
