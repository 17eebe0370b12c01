import Foundation

/// The files to scan: those that are named, and those in folders that are, at any depth.
///
/// Links in folders are not followed, so that there is no going around in circles, and no leaving.
struct ScanPaths: Sequence, IteratorProtocol {
    /// A file to scan.
    struct Path {
        let file: String
        /// Whether it was named by itself.
        let isNamed: Bool

        /// Whether it is to be reported even if it is nothing known: by the ending of its name it is
        /// for a reader of pickles, perhaps compressed, which joblib and NumPy see to.
        var isExpected: Bool {
            let name = file.lowercased().split(separator: "/").last ?? ""
            return isNamed
                || name.split(separator: ".").dropFirst().contains(where: Self.endings.contains)
        }

        private static let endings: Set<Substring> = [
            "bin", "ckpt", "joblib", "npy", "npz", "pickle", "pkl", "pt", "pt2", "pth",
            "safetensors",
        ]
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
