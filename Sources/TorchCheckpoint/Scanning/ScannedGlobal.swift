public import Pickle

/// A class or function that a file names, and what Python would do with it.
public struct ScannedGlobal: Hashable, Sendable {
    /// What is done with a class or function.
    public enum Use: String, Hashable, Sendable, CaseIterable {
        /// It is called, or an instance is made of it.
        case called
        /// It, or what a call of it gave, is given a state.
        case built
        /// It is imported, and may be an argument of something that is called.
        case named
    }

    /// The name, as the pickle spells it.
    public let name: GlobalName
    /// What is thought of it.
    public let verdict: GlobalVerdict
    /// What is done with it; ``Use/named`` by itself if nothing else is.
    public let uses: [Use]
    /// The record or member that names it, with those that are around it; nil in a file without any.
    public let record: String?
    /// The byte in the record, or in the file, where it is named first.
    public let offset: Int
}
