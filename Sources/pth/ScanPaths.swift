import Foundation

/// The files to scan: those that are named, and those in folders that are, at any depth.
///
/// Links in folders are not followed, so that there is no going around in circles, and no leaving.
struct ScanPaths: Sequence, IteratorProtocol {
    /// A file, and whether it was named by itself.
    struct Path {
        let file: String
        let isNamed: Bool
    }

    private var named: ArraySlice<String>
    private var folder: (path: String, contents: FileManager.DirectoryEnumerator)?

    init(_ paths: [String]) { named = paths[...] }

    mutating func next() -> Path? {
        while true {
            if let file = nextInFolder() { return Path(file: file, isNamed: false) }
            guard let path = named.popFirst() else { return nil }
            var isFolder: ObjCBool = false
            let exists = unsafe FileManager.default.fileExists(
                atPath: path, isDirectory: &isFolder)
            guard exists, isFolder.boolValue,
                let contents = FileManager.default.enumerator(atPath: path)
            else { return Path(file: path, isNamed: true) }
            folder = (path, contents)
        }
    }

    private mutating func nextInFolder() -> String? {
        while let folder, let name = folder.contents.nextObject() as? String {
            let type = folder.contents.fileAttributes?[.type] as? FileAttributeType
            if type == .typeRegular { return folder.path + "/" + name }
        }
        folder = nil
        return nil
    }
}
