import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

/// What the other tests compare with: it has to see what is wrong.
struct ComparerTests {
    @Test func `a difference is in relation to the greatest number`() {
        #expect(difference([1, 2, 3] as [Double], [1, 2, 4]) == 0.25)
        #expect(difference([] as [Double], []) == 0)
        #expect(difference([1, 2] as [Float], [1]) == .infinity)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `no number agrees with what is not finite, wherever that is`(bad: Double) {
        let right = [1.0, 2, 3]
        for index in right.indices {
            var numbers = right
            numbers[index] = bad
            #expect(difference(numbers, right) == .infinity)
            #expect(difference(right, numbers) == .infinity)
            #expect(difference(numbers, numbers) == .infinity)
        }
        #expect(worst(of: [0, bad.magnitude]) == .infinity)
        #expect(worst(of: [bad.magnitude, 0]) == .infinity)
        #expect(worst(of: [0.5, 0]) == 0.5 && worst(of: []) == 0)
    }

    // A tensor of each part of a run.
    private static let spoiled: [(part: String, path: CheckpointPath)] = [
        ("parameters", ["model_state_dict", "head.weight"]),
        ("buffers", ["model_state_dict", "layers.0.norm.running_mean"]),
        ("optimizer", ["optimizer_state_dict", "state", 0, "exp_avg_sq"]),
    ]

    @Test func `the comparison in Python does not pass over NaN and infinity either`() throws {
        let folder = try TemporaryFolder()
        let path = try Reference.path("adam_float32/torch_5.pth")
        let bad = [Float.nan, .infinity]
        var others = [path]
        for (number, bad) in bad.enumerated() {
            for (part, place) in Self.spoiled {
                var checkpoint = try Checkpoint(contentsOf: path)
                let tensor = try checkpoint.value(at: place).tensor()
                var numbers = try tensor.array(of: Float.self)
                numbers[numbers.count - 1] = bad
                try checkpoint.set(Tensor(numbers, shape: tensor.shape), at: place)
                others.append(folder.path("\(part)_\(number).pth"))
                try checkpoint.write(to: others[others.count - 1])
            }
        }
        for (first, second) in [(path, others), (others[1], [path, others[1]])] {
            let verdicts = try #require(try Reference.run(["compare", first] + second).array)
            #expect(verdicts.count == second.count)
            for (verdict, name) in zip(verdicts, second) {
                let isSame = first == path && name == path
                let parts = ["parameters", "buffers", "optimizer", "losses"]
                let worst = parts.compactMap { verdict[$0]?["absolute"]?.double }
                #expect(worst.filter { $0 == .infinity }.count == (isSame ? 0 : 1), "\(name)")
                #expect(worst.count == 4 && verdict["unequal"]?.array?.isEmpty == true, "\(name)")
            }
        }
    }
}
