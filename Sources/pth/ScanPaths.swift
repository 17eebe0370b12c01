import Foundation
import TorchCheckpoint

/// The files to scan: those that are named, and those in folders that are, at any depth.
///
/// Links in folders are not followed, so that there is no going around in circles, and no leaving.
struct ScanPaths: Sequence, IteratorProtocol {
    /// A file to scan.
    struct File {
        let path: String
        /// Whether it was named by itself.
        let isNamed: Bool

        /// Whether it is to be reported even if it is nothing known: by the ending of its name it is
        /// for a reader of pickles, perhaps compressed, which joblib and NumPy see to.
        var isExpected: Bool {
            let name = path.lowercased().split(separator: "/").last ?? ""
            return isNamed
                || name.split(separator: ".").dropFirst().contains(where: Self.endings.contains)
        }

        private static let endings: Set<Substring> = [
            "bin", "ckpt", "joblib", "npy", "npz", "pickle", "pkl", "pt", "pt2", "pth",
            "safetensors",
        ]
    }

    /// What is to be scanned, or could not be looked into.
    enum Item {
        case file(File)
        case unreadable(path: String, error: any Error)

        /// - Throws: ``CheckpointError/Code/fileSystem`` for what could not be looked into.
        func file() throws -> File {
            switch self {
            case .file(let file): return file
            case .unreadable(let path, let error):
                throw CheckpointError(
                    .fileSystem, "can't be looked into: \(error.localizedDescription)",
                    advice: "Files in it, if there are any, were not scanned", underlying: error
                ).inFile(path)
            }
        }
    }

    private enum Step {
        case item(Item)
        case folder(String)
    }

    private var named: ArraySlice<String>
    /// What was found in folders and is still to be gone to, the next last.
    private var pending: [Step] = []

    init(_ paths: [String]) { named = paths[...] }

    mutating func next() -> Item? {
        while true {
            switch pending.popLast() {
            case .item(let item): return item
            case .folder(let path): enter(path)
            case nil:
                guard let path = named.popFirst() else { return nil }
                var isFolder: ObjCBool = false
                let exists = unsafe FileManager.default.fileExists(
                    atPath: path, isDirectory: &isFolder)
                guard exists, isFolder.boolValue else {
                    return .file(File(path: path, isNamed: true))
                }
                pending = [.folder(path)]
            }
        }
    }

    /// Has what is in a folder gone to, by the order of names.
    private mutating func enter(_ folder: String) {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            pending += names.sorted(by: >).compactMap { step(to: folder + "/" + $0) }
        } catch {
            pending.append(.item(.unreadable(path: folder, error: error)))
        }
    }

    private func step(to path: String) -> Step? {
        do {
            let type = try FileManager.default.attributesOfItem(atPath: path)[.type]
            switch type as? FileAttributeType {
            case .typeRegular: return .item(.file(File(path: path, isNamed: false)))
            case .typeDirectory: return .folder(path)
            default: return nil
            }
        } catch {
            return .item(.unreadable(path: path, error: error))
        }
    }
}
