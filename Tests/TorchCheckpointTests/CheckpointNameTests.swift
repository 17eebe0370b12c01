import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import TorchCheckpoint

/// What the names of a folder's checkpoints say, and which names are none.
@Suite struct CheckpointNameTests {
    private func name(_ epoch: Int, _ metric: Double?) throws -> String {
        try CheckpointName(epoch: epoch, metric: metric.map { ("val_loss", $0) })
            .name(fileExtension: "pth")
    }

    @Test(
        arguments: [
            (0, nil, "epoch=0.pth"), (12, 0.25, "epoch=12-val_loss=0.25.pth"),
            (7, -1.5, "epoch=7-val_loss=-1.5.pth"), (7, 3, "epoch=7-val_loss=3.0.pth"),
            (7, 1e-05, "epoch=7-val_loss=1e-05.pth"), (7, 0, "epoch=7-val_loss=0.0.pth"),
            (7, -0.0, "epoch=7-val_loss=-0.0.pth"), (7, 1e300, "epoch=7-val_loss=1e+300.pth"),
            (7, 0.1 + 0.2, "epoch=7-val_loss=0.30000000000000004.pth"),
            (7, .infinity, "epoch=7-val_loss=inf.pth"), (7, .nan, "epoch=7-val_loss=nan.pth"),
            (7, -.infinity, "epoch=7-val_loss=-inf.pth"), (7, -.nan, "epoch=7-val_loss=nan.pth"),
            (.max, .leastNonzeroMagnitude, "epoch=9223372036854775807-val_loss=5e-324.pth"),
        ] as [(Int, Double?, String)])
    func `a name is written as it reads`(
        _ epoch: Int, _ metric: Double?, _ text: String
    ) throws {
        #expect(try name(epoch, metric) == text)
        let read = try #require(CheckpointName(text, fileExtension: "pth"))
        #expect(read.epoch == epoch)
        #expect(read.metric?.name == metric.map { _ in "val_loss" })
        #expect(read.metric?.value.isNaN == metric?.isNaN)
        if let metric, !metric.isNaN { #expect(read.metric?.value == metric) }
    }

    @Test func `every number comes back as it was`() throws {
        var random = SeededGenerator(seed: 20_261_123)
        for _ in 0..<2000 {
            let value = Double(bitPattern: random.next())
            let epoch = Int(random.next() >> (1 + random.next() % 63))
            let text = try name(epoch, value)
            let read = try #require(CheckpointName(text, fileExtension: "pth"), "\(text)")
            #expect(read.epoch == epoch)
            let found = try #require(read.metric?.value)
            #expect(found.bitPattern == value.bitPattern || found.isNaN && value.isNaN, "\(text)")
        }
    }

    @Test(
        arguments: [
            "", "epoch=", "epoch=.pth", "epoch=012.pth", "epoch=+1.pth", "epoch=-1.pth",
            "epoch=1.PTH", "epoch=1.pt", "epoch=1pth", "epoch=1", "Epoch=1.pth", "epoch= 1.pth",
            "epoch=1.pth ", "epoch=1 .pth", "epoch=9223372036854775808.pth",
            "epoch=\(String(repeating: "9", count: 200)).pth", "epoch=1-.pth", "epoch=1-loss.pth",
            "epoch=1-loss=.pth", "epoch=1-=1.0.pth", "epoch=1-loss=1.pth", "epoch=1-loss=1.50.pth",
            "epoch=1-loss=+1.0.pth", "epoch=1-loss=1e5.pth", "epoch=1-loss=0x1p3.pth",
            "epoch=1-loss=infinity.pth", "epoch=1-loss=-nan.pth", "epoch=1-loss=NaN.pth",
            "epoch=1-loss=1e999.pth", "epoch=1-lo ss=1.0.pth", "epoch=1-lö=1.0.pth",
            "epoch=1-a=1.0-b=2.0.pth", "epoch=1-a-b=1.0.pth", "epoch=١.pth", "epoch=1.pth.tmp",
            ".epoch=1.pth", "epoch=1\u{301}.pth", "epoch=1-loss=1.0\u{301}.pth", "last.pth",
        ])
    func `a name that would be written differently is somebody else's`(_ text: String) {
        #expect(CheckpointName(text, fileExtension: "pth") == nil)
    }

    @Test(arguments: [
        ("a", "pth"), ("val_loss", "pt"), ("top5.Accuracy_", "ckpt.pth"),
        (String(repeating: "m", count: 45), "pth"),
    ])
    func `a metric and an extension make names that read`(
        _ metric: String, _ fileExtension: String
    ) throws {
        try CheckpointName.check(metric: metric, fileExtension: fileExtension)
        for value in [0.25, -2.2250738585072014e-308] {
            let name = try CheckpointName(epoch: .max, metric: (metric, value))
            let text = name.name(fileExtension: fileExtension)
            #expect(CheckpointName(text, fileExtension: fileExtension) == name)
            #expect(text.utf8.count <= 100)
        }
    }

    @Test(
        arguments: [
            ("", "pth"), ("val loss", "pth"), ("val/loss", "pth"), ("val-loss", "pth"),
            ("a=b", "pth"), ("verlust_ä", "pth"), ("a\u{0}", "pth"), ("..\\x", "pth"),
            (String(repeating: "m", count: 46), "pth"), (nil, ""), (nil, ".pth"), (nil, "pth."),
            (nil, "p/th"), (nil, "p th"), (nil, "."), (nil, String(repeating: "e", count: 49)),
        ] as [(String?, String)])
    func `what can't be part of a name is refused at once`(
        _ metric: String?, _ fileExtension: String
    ) throws {
        let metric = metric.map { CheckpointDirectory.Metric.minimizing($0) }
        let makers: [() throws -> CheckpointDirectory] = [
            { try CheckpointDirectory("a/b", metric: metric, fileExtension: fileExtension) },
            {
                try CheckpointDirectory(
                    FilePath("a/b"), metric: metric, fileExtension: fileExtension)
            },
            {
                try CheckpointDirectory(
                    URL(fileURLWithPath: "a/b"), metric: metric, fileExtension: fileExtension)
            },
        ]
        for maker in makers {
            let error = try thrown { _ = try maker() }
            #expect(error.code == .invalidCheckpointName)
            #expect(error.path?.hasSuffix("a/b") == true && error.advice != nil)
        }
    }

    @Test(arguments: [(0, 3, 1), (-1, 3, 1), (1, -1, 1), (1, 3, -1), (.min, .min, .min)])
    func `numbers that make no sense are refused`(_ every: Int, _ last: Int, _ best: Int) throws {
        let error = try thrown {
            _ = try CheckpointDirectory(
                "runs", keepingLast: last, keepingBest: best, every: every)
        }
        #expect(error.code == .numberOutOfRange && error.path == "runs" && error.advice != nil)
    }

    @Test func `a directory says what it was made with`() throws {
        let directory = try CheckpointDirectory(
            "runs", metric: .maximizing("accuracy"), keepingLast: nil, keepingBest: 0, every: 7,
            fileExtension: "pt", verification: .structure,
            loadOptions: LoadOptions(globals: .weightsOnly))
        #expect(directory.path == "runs" && directory.metric == .maximizing("accuracy"))
        #expect(directory.metric != .minimizing("accuracy"))
        #expect(directory.lastCount == nil && directory.bestCount == 0 && directory.every == 7)
        #expect(directory.fileExtension == "pt" && directory.verification == .structure)
        #expect(directory.loadOptions.globals == .weightsOnly)
        let usual = try CheckpointDirectory("runs")
        #expect(usual.lastCount == 3 && usual.bestCount == 1 && usual.every == 1)
    }

    @Test func `an epoch below 0, and a metric without a name, are refused`() throws {
        let folder = try TemporaryFolder()
        let directory = try CheckpointDirectory(folder.path)
        for epoch in [-1, .min] {
            #expect(try thrown { try directory.saveSmall(epoch) }.code == .invalidCheckpointName)
        }
        #expect(try thrown { try directory.saveSmall(1, 0.5) }.code == .invalidCheckpointName)
        #expect(try folder.names.isEmpty)
    }
}
