import Foundation
import SystemPackage

/// A folder of its own for a test.
final class Folder {
    let path: FilePath

    init(in parent: URL = FileManager.default.temporaryDirectory) throws {
        let url = parent.appending(path: "byteio-\(UInt64.random(in: 0...UInt64.max))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path(percentEncoded: false))
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path.string).sorted()
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path.appending(name).string))
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: path.appending(name).string, encoding: .utf8)
    }

    func permissions(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path.appending(name).string)[
            .posixPermissions] as? Int
    }

    func setPermissions(_ name: String, _ mode: Int) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: path.appending(name).string)
    }
}
