import Foundation
import SystemPackage
import TestSupport
import Testing
import TorchCheckpoint

/// Whatever call of the system fails while a file is read, what is read is right, or there is a clear
/// error.
@Suite(.enabled(if: canInject, "calls can be made to fail on Linux"))
struct LoadingFaultTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let values = (0..<2_000_000).map(Float.init)

    private typealias Way = (name: String, isRight: () throws -> Bool)

    /// Ways to read a file, each of which says whether it was read right.
    private func ways() throws -> [Way] {
        let large = try Checkpoint(
            .dictionary(["a": CheckpointValue(Tensor(Self.values)), "epoch": CheckpointValue(3)]))
        let path = try CheckpointDirectory(folder.path("run")).save(large, epoch: 3).path
        return try opening(large, path) + safetensors() + judging(path) + afterwards(path)
    }

    /// Opens a checkpoint in each layout, as a part of a file, and a tar archive.
    private func opening(_ checkpoint: Checkpoint, _ path: FilePath) throws -> [Way] {
        let legacy = FilePath(folder.path("legacy.pth"))
        try checkpoint.write(to: legacy, options: SaveOptions(layout: .legacy))
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path.string)))
        let around = FilePath(try folder.write("around.bin", [1, 2, 3] + bytes + [4, 5]))
        let tar = FilePath(Fixture.path("by_hand/tar_big_endian_header.pth"))
        let files: [(FilePath, Range<Int>?)] = [
            (path, nil), (legacy, nil), (around, 3..<(3 + bytes.count)), (tar, nil),
        ]
        return files.flatMap { path, range in
            FileAccess.allCases.map { access in
                let options = LoadOptions(fileAccess: access)
                return (
                    "open \(path.stem ?? "") \(access)",
                    {
                        let checkpoint = try Checkpoint(
                            contentsOf: path, range: range, options: options)
                        let isRight =
                            try path == tar
                            || checkpoint["a"]?.tensor().array() == Self.values
                        return isRight && checkpoint["epoch"]?.int == 3
                    }
                )
            }
        }
    }

    private func safetensors() throws -> [Way] {
        let path = FilePath(folder.path("x.safetensors"))
        try StateDict(["a": Tensor(Self.values)]).writeSafetensors(to: path)
        return FileAccess.allCases.map { access in
            (
                "safetensors \(access)",
                {
                    try SafetensorsFile(contentsOf: path, fileAccess: access).tensors["a"]?
                        .array() == Self.values
                }
            )
        }
    }

    private func judging(_ path: FilePath) -> [Way] {
        FileAccess.allCases.flatMap { access -> [Way] in
            let options = LoadOptions(fileAccess: access)
            return [
                (
                    "scan \(access)",
                    { try CheckpointScan(contentsOf: path, fileAccess: access).isClean }
                ),
                (
                    "verify all \(access)",
                    { try CheckpointVerification(contentsOf: path, options: options).isPassed }
                ),
            ]
        } + [("format", { try FileFormat(ofFileAt: path) == .zip })]
    }

    private func afterwards(_ path: FilePath) throws -> [Way] {
        let opened = try Checkpoint(contentsOf: path)
        return [
            ("verify", { try opened.verifyChecksums() > 0 }),
            ("copy", { try opened.stateDict().copied().tensor("a").array() == Self.values }),
            (
                "latest",
                {
                    // A value of its own remembers nothing.
                    try CheckpointDirectory(folder.path("run")).latest()?.epoch == 3
                }
            ),
        ]
    }

    @Test(
        arguments: [
            (.open, [EIO, EMFILE, ENFILE, ENOMEM]), (.read, [EIO, EINVAL]),
            (.status, [EIO, ENOMEM]),
            (.map, [ENOMEM, EAGAIN, ENODEV]), (.close, [EIO, EINTR]),
        ] as [(SystemCalls, [Int32])])
    func `any call that fails is a clear error, or makes no difference`(
        _ calls: SystemCalls, _ errors: [Int32]
    ) throws {
        var failures = 0
        for (name, isRight) in try ways() {
            for fault in errors.map(Fault.error) {
                let whole = inject(fault, into: calls, .none, isRight)
                #expect(try whole.outcome.get(), "\(name)")
                for number in 1..<whole.callCount + 1 {
                    let (outcome, _) = inject(fault, into: calls, .number(number), isRight)
                    let what = "\(name), \(fault) in \(calls) \(number): \(outcome)"
                    switch outcome {
                    case .success(let isRight): #expect(isRight, "\(what)")
                    case .failure:
                        let codes: [CheckpointError.Code] = [.fileSystem, .outOfMemory]
                        #expect(
                            outcome.checkpointError.map { codes.contains($0.code) } == true,
                            "\(what)")
                        #expect(outcome.checkpointError?.path != nil, "\(what)")
                        failures += 1
                    }
                }
            }
        }
        #expect(failures > 0 || calls == .close)
    }

    @Test(arguments: [Fault.short, .error(EINTR)])
    func `what is read in parts, or interrupted, is read whole`(_ fault: Fault) throws {
        for (name, isRight) in try ways() {
            let calls: SystemCalls = if case .short = fault { .read } else { [.read, .open] }
            let whole = inject(fault, into: calls, .none, isRight)
            // Of a copy, other threads read more or less, and may read everything at times.
            let least = name == "copy" ? 1 : whole.callCount + 1
            var count = 0
            for _ in 0..<(name == "copy" ? 50 : 1) where count < least {
                let cut = inject(fault, into: calls, .everyOther, isRight)
                #expect((try? cut.outcome.get()) == true, "\(name): \(cut.outcome)")
                count = cut.callCount
            }
            #expect(count >= least || whole.callCount == 0, "\(name): it was cut")
        }
    }

    @Test func `a checkpoint that can't be read now is not taken for damaged`() throws {
        let directory = try CheckpointDirectory(folder.path("run"))
        for epoch in [1, 2] { try directory.save(Checkpoint(encoding: ["a": 1]), epoch: epoch) }
        for (calls, error) in [
            (.read, EIO), (.open, EMFILE), (.open, ENFILE), (.map, ENOMEM), (.status, EIO),
        ] as [(SystemCalls, Int32)] {
            let count = inject(into: calls, .none) {
                _ = try CheckpointDirectory(folder.path("run")).latest()
            }.callCount
            for number in 1...count {
                let (outcome, _) = inject(.error(error), into: calls, .number(number)) {
                    try CheckpointDirectory(folder.path("run")).latest()?.epoch
                }
                if case .success(let epoch) = outcome { #expect(epoch == 2, "\(calls) \(number)") }
            }
        }
    }
}
