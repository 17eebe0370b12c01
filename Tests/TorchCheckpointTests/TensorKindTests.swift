import TestSupport
import Testing
import TorchCheckpoint

/// The tensors of `PythonFixtures/tensor_kinds.py`, against what torch makes of them.
@Suite struct TensorKindTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let outcome = try TorchPython.run(script: "tensor_kinds.py", ["write", folder.path])
        try #require(outcome.status == 0, "\(outcome.error.suffix(2000))")
    }

    private func open(_ name: String) throws -> Checkpoint {
        try Checkpoint(contentsOf: folder.path(name))
    }

    private func cases(_ checkpoint: Checkpoint) throws -> [(name: String, value: CheckpointValue)]
    {
        let cases = try #require(checkpoint["cases"]?.dictionary)
        return cases.map { ($0.key.description, $0.value) }
    }

    private func check(_ result: Tensor, _ expected: CheckpointValue, _ name: String) throws {
        let expected = try expected.tensor()
        #expect(result.dtype == expected.dtype, "\(name)")
        #expect(result.shape == expected.shape, "\(name)")
        #expect(try result.sameNumbers(as: expected), "\(name)")
    }

    @Test(arguments: ["kinds.pth", "jagged.pth", "old.pth"])
    func `dense tensors, components and dequantized numbers are torch's`(_ file: String) throws {
        let checkpoint = try open(file)
        var count = 0
        for (name, value) in try cases(checkpoint) {
            guard let expected = checkpoint["expected"]?[name] else { continue }
            count += 1
            #expect(value.isAnyTensor, "\(name)")
            switch try value.tensorValue() {
            case .strided(let tensor):
                let result = tensor.quantization == nil ? tensor : try tensor.dequantized()
                try check(result, expected, name)
            case .sparse(let tensor):
                _ = try value.sparseTensor()
                try check(tensor.dense(), expected, name)
                if tensor.layout == .coo { try check(tensor.coalesced().dense(), expected, name) }
            case .nested(let tensor):
                let components = try tensor.components()
                let parts = try #require(expected.array)
                #expect(components.count == parts.count, "\(name)")
                for (component, part) in zip(components, parts) { try check(component, part, name) }
            case .uninitialized: Issue.record("\(name) has no shape")
            }
        }
        #expect(count >= (file == "kinds.pth" ? 100 : 4))
    }

    @Test func `a coalesced tensor has torch's coordinates and values`() throws {
        let checkpoint = try open("kinds.pth")
        for (name, value) in try cases(checkpoint) where name.contains("uncoalesced") {
            let other = name.replacing("uncoalesced", with: "coalesced")
            let expected = try #require(checkpoint["cases"]?[other]).sparseTensor()
            let result = try value.sparseTensor().coalesced()
            #expect(expected.isCoalesced == true)
            for (left, right) in zip(result.parts, expected.parts) {
                #expect(left.tensor.shape == right.tensor.shape, "\(name)")
                #expect(try left.tensor.sameNumbers(as: right.tensor), "\(name)")
            }
        }
    }

    @Test func `quantized tensors print as torch prints them`() throws {
        let printed = try open("printed.pth")
        var count = 0
        for (name, value) in try cases(open("kinds.pth")) {
            guard let text = printed[name.replacing("quantized ", with: "")]?.string else {
                continue
            }
            count += 1
            #expect(try value.tensor().formatted() == text, "\(name)")
        }
        #expect(count > 40)
    }

    @Test func `indices that break a rule are refused when they are read, and not before`() throws {
        let checkpoint = try open("refused.pth")
        #expect(try checkpoint.tensorValues().count == 11)
        for (name, value) in try cases(checkpoint) {
            guard case .sparse(let tensor) = try value.tensorValue() else {
                Issue.record("\(name) is not sparse")
                continue
            }
            let codes = [
                thrownCode { _ = try value.sparseTensor() },
                thrownCode { try tensor.validateIndices() },
                thrownCode { _ = try tensor.dense() },
            ]
            #expect(codes == [.invalidTensor, .invalidTensor, .invalidTensor], "\(name)")
        }
    }

    @Test(arguments: ["kinds.pth", "jagged.pth"])
    func `what is written back is the same to torch`(_ file: String) throws {
        let checkpoint = try open(file)
        var made = OrderedDictionary<CheckpointKey, CheckpointValue>()
        var copied = OrderedDictionary<CheckpointKey, CheckpointValue>()
        for (name, value) in try cases(checkpoint) {
            made[.string(name)] = try CheckpointValue(value.tensorValue())
            copied[.string(name)] = value
        }
        for (name, entries) in [("made.pth", made), ("copied.pth", copied)] {
            try Checkpoint(.dictionary(["cases": .dictionary(entries)]))
                .write(
                    to: FilePath(folder.path(name)), options: SaveOptions(globals: .inert))
        }
        let outcome = try TorchPython.run(
            script: "tensor_kinds.py",
            ["check", folder.path(file), folder.path("made.pth"), folder.path("copied.pth")])
        #expect(outcome.status == 0, "\(outcome.error.suffix(2000))")
    }

    @Test func `a wrapper subclass has facts, no data, and its tensors among its fields`() throws {
        let checkpoint = try open("wrapper.pth")
        let value = try #require(checkpoint["wrapper"])
        let tensor = try value.tensor()
        #expect(value.typeName.name == "Wrapper")
        #expect(tensor.shape == [2, 3])
        #expect(!tensor.hasData)
        #expect(tensor.device == .cpu)
        #expect(thrownCode { _ = try tensor.array(of: Float.self) } == .noData)
        #expect(try value["inner"]?.tensor().array(of: Float.self) == [0, 1, 2, 3, 4, 5])
        #expect(value.fields.keys == ["inner"])
        let paths = try checkpoint.tensors().map(\.path)
        #expect(paths == [["wrapper"], ["wrapper", "<state>", "inner"]])
        #expect(checkpoint[paths[1]]?.isTensor == true)
        #expect(thrownCode { _ = try CheckpointValue(tensor) } == .noData)
    }

    @Test func `old forms are parameters where torch makes parameters`() throws {
        let checkpoint = try open("old.pth")
        let facts = try cases(checkpoint).filter { $0.name.hasPrefix("Parameter") }.map {
            let tensor = try $0.value.tensor()
            return [tensor.isParameter, tensor.requiresGrad]
        }
        #expect(facts == [[true, true], [true, false], [true, false]])
    }

    @Test(arguments: ["kinds.pth", "jagged.pth", "old.pth", "wrapper.pth"])
    func `changed bytes never trap`(_ file: String) throws {
        let checkpoint = try open(file)
        let archive = try #require(checkpoint.archive)
        let record = try #require(archive.entries.first { $0.name.hasSuffix("data.pkl") })
        let whole = try folder.contents()[file] ?? []
        let start = try #require(whole.firstRange(of: try archive.bytes(of: record))).lowerBound
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = start + Int.random(in: 0..<record.byteCount, using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            do {
                try read(Checkpoint(bytes: bytes))
            } catch is CheckpointError {}
        }
    }

    private func read(_ checkpoint: Checkpoint) throws {
        _ = try? checkpoint.totals()
        for entry in try checkpoint.tensorValues() {
            switch entry.value {
            case .strided(let tensor):
                if tensor.quantization != nil { _ = try? tensor.dequantized() }
            case .sparse(let tensor): _ = try? tensor.dense(maximumByteCount: 1 << 16)
            case .nested(let tensor): _ = try? tensor.components()
            case .uninitialized: break
            }
            _ = try? CheckpointValue(entry.value)
        }
    }
}

private func thrownCode(_ body: () throws -> Void) -> CheckpointError.Code? {
    thrown(CheckpointError.self, body)?.code
}

extension Tensor {
    /// Whether both have the same bits, all NaN being the same.
    fileprivate func sameNumbers(as other: Tensor) throws -> Bool {
        guard dtype == .float32 else { return try rowMajorBytes() == other.rowMajorBytes() }
        let (left, right) = try (array(of: Float.self), other.array(of: Float.self))
        return left.count == right.count
            && zip(left, right).allSatisfy {
                $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN
            }
    }
}
