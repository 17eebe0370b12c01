import Foundation

/// What a program cost and how it ended, measured by `PythonFixtures/measure.py`.
package struct Measurement: Decodable, Sendable {
    /// The exit status, or nil when a signal ended the program, as a trap or a limit does.
    package let status: Int?
    /// The signal that ended the program.
    package let signal: Int?
    /// The most memory that was resident, mapped files included.
    package let residentByteCount: Int
    /// The processor time.
    package let seconds: Double
    /// What the program wrote to standard error.
    package private(set) var error = ""

    private enum CodingKeys: String, CodingKey {
        case status, signal, seconds
        case residentByteCount = "maxrss_bytes"
    }

    /// What a program may cost; a program that needs more fails or is ended.
    package struct Bounds: Sendable {
        /// The MiB of address space.
        let memory: Int?
        /// The seconds of processor time.
        let seconds: Int?
        /// The MiB of each file that is written.
        let file: Int?
        /// The MiB of memory that is no mapped file.
        let data: Int?
        /// The files that are open at a time, the standard ones included.
        let open: Int?

        package init(
            memory: Int? = nil, seconds: Int? = nil, file: Int? = nil, data: Int? = nil,
            open: Int? = nil
        ) {
            self.memory = memory
            self.seconds = seconds
            self.file = file
            self.data = data
            self.open = open
        }

        fileprivate var arguments: [String] {
            let options = [
                ("--memory", memory), ("--seconds", seconds), ("--file", file), ("--data", data),
                ("--open", open),
            ]
            return options.flatMap { name, value in value.map { [name, "\($0)"] } ?? [] }
        }
    }

    /// Runs a program in a process of its own, within `bounds`.
    package init(
        of program: String, _ arguments: [String], within bounds: Bounds = Bounds()
    ) throws {
        let outcome = try TorchPython.runAlone(
            script: "measure.py", bounds.arguments + [program] + arguments)
        self = try JSONDecoder().decode(Measurement.self, from: Data(outcome.output.utf8))
        error = outcome.error
    }
}

extension Measurement: CustomStringConvertible {
    /// One line, with the beginning of what was written to standard error.
    package var description: String {
        let end = status.map { "status \($0)" } ?? "signal \(signal ?? 0)"
        let said = error.split(separator: "\n").first ?? ""
        return "\(end), \(residentByteCount >> 20) MiB, \(seconds) s: \(said.prefix(200))"
    }
}
