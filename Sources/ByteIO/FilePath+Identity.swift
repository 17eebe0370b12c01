package import SystemPackage

extension FilePath {
    /// Whether both paths lead to the same file, through links or not; false when either has none.
    package func isSameFile(as other: FilePath) -> Bool {
        guard let own = try? stat(), let others = try? other.stat() else { return false }
        return own.deviceID == others.deviceID && own.inode == others.inode
    }
}
