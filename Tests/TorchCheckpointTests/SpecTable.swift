import Foundation
import TestSupport
import Testing

/// The rows of the first table below a heading of a page.
struct SpecTable {
    /// The cells, without white space and backticks around them.
    let rows: [[String]]

    init(_ page: String, _ heading: String) throws {
        let lines = try Source.text("../Specs/" + page).components(separatedBy: "\n")
        let start = lines.firstIndex { $0.hasPrefix("#") && $0.hasSuffix("# " + heading) }
        let below = try lines[#require(start, "no heading '\(heading)' in \(page)")...]
        let table = below.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
        rows = table.dropFirst(2).map { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
            return cells.dropFirst().dropLast().map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
            }
        }
        try #require(!rows.isEmpty, "the table is empty")
    }
}

/// The files of `Sources/`.
enum Source {
    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: Repository.root + "/Sources/" + path, encoding: .utf8)
    }

    /// The paths of Swift files below `Sources/`, sorted.
    static func files(where isWanted: (String) -> Bool) throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(
            atPath: Repository.root + "/Sources/.")
        return paths.filter { $0.hasSuffix(".swift") && isWanted("/" + $0) }.sorted()
    }
}
