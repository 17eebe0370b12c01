/// Something by which readers of an archive can come to differ, or that none of them shows.
package struct SurveyOddity: Sendable {
    package enum Kind: Sendable {
        /// Two entries have one name, or names that differ in case only.
        case duplicate
        /// Headers say different things, or there are several directories.
        case contradiction
        /// Entries share bytes.
        case overlap
        /// An entry is encrypted.
        case encrypted
        /// There is no directory, or an entry does not lie inside the archive.
        case damage
        /// Bytes or entries that no directory lists.
        case unlisted
        /// A name that leads out of a folder.
        case unsafePath
        /// There is more than is looked at.
        case limit
    }

    package let kind: Kind
    /// The name of the entry that it is about, or nil.
    package let record: String?
    /// Where it is in the archive.
    package let offset: Int
    /// What was found.
    package let reason: String
}
