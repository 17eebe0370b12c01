import Foundation

/// The bytes of memory that are this process's own, and no mapped file's; nil where the system does
/// not tell.
func privateBytes() -> Int? {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 << 10 }
}
