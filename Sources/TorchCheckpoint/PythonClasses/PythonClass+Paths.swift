import ByteIO
import Pickle
public import SystemPackage

extension PythonClass {
    /// The classes of `pathlib`; Python 3.13 has them in a module of their own.
    static let paths: [PythonClass] = ["pathlib", "pathlib._local"].flatMap { module in
        pathNames.map { name in
            PythonClass(module, name, isPlain: true) { object, _ in
                guard let text = object.value.pathText else { return nil }
                let shown = name.hasSuffix("WindowsPath") ? text.withForwardSlashes : text
                return "\(name)(\(PythonRepr.quote(shown)))"
            }
        }
    }

    private static let pathNames = [
        "PurePath", "PurePosixPath", "PureWindowsPath", "Path", "PosixPath", "WindowsPath",
    ]
}

extension CheckpointValue {
    /// The path that a `pathlib.Path` is; nil for anything else.
    ///
    /// One that was written on Windows keeps its backslashes.
    public var filePath: FilePath? { pathText.map { FilePath($0) } }

    /// The text of a path, as `str(path)`.
    fileprivate var pathText: String? {
        guard kind == .object, let known = pythonClass, PythonClass.paths.contains(known) else {
            return nil
        }
        let arguments = PythonObject(value: self, depth: 0).arguments
        let length = arguments.reduce(0) { $0.addingCapped(graph.textLength(of: $1.id)) }
        guard length <= PythonObject.maximumTextByteCount,
            case let parts = arguments.compactMap(\.string), parts.count == arguments.count
        else { return nil }
        let isWindows = known.name.name.hasSuffix("WindowsPath")
        return isWindows ? Self.joinedWindows(parts) : Self.joined(parts)
    }

    // What follows on an absolute part replaces what comes before it.
    private static func joined(_ parts: [String]) -> String {
        let first = parts.lastIndex { $0.utf8.first == UInt8(ascii: "/") } ?? parts.startIndex
        let text = parts[first...].joined(separator: "/")
        let slashes = (parts.isEmpty ? "" : parts[first]).utf8.prefix { $0 == UInt8(ascii: "/") }
        let root = slashes.count == 2 ? "//" : slashes.isEmpty ? "" : "/"
        let names = text.split(separator: "/").filter { $0 != "." }
        let whole = root + names.joined(separator: "/")
        return whole.isEmpty ? "." : whole
    }

    private static func joinedWindows(_ parts: [String]) -> String {
        guard let first = parts.first else { return "." }
        let separators = first.hasSuffix("\\") || first.hasSuffix(":") ? "" : "\\"
        let rest = parts.dropFirst().joined(separator: "\\")
        let text = first + (rest.isEmpty ? "" : separators + rest)
        return String(text.map { $0 == "/" ? "\\" : $0 })
    }
}

extension String {
    fileprivate var withForwardSlashes: String { String(map { $0 == "\\" ? "/" : $0 }) }
}
