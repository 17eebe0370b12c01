import TestSupport
import Testing
import TorchCheckpoint

/// Every fixture written in every way, as torch reads it afterwards.
@Suite struct EverythingWrittenTests {
    /// What `comparing.py` can't hold to its original yet.
    private static let waiting = ["modules_quantized"]

    private static let comparable = Fixture.readable("zip").filter { fixture in
        !waiting.contains { fixture.name.contains("/" + $0) }
    }

    /// All but what torch itself reads wrongly, so that it can't be the judge of it.
    static let fixtures = comparable.filter {
        !FixtureTests.torchMisreads.contains($0.name)
    }

    /// Those of the oldest and the newest torch, and what only the newest writes.
    static let oldestAndNewest = fixtures.filter {
        $0.name.hasPrefix("torch-1") || $0.name.hasPrefix("torch-2.13")
    }

    @Test func `what is laid out anew is the same to torch`() throws {
        var checks = try WrittenChecks()
        for fixture in Self.fixtures {
            var options = fixture.saveOptions
            options.layout = .current
            try write(fixture, to: &checks, options, []) { _ in true }
        }
        #expect(checks.count > 400)
        try checks.run()
    }

    @Test func `what other protocols wrote is the same to torch at protocol 2`() throws {
        var checks = try WrittenChecks()
        var protocols: Set<Int> = []
        for fixture in Self.fixtures {
            let version = try fixture.checkpoint().graph.protocolVersion
            guard version != 2 else { continue }
            protocols.insert(version)
            try write(fixture, to: &checks, SaveOptions(globals: .inert), []) { checkpoint in
                try checkpoint.set(checkpoint.root, at: [])
                return true
            }
        }
        // Protocol 1 has no opcode that says so.
        #expect(protocols == [0, 3, 4, 5])
        try checks.run()
    }

    @Test(arguments: ["bfloat16", "float64"])
    func `a cast is what torch makes of it`(_ name: String) throws {
        var checks = try WrittenChecks()
        let dtype = try #require(DType(rawValue: name))
        for fixture in Self.oldestAndNewest {
            let edit: JSONValue = ["op": "cast", "dtype": .string(name)]
            try write(fixture, to: &checks, fixture.saveOptions, [edit]) {
                try $0.castFloatingPoint(to: dtype) > 0
            }
        }
        #expect(checks.count > 50)
        try checks.run()
    }

    @Test func `a compact checkpoint is the same to torch`() throws {
        var checks = try WrittenChecks()
        for fixture in Self.oldestAndNewest {
            let edit: JSONValue = ["op": "compact"]
            try write(fixture, to: &checks, fixture.saveOptions, [edit]) { try $0.compact() > 0 }
        }
        #expect(checks.count > 10)
        try checks.run()
    }

    @Test func `a part of a checkpoint is what torch finds there`() throws {
        var checks = try WrittenChecks()
        for fixture in Self.oldestAndNewest {
            let place = try EditedPlace.all(in: fixture.checkpoint()).last {
                $0.value.kind == .dictionary || $0.value.isTensor
            }
            guard let place, let task = place.path.task else { continue }
            let edit: JSONValue = ["op": "sub", "path": task]
            try write(fixture, to: &checks, fixture.saveOptions, [edit]) {
                $0 = try $0.extracting(at: place.path)
                return true
            }
        }
        #expect(checks.count > 150)
        try checks.run()
    }

    @Test func `another device tag is what torch is told`() throws {
        var checks = try WrittenChecks()
        for fixture in Self.oldestAndNewest {
            var options = fixture.saveOptions
            options.mapLocation = .device(.cuda(7))
            // torch moves these to the device, which has to be there: `RareTensorTests`.
            guard fixture.kind != "kinds_device_tensors.pth" else { continue }
            let edit: JSONValue = ["op": "device", "device": "cuda:7"]
            try write(fixture, to: &checks, options, [edit]) { _ in true }
        }
        #expect(checks.count > 200)
        try checks.run()
    }

    /// Writes a fixture after a change, for Python to check against some edits.
    ///
    /// - Parameter change: Whether there is anything to check.
    private func write(
        _ fixture: Fixture, to checks: inout WrittenChecks, _ options: SaveOptions,
        _ edits: [JSONValue], _ change: (inout Checkpoint) throws -> Bool
    ) throws {
        do {
            var checkpoint = try fixture.checkpoint()
            guard try change(&checkpoint) else { return }
            let path = checks.path()
            try checkpoint.write(to: path, options: options)
            checks.edits(edits, of: fixture, path, edits.first?["op"]?.string ?? "")
        } catch {
            Issue.record("\(fixture): \(error)")
        }
    }
}

extension Fixture {
    /// The name of the file, the same for all versions of torch.
    fileprivate var kind: String { String(name.split(separator: "/").last ?? "") }
}
