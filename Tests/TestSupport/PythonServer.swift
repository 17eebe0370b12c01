import Foundation
import Synchronization

/// A Python that has imported torch, for all tests of a process: `PythonFixtures/serve.py`.
final class PythonServer: Sendable {
    static let shared = Result { try PythonServer() }

    private struct Request: Encodable {
        let id: Int
        let arguments: [String]
        let output: String
        let error: String
    }

    private struct Answer: Decodable {
        let id: Int
        let status: Int32
    }

    private struct State {
        var count = 0
        /// What is told the statuses of requests, by their numbers.
        var waiting: [Int: AsyncStatus] = [:]
        var hasEnded = false
    }

    /// A status that somebody waits for; nil when there won't be one.
    private final class AsyncStatus: Sendable {
        private let status = Mutex<Int32?>(nil)
        private let semaphore = DispatchSemaphore(value: 0)

        func set(_ value: Int32?) {
            status.withLock { $0 = value }
            semaphore.signal()
        }

        func wait() -> Int32? {
            semaphore.wait()
            return status.withLock { $0 }
        }
    }

    private struct Ended: Error, CustomStringConvertible {
        let description = "Python has ended: is there torch? Scripts/test sets it up"
    }

    private let state = Mutex(State())
    private let requests: FileHandle

    private init() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: TorchPython.executable)
        process.arguments = [Repository.root + "/PythonFixtures/serve.py"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        requests = input.fileHandleForWriting
        let answers = output.fileHandleForReading
        let thread = Thread { [self] in read(answers) }
        thread.start()
    }

    /// Runs what `python ARGUMENTS` runs, with its output in files.
    ///
    /// - Returns: The status, which is negative for a signal.
    func run(_ arguments: [String], output: String, error: String) throws -> Int32 {
        let status = AsyncStatus()
        try state.withLock { state in
            guard !state.hasEnded else { throw Ended() }
            let request = Request(
                id: state.count, arguments: arguments, output: output, error: error)
            state.waiting[state.count] = status
            state.count += 1
            try requests.write(contentsOf: JSONEncoder().encode(request) + Data("\n".utf8))
        }
        guard let status = status.wait() else { throw Ended() }
        return status
    }

    private func read(_ answers: FileHandle) {
        var rest = Data()
        while case let data = answers.availableData, !data.isEmpty {
            rest += data
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                tell(Data(rest[..<end]))
                rest = Data(rest[rest.index(after: end)...])
            }
        }
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for status in waiting.values { status.set(nil) }
    }

    private func tell(_ line: Data) {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: line) else { return }
        state.withLock { $0.waiting.removeValue(forKey: answer.id) }?.set(answer.status)
    }
}
