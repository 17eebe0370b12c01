import Foundation
import TestSupport
import Testing

@testable import TorchCheckpoint

/// Which checkpoints a save leaves in the folder.
@Suite struct DirectoryRetentionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What is saved, and the epochs that are there behind it.
    struct Row: Sendable, CustomStringConvertible {
        let description: String
        var metric: CheckpointDirectory.Metric? = .minimizing()
        var last: Int? = 3
        var best = 1
        let saves: [(epoch: Int, metric: Double?)]
        let left: [Int]
        var bestEpoch: Int?
    }

    private static let falling = (1...9).map { (epoch: $0, metric: Optional(1 / Double($0))) }
    private static let rising = (1...9).map { (epoch: $0, metric: Optional(Double($0))) }

    static let rows: [Row] = [
        Row(
            description: "no metric", metric: nil, saves: (1...9).map { ($0, nil) },
            left: [7, 8, 9]),
        Row(
            description: "all", metric: nil, last: nil, saves: (1...9).map { ($0, nil) },
            left: Array(1...9)),
        Row(description: "falling loss", saves: falling, left: [7, 8, 9], bestEpoch: 9),
        Row(description: "rising loss", saves: rising, left: [1, 7, 8, 9], bestEpoch: 1),
        Row(
            description: "rising accuracy", metric: .maximizing("loss"), saves: rising,
            left: [7, 8, 9], bestEpoch: 9),
        Row(
            description: "falling accuracy", metric: .maximizing("loss"), saves: falling,
            left: [1, 7, 8, 9], bestEpoch: 1),
        Row(
            description: "several best", last: 1, best: 3, saves: rising, left: [1, 2, 3, 9],
            bestEpoch: 1),
        Row(description: "the best only", last: 0, saves: rising, left: [1, 9], bestEpoch: 1),
        Row(description: "no best", best: 0, saves: rising, left: [7, 8, 9], bestEpoch: 7),
        Row(
            description: "nothing but the new one", last: 0, best: 0, saves: rising, left: [9],
            bestEpoch: 9),
        Row(
            description: "ties: the earlier one", last: 1,
            saves: [(1, 2), (2, 1), (3, 1), (4, 1), (5, 2)], left: [2, 5], bestEpoch: 2),
        Row(
            description: "0 and -0 are equal", last: 1, saves: [(1, 0), (2, -0.0), (3, 1)],
            left: [1, 3], bestEpoch: 1),
        Row(
            description: "NaN is never best", last: 1, saves: [(1, .nan), (2, 5), (3, .nan)],
            left: [2, 3], bestEpoch: 2),
        Row(description: "only NaN", last: 1, saves: [(1, .nan), (2, .nan)], left: [2]),
        Row(
            description: "infinity is better than none, worse than any", last: 1,
            saves: [(1, .infinity), (2, nil), (3, 1e308), (4, nil)], left: [3, 4], bestEpoch: 3),
        Row(
            description: "infinity alone", last: 1, saves: [(1, .infinity), (2, nil)],
            left: [1, 2],
            bestEpoch: 1),
        Row(
            description: "negative and with exponents", last: 1,
            saves: [(1, 1e-300), (2, -1e-300), (3, -1e300), (4, -2), (5, 0)], left: [3, 5],
            bestEpoch: 3),
        Row(
            description: "without a metric at times", last: 2,
            saves: [(1, nil), (2, 0.5), (3, nil), (4, nil)], left: [2, 3, 4], bestEpoch: 2),
        Row(
            description: "out of order: the new one is kept at first", last: 2,
            saves: [(8, 3), (9, 2), (3, 5)], left: [3, 8, 9], bestEpoch: 9),
        Row(
            description: "out of order: then it goes by its epoch", last: 2,
            saves: [(8, 3), (9, 2), (3, 5), (4, 5)], left: [4, 8, 9], bestEpoch: 9),
        Row(
            description: "by number, not by text", last: 2,
            saves: [(9, 4), (10, 3), (100, 2), (11, 2.5)], left: [11, 100], bestEpoch: 100),
    ]

    @Test(arguments: rows)
    func `the last ones and the best are kept`(_ row: Row) throws {
        let directory = try CheckpointDirectory(
            folder.path, metric: row.metric, keepingLast: row.last, keepingBest: row.best)
        for (epoch, metric) in row.saves {
            let entry = try directory.saveSmall(epoch, metric)
            #expect(try entry.storedEpoch == epoch)
        }
        let listing = try directory.listing()
        #expect(listing.entries.map(\.epoch) == row.left)
        #expect(listing.damaged.isEmpty)
        #expect(try folder.names.count == row.left.count)
        #expect(try directory.latest()?.epoch == row.left.last)
        #expect(try directory.best()?.epoch == row.bestEpoch)
        for entry in listing.entries { #expect(try entry.storedEpoch == entry.epoch) }
    }

    @Test(arguments: rows)
    func `every save keeps the same when each is by another value`(_ row: Row) throws {
        for (epoch, metric) in row.saves {
            try CheckpointDirectory(
                folder.path, metric: row.metric, keepingLast: row.last, keepingBest: row.best
            ).saveSmall(epoch, metric)
        }
        let directory = try CheckpointDirectory(folder.path)
        #expect(try directory.listing().entries.map(\.epoch) == row.left)
    }

    @Test func `of one epoch the one saved later is the later one`() throws {
        let directory = try CheckpointDirectory(folder.path, metric: .minimizing(), keepingLast: 1)
        // In no order of names or metrics, faster than a clock of files ticks.
        for metric in [5, 1, 9, 4, 8, 3, 7, 2, 6.0] {
            let entry = try directory.saveSmall(4, metric)
            #expect(try directory.latest() == entry)
        }
        #expect(try folder.names == ["epoch=4-loss=1.0.pth", "epoch=4-loss=6.0.pth"])
        #expect(try directory.best()?.metric == 1)
    }

    @Test func `a clock that goes backwards changes nothing`() throws {
        let directory = try CheckpointDirectory(folder.path, metric: .minimizing(), keepingLast: 2)
        try directory.saveSmall(4, 1)
        try folder.setModificationTime("epoch=4-loss=1.0.pth", 4e9)
        let entry = try directory.saveSmall(4, 2)
        #expect(try directory.latest() == entry)
        try directory.saveSmall(4, 3)
        #expect(try directory.listing().entries.compactMap(\.metric) == [1, 2, 3])
    }

    @Test func `the same epoch and metric again replace the file`() throws {
        let directory = try CheckpointDirectory(folder.path, metric: .minimizing())
        try directory.saveSmall(1, 0.5)
        let entry = try directory.save(checkpoint(ofEpoch: 7), epoch: 1, metric: 0.5)
        #expect(try folder.names == ["epoch=1-loss=0.5.pth"])
        #expect(try entry.storedEpoch == 7)
        #expect(try directory.latest() == entry)
    }

    @Test func `what another metric has chosen is left alone`() throws {
        try CheckpointDirectory(folder.path, metric: .minimizing("loss")).saveSmall(1, 0.5)
        try CheckpointDirectory(folder.path, metric: .maximizing("accuracy")).saveSmall(2, 0.5)
        let directory = try CheckpointDirectory(folder.path, keepingLast: 1)
        for epoch in 3...6 { try directory.saveSmall(epoch) }
        let listing = try directory.listing()
        #expect(listing.entries.map(\.epoch) == [1, 2, 6])
        #expect(listing.entries.map(\.metric) == [nil, nil, nil])
        #expect(try directory.best() == nil)
        let byLoss = try CheckpointDirectory(folder.path, metric: .minimizing("loss"))
        #expect(try byLoss.best()?.epoch == 1)
        #expect(try byLoss.latest()?.epoch == 6)
    }

    @Test func `damaged ones are neither counted nor removed`() throws {
        let directory = try CheckpointDirectory(folder.path, metric: .minimizing(), keepingLast: 2)
        for epoch in 1...4 { try directory.saveSmall(epoch, Double(epoch)) }
        let names = ["epoch=1-loss=1.0.pth", "epoch=4-loss=4.0.pth"]
        for name in names { _ = try folder.write(name, Array("damaged".utf8)) }
        // The best one is lost and the last but one; those before them take their places.
        try directory.saveSmall(5, 5)
        #expect(try directory.listing().entries.map(\.epoch) == [3, 5])
        try directory.saveSmall(6, 6)
        try directory.saveSmall(7, 7)
        let listing = try directory.listing()
        #expect(listing.entries.map(\.epoch) == [3, 6, 7])
        #expect(listing.damaged.map { $0.path.lastComponent?.string } == names)
        #expect(try directory.best()?.epoch == 3)
    }

    @Test(arguments: [CheckpointDirectory.Verification.checksums, .structure])
    func `a best one with a flipped bit costs no other if checksums are verified`(
        _ verification: CheckpointDirectory.Verification
    ) throws {
        for epoch in 1...3 {
            try CheckpointDirectory(folder.path, metric: .minimizing())
                .saveSmall(epoch, Double(epoch))
        }
        try folder.flipWeight("epoch=1-loss=1.0.pth")
        let directory = try CheckpointDirectory(
            folder.path, metric: .minimizing(), keepingLast: 1, keepingBest: 2,
            verification: verification)
        try directory.saveSmall(4, 4)
        try directory.saveSmall(5, 5)
        // The flipped one counts as best where nobody looks.
        let best = verification == .checksums ? [2, 3] : [1, 2]
        #expect(try directory.listing().entries.map(\.epoch) == best + [5])
        #expect(try directory.best()?.epoch == best[0])
    }

    @Test func `a file that changes after it was verified is looked at again`() throws {
        let directory = try CheckpointDirectory(folder.path, metric: .minimizing(), keepingLast: 1)
        for epoch in 1...3 { try directory.saveSmall(epoch, Double(epoch)) }
        #expect(try directory.listing().entries.map(\.epoch) == [1, 3])
        try folder.flipWeight("epoch=1-loss=1.0.pth")
        try directory.saveSmall(4, 4)
        #expect(try directory.listing().entries.map(\.epoch) == [3, 4])
        #expect(try directory.listing().damaged.count == 1)
    }

    @Test func `a copy of a damaged file does not push out a whole one`() throws {
        let directory = try CheckpointDirectory(folder.path, metric: .minimizing(), keepingLast: 1)
        let entry = try directory.saveSmall(1, 5)
        let bytes = try folder.contents()["epoch=1-loss=5.0.pth"] ?? []
        let copy = try folder.write("copy.pth", bytes)
        try folder.flipWeight("copy.pth")
        let saved = try directory.save(Checkpoint(contentsOf: copy), epoch: 2, metric: 1)
        #expect(try directory.listing().entries == [entry])
        #expect(try directory.listing().damaged.map(\.path) == [saved.path])
    }

    @Test func `a prune that was interrupted is completed by the next save`() throws {
        let all = try CheckpointDirectory(folder.path, metric: .minimizing(), keepingLast: nil)
        for epoch in 1...6 { try all.saveSmall(epoch, Double(epoch)) }
        #expect(try folder.names.count == 6)
        try CheckpointDirectory(folder.path, metric: .minimizing(), keepingLast: 2).saveSmall(7, 7)
        #expect(try all.listing().entries.map(\.epoch) == [1, 6, 7])
    }
}

extension TemporaryFolder {
    /// Flips a bit of the storage of a small checkpoint.
    func flipWeight(_ name: String) throws {
        let archive = try #require(try Checkpoint(contentsOf: path(name)).archive)
        let entry = try #require(archive.entries.first { $0.name.hasSuffix("/data/0") })
        var bytes = try #require(contents()[name])
        bytes[entry.dataOffset + 5] ^= 4
        _ = try write(name, bytes)
    }
}
