import Foundation
import SystemPackage
import TestSupport
import Testing
import TorchCheckpoint

/// Whatever call of the system fails during a save, the new file is there whole, or the old one with
/// a clear error; nothing else is left.
@Suite(.enabled(if: canInject, "calls can be made to fail on Linux"))
struct SavingFaultTests {
    private let folder: TemporaryFolder
    private static let old = Array("this was there before".utf8)

    init() throws { folder = try TemporaryFolder() }

    /// Something to save, made of bytes in memory.
    private static func checkpoint() throws -> Checkpoint {
        let weights = try Tensor((0..<300_000).map(Float.init))
        return try Checkpoint(
            .dictionary(["a": CheckpointValue(weights), "b": CheckpointValue(7)]))
    }

    private typealias Save = (FilePath) throws -> Void

    private static func saves() throws -> [(name: String, save: Save, bytes: [UInt8])] {
        let checkpoint = try checkpoint()
        let copy = try Checkpoint(bytes: checkpoint.serialized())
        let tensors = try checkpoint.stateDict()
        let folder = try TemporaryFolder()
        let saves: [(String, Save)] = [
            ("zip", { try checkpoint.write(to: $0) }),
            ("copy", { try copy.write(to: $0) }),
            ("legacy", { try checkpoint.write(to: $0, options: SaveOptions(layout: .legacy)) }),
            ("safetensors", { try tensors.writeSafetensors(to: $0) }),
        ]
        return try saves.map { name, save in
            // The root folder has the name of the file.
            let path = folder.path("file.pth")
            try save(FilePath(path))
            return try (name, save, Array(Data(contentsOf: URL(fileURLWithPath: path))))
        }
    }

    /// Saves while a call goes wrong, and checks what is there afterwards.
    ///
    /// - Returns: Whether the new file is there, and how many of the calls there were.
    @discardableResult
    private func check(
        _ save: (name: String, save: Save, bytes: [UInt8]), _ calls: SystemCalls, _ fault: Fault,
        _ turn: Turn, replacing: Bool
    ) throws -> (isSaved: Bool, callCount: Int) {
        let path = folder.path("file.pth")
        try? FileManager.default.removeItem(atPath: path)
        if replacing { _ = try folder.write("file.pth", Self.old) }
        let (outcome, count) = inject(fault, into: calls, turn) { try save.save(FilePath(path)) }
        let what = "\(save.name), \(fault) in \(calls), \(turn): \(outcome)"
        switch outcome {
        case .success: #expect(try folder.contents() == ["file.pth": save.bytes], "\(what)")
        case .failure:
            #expect(outcome.checkpointError?.code == .fileSystem, "\(what)")
            #expect(outcome.checkpointError?.path == path, "\(what)")
            #expect(try folder.contents() == (replacing ? ["file.pth": Self.old] : [:]), "\(what)")
        }
        return ((try? outcome.get()) != nil, count)
    }

    @Test(
        arguments: [
            (.open, [EIO, EMFILE, ENOSPC, EINTR]), (.write, [EIO, ENOSPC, EDQUOT, EFBIG, EINTR]),
            (.flush, [EIO, ENOSPC, EINTR]), (.rename, [EIO, ENOSPC]),
            (.link, [EIO, ENOSPC, EINTR]),
            (.close, [EIO, ENOSPC, EINTR]), (.status, [EIO, EACCES]),
            ([.open, .write, .flush, .rename, .link, .close, .status], [EIO]),
        ] as [(SystemCalls, [Int32])])
    func `any call that fails leaves the old file or the new one, whole`(
        _ calls: SystemCalls, _ errors: [Int32]
    ) throws {
        for save in try Self.saves() {
            for (error, replacing) in errors.flatMap({ [($0, true), ($0, false)] }) {
                let fault = Fault.error(error)
                let whole = try check(save, calls, fault, .none, replacing: replacing)
                #expect(whole.isSaved)
                try #require(whole.callCount > 0, "\(calls) is called")
                for number in 1...whole.callCount {
                    try check(save, calls, fault, .number(number), replacing: replacing)
                }
            }
        }
    }

    @Test func `a call that says it was interrupted is made again`() throws {
        for save in try Self.saves() {
            for calls in [.write, .flush, .open, .close] as [SystemCalls] {
                let outcome = try check(save, calls, .error(EINTR), .everyOther, replacing: true)
                #expect(outcome.isSaved, "\(save.name), \(calls)")
            }
        }
    }

    @Test func `what is written in parts is written whole`() throws {
        for save in try Self.saves() {
            let whole = try check(save, .write, .short, .none, replacing: true)
            let outcome = try check(save, .write, .short, .everyOther, replacing: true)
            #expect(outcome.isSaved, "\(save.name)")
            #expect(outcome.callCount > whole.callCount, "\(save.name): it was cut")
        }
    }

    @Test func `a write, a flush and a rename that fail are errors`() throws {
        // That the sweep above has errors at all.
        let save = try #require(try Self.saves().first)
        for calls in [.write, .flush, .rename, .link] as [SystemCalls] {
            let outcome = try check(save, calls, .error(EIO), .number(1), replacing: true)
            #expect(!outcome.isSaved, "\(calls)")
        }
    }

    @Test(
        arguments: [
            .open, .write, .flush, .rename, .link, .close, .status, .read, .map, .lock,
        ] as [SystemCalls])
    func `a folder of checkpoints loses none, and has no new one that is not whole`(
        _ calls: SystemCalls
    ) throws {
        let count = try saveTwice(calls, .none)
        #expect(count > 0)
        for number in 0..<count { _ = try saveTwice(calls, .number(number + 1)) }
    }

    /// Saves two checkpoints to a folder, the second while a call fails.
    ///
    /// - Returns: How many of the calls there were.
    private func saveTwice(_ calls: SystemCalls, _ turn: Turn) throws -> Int {
        let folder = try TemporaryFolder()
        let directory = try CheckpointDirectory(folder.path, keepingLast: 1)
        try directory.save(Checkpoint(encoding: ["a": 1]), epoch: 1)
        let (outcome, count) = inject(.error(EIO), into: calls, turn) {
            try directory.save(Checkpoint(encoding: ["a": 2]), epoch: 2)
        }
        let what = "\(calls) \(turn): \(outcome)"
        if case .failure = outcome {
            let codes: [CheckpointError.Code] = [.fileSystem, .outOfMemory]
            #expect(
                outcome.checkpointError.map { codes.contains($0.code) } == true, "\(what)")
        }
        let latest = try #require(try directory.latest(), "\(what)")
        #expect(try latest.open()["a"]?.int == latest.epoch, "\(what)")
        #expect(try directory.listing().damaged.isEmpty, "\(what)")
        if (try? outcome.get()) != nil { #expect(latest.epoch == 2, "\(what)") }
        return count
    }
}
