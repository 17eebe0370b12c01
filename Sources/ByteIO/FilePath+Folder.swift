package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// Folders: what is in them, and how they come about.
extension FilePath {
    /// The names of what is in the folder, in no order; nil when there is nothing at this path.
    ///
    /// A name that is not UTF-8 has replacement characters in it.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem`` when this is no folder or may not be read.
    /// - Complexity: O(*n*) in the number of names.
    package func namesInFolder() throws(CheckpointError) -> [String]? {
        guard let stream = unsafe opendir(string) else {
            if errno == ENOENT { return nil }
            throw CheckpointError.system("can't be listed").inFile(string)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while true {
            // That nothing is left and that something failed is told apart by this alone.
            errno = 0
            guard let entry = unsafe readdir(stream) else { break }
            let name = unsafe Self.name(of: entry)
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw CheckpointError.system("can't be listed").inFile(string) }
        return names
    }

    // By its place, because an entry has only as many bytes as its name needs.
    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        let name = unsafe UnsafeRawPointer(entry) + offset
        return unsafe String(cString: name.assumingMemoryBound(to: CChar.self))
    }

    /// Makes the folder, and those it is in, where there is nothing yet.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``, with advice.
    package func createFolder() throws(CheckpointError) {
        do throws(Errno) {
            try createMissingFolders()
        } catch {
            throw .writing("the folder can't be made", error).inFile(string)
        }
    }

    private func createMissingFolders() throws(Errno) {
        var missing: [FilePath] = []
        var path = self
        while !path.isEmpty, try path.isMissing() {
            missing.append(path)
            path.removeLastComponent()
        }
        for path in missing.reversed() {
            // Another process may have been faster, which opening the folder will tell.
            guard unsafe mkdir(path.string, 0o777) == 0 || errno == EEXIST else {
                throw Errno(rawValue: errno)
            }
            path.folder.flush()
        }
    }

    /// Removes the file, or the link, that has this path; one that is gone already is no error.
    ///
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    package func removeFile() throws(CheckpointError) {
        guard unsafe unlink(string) == 0 || errno == ENOENT else {
            throw CheckpointError.system("can't be removed").inFile(string)
        }
    }
}
