import Foundation
import TorchCheckpoint

// Reads one checkpoint on several threads at once, in every way that there is, for a build with
// ThreadSanitizer: see Scripts/check-threads. What the threads get has to be what one thread gets.
//
//   check-threads [--race] FILE…
//
// With --race it has a data race, to see that one is found.

@main
enum ThreadCheck {
    static let threadCount = 8

    static func main() throws {
        var files = Array(CommandLine.arguments.dropFirst())
        if files.first == "--race" {
            files.removeFirst()
            race()
        }
        guard !files.isEmpty else { fail("usage: check-threads [--race] FILE…") }
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let safetensors = folder + "/weights.safetensors"
        let elements = (0..<500_000).map(Float.init)
        try StateDict(["a": Tensor(elements)]).writeSafetensors(to: FilePath(safetensors))
        // A way that fails for every file has read nothing.
        var failing = Set(Way.all.map(\.name))
        for file in files + [safetensors] {
            for access in FileAccess.allCases {
                failing.subtract(try check(file, access, folder))
            }
            print("\(file): \(threadCount) threads agree")
        }
        guard failing.isEmpty else { fail("no file can be read in the ways \(failing.sorted())") }
        try checkDirectory(folder + "/run")
        print("a folder of checkpoints: \(threadCount) threads agree")
    }

    /// Reads a file that nobody has read yet on all threads, and compares what they get.
    ///
    /// - Returns: The names of the ways that gave something.
    private static func check(
        _ file: String, _ access: FileAccess, _ folder: String
    ) throws -> Set<String> {
        let options = LoadOptions(fileAccess: access)
        let input = try Input(file, options)
        let results = Results()
        // A new archive has the name of its file inside, so that all files have one name.
        let paths = try (["alone"] + (0..<threadCount).map(String.init)).map { name in
            try makeFolder(folder + "/" + name) + "/copy.pth"
        }
        inThreads { thread in
            // Each begins elsewhere, so that every way is the first one for something.
            let ways = Way.all.indices.map { (thread + $0) % Way.all.count }
            for index in ways {
                results.note(
                    outcome { try Way.all[index].read(input, paths[thread + 1]) }, of: index)
            }
        }
        let alone = try Input(file, options)
        var succeeding: Set<String> = []
        for (index, way) in Way.all.enumerated() {
            let expected = outcome { try way.read(alone, paths[0]) }
            guard results.all(of: index) == Set([expected]) else {
                fail(
                    "\(file): \(way.name): threads got \(results.all(of: index)), one alone gets "
                        + expected)
            }
            if !expected.isEmpty, expected != "-", !expected.hasPrefix("error: ") {
                succeeding.insert(way.name)
            }
        }
        return succeeding
    }

    /// Saves to one folder and looks at it on all threads.
    private static func checkDirectory(_ path: String) throws {
        let directory = try CheckpointDirectory(path, metric: .minimizing(), keepingLast: 4)
        let results = Results()
        inThreads { thread in
            results.note(
                outcome {
                    for round in 0..<4 {
                        let epoch = thread * 4 + round
                        try directory.save(
                            encoding: ["epoch": epoch], epoch: epoch, metric: Double(epoch))
                        let latest = try directory.latest()
                        guard try latest?.open()["epoch"]?.int == latest?.epoch else {
                            return "another epoch"
                        }
                        _ = try (directory.best(), directory.listing())
                    }
                    return "fine"
                }, of: 0)
        }
        guard results.all(of: 0) == ["fine"] else { fail("a folder: \(results.all(of: 0))") }
    }

    /// Calls `body` on all threads at once, and waits for them.
    private static func inThreads(_ body: @escaping @Sendable (Int) -> Void) {
        let (start, end) = (DispatchSemaphore(value: 0), DispatchGroup())
        for index in 0..<threadCount {
            end.enter()
            let thread = Thread {
                start.wait()
                body(index)
                end.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        for _ in 0..<threadCount { start.signal() }
        end.wait()
    }

    /// What `body` gives, or its error, as a text.
    private static func outcome(_ body: () throws -> String) -> String {
        do { return try body() } catch { return "error: \(error)" }
    }

    private static func temporaryFolder() throws -> String {
        try makeFolder(NSTemporaryDirectory() + "check-threads-\(UUID().uuidString)")
    }

    private static func makeFolder(_ path: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private static func race() {
        nonisolated(unsafe) var count = 0
        inThreads { _ in for _ in 0..<1000 { count += 1 } }
        print("counted \(count)")
    }
}

func fail(_ why: String) -> Never {
    FileHandle.standardError.write(Data("check-threads: \(why)\n".utf8))
    exit(1)
}

/// What the threads got, by the number of the way.
private final class Results: @unchecked Sendable {
    private let lock = NSLock()
    private var outcomes: [Int: Set<String>] = [:]

    func note(_ outcome: String, of index: Int) {
        lock.withLock { _ = outcomes[index, default: []].insert(outcome) }
    }

    func all(of index: Int) -> Set<String> { lock.withLock { outcomes[index] ?? [] } }
}
