import Foundation
import SystemPackage
import TestSupport
import Testing
import TorchCheckpoint

/// Has a signal come every so many microseconds, whose handler does nothing and which interrupts
/// calls of the system.
private func startStorm(every microseconds: Int) throws {
    var action = sigaction()
    #if os(Linux)
        action.__sigaction_handler.sa_handler = { _ in }
    #else
        action.__sigaction_u.__sa_handler = { _ in }
    #endif
    try #require(sigaction(SIGALRM, &action, nil) == 0)
    let interval = timeval(tv_sec: 0, tv_usec: numericCast(microseconds))
    var timer = itimerval(it_interval: interval, it_value: interval)
    #if os(Linux)
        try #require(setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil) == 0)
    #else
        try #require(setitimer(ITIMER_REAL, &timer, nil) == 0)
    #endif
}

/// A storm of signals changes nothing: calls that they interrupt are made again.
@Suite struct SignalTests {
    @Test func `files are saved and read under a storm of signals`() async throws {
        let folder = try TemporaryFolder()
        await #expect(processExitsWith: .success) { [path = folder.path as String] in
            try startStorm(every: 100)
            let values = (0..<500_000).map(Float.init)
            let end = ContinuousClock.now + .seconds(2)
            let directory = try CheckpointDirectory(path, keepingLast: 2)
            var epoch = 0
            while ContinuousClock.now < end || epoch < 3 {
                epoch += 1
                let checkpoint = try Checkpoint(.dictionary(["a": CheckpointValue(Tensor(values))]))
                try directory.save(checkpoint, epoch: epoch)
                for access in FileAccess.allCases {
                    let options = LoadOptions(fileAccess: access)
                    let read = try #require(try directory.latest()).open(options: options)
                    try #require(try read.verifyChecksums() > 0)
                    try #require(try read["a"]?.tensor().array() == values)
                }
            }
            try #require(try directory.listing().entries.map(\.epoch) == [epoch - 1, epoch])
        }
    }

    @Test func `waiting for the lock of a folder goes on after a signal`() async throws {
        let folder = try TemporaryFolder()
        await #expect(processExitsWith: .success) { [path = folder.path as String] in
            let lock = open(path, O_RDONLY)
            try #require(lock >= 0 && flock(lock, LOCK_EX) == 0)
            try startStorm(every: 500)
            Thread.detachNewThread {
                // Interrupted sleeps end early.
                let end = Date() + 0.3
                while Date() < end { usleep(10_000) }
                close(lock)
            }
            let start = Date()
            let directory = try CheckpointDirectory(path)
            try directory.save(Checkpoint(encoding: ["a": 1]), epoch: 1)
            try #require(Date().timeIntervalSince(start) > 0.2)
        }
    }
}
