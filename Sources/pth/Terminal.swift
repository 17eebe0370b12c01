import SystemPackage
import TorchCheckpoint

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Standard error, a line at a time.
enum StandardError {
    static func write(_ text: String, terminator: String = "\n") {
        _ = try? FileDescriptor.standardError.writeAll((text + terminator).utf8)
    }

    /// Whether someone is looking.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Standard output, which a full disk or a closed pipe must not fail silently.
enum StandardOutput {
    /// - Throws: ``CheckpointError/Code/fileSystem``.
    static func write(_ text: String, terminator: String = "\n") throws {
        try write((text + terminator).utf8)
    }

    /// - Throws: ``CheckpointError/Code/fileSystem``.
    static func write(_ bytes: some Sequence<UInt8>) throws {
        do {
            _ = try FileDescriptor.standardOutput.writeAll(bytes)
        } catch {
            throw CheckpointError(
                .fileSystem, "can't be written: \(error)", underlying: error
            ).inFile("standard output")
        }
    }
}

/// Colours for a terminal, and none for a pipe or where `NO_COLOR` is set.
struct TerminalStyle {
    private let isColored: Bool

    /// The style for standard output.
    static let standardOutput: TerminalStyle = {
        let refusesColor = unsafe getenv("NO_COLOR") != nil
        return TerminalStyle(isColored: isatty(STDOUT_FILENO) == 1 && !refusesColor)
    }()

    func bold(_ text: String) -> String { isColored ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    func dim(_ text: String) -> String { isColored ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
    func warning(_ text: String) -> String { isColored ? "\u{1B}[33m\(text)\u{1B}[0m" : text }
}

extension String {
    /// The text with control characters escaped: names in a file must not steer the terminal.
    var escapingControls: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isControl {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    /// The text with spaces behind it up to a width in characters.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

extension Unicode.Scalar {
    // Marks of direction can make a name look like another, and line separators like two.
    fileprivate var isControl: Bool {
        switch value {
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: properties.generalCategory == .control
        }
    }
}
