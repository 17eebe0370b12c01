import Foundation
import TestSupport
import Testing

/// `pth convert`, held to what Python reads from both files.
@Suite struct ConvertTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [
        ("training_checkpoint_adam.pth", ["model_state_dict"]),
        ("training_checkpoint_adam.pth", []),
        ("training_nested_state.pth", ["model", "encoder"]),
        ("training_state_dict.pth", []),
        ("view_transposed.pth", []),
        ("view_lazy_conj_neg.pth", []),
        ("dtype_float8_e4m3fn.pth", []),
        ("dtype_bfloat16.pth", []),
        ("dtype_uint64.pth", []),
        ("container_deflated.pth", []),
    ])
    func `convert writes what Python reads as equal`(_ name: String, _ keys: [String]) throws {
        let input = Fixture.path("torch-2.13.0/" + name)
        let output = folder.path("out.safetensors")
        let options = keys.flatMap { ["--key", $0] }
        let outcome = try run(PTHTool.executable, ["convert", input, output] + options)
        try #require(outcome.status == 0, "\(outcome.error)")
        let check = try TorchPython.run(
            script: "check_safetensors.py", [input, output] + options)
        #expect(check.status == 0, "\(check.output)\(check.error)")
    }

    @Test func `convert refuses shared memory until told what to do`() throws {
        let input = Fixture.path("torch-2.13.0/training_tied_weights.pth")
        let refused = try PTHTool.run("convert", input, folder.path("out.safetensors"))
        #expect(refused.status == 1)
        #expect(refused.error.contains("keep-first"))
        #expect(try folder.contents().isEmpty)
    }

    @Test func `every way to write shared memory keeps every tensor`() throws {
        let input = Fixture.path("torch-2.13.0/training_tied_weights.pth")
        for (policy, options) in [("keep-first", ["--keep-first"]), ("duplicate", [])] {
            let output = folder.path(policy + ".safetensors")
            try #require(PTHTool.run("convert", input, output, "--shared", policy).status == 0)
            let check = try TorchPython.run(
                script: "check_safetensors.py", [input, output] + options)
            #expect(check.status == 0, "\(policy): \(check.output)\(check.error)")
        }
        let sizes = try folder.contents().mapValues(\.count)
        let kept = try #require(sizes["keep-first.safetensors"])
        #expect(try kept < #require(sizes["duplicate.safetensors"]))
        // The check is able to fail: without the metadata, a tensor is missing.
        let strict = try TorchPython.run(
            script: "check_safetensors.py", [input, folder.path("keep-first.safetensors")])
        #expect(strict.status == 1)
    }

    /// What torch itself reads wrongly (`PythonFixtures/README.md`), so it can't be the judge.
    private static let torchMisreads = ["torch-2.13.0/container_big_endian_untyped.pth"]

    @Test func `every fixture converts to what Python reads, or is refused for a reason`() throws {
        let fixtures = Fixture.readable("zip").filter { !Self.torchMisreads.contains($0.name) }
        var rows: [ConversionRow] = []
        for (place, fixture) in fixtures.enumerated() {
            let output = folder.path("\(place).safetensors")
            let outcome = try PTHTool.run("convert", fixture.path, output, "--shared", "duplicate")
            if outcome.status == 0 {
                rows.append(ConversionRow(checkpoint: fixture.path, safetensors: output))
            } else {
                #expect(outcome.status == 1, "\(fixture): \(outcome.error)")
                let reason = ConversionRow.refusals.first { outcome.error.contains($0.key) }
                #expect(reason != nil, "\(fixture): \(outcome.error)")
                rows.append(ConversionRow(checkpoint: fixture.path, refused: reason?.value))
            }
        }
        #expect(rows.count { $0.safetensors != nil } > 250)
        try check(rows)
    }

    @Test func `tensors of any size and order arrive as they were`() throws {
        // The sizes are around those where a writer may collect, flush or pass through.
        let code = """
            import itertools, os, sys, torch
            sizes = [100_000, 300_000, 700_000, 1_100_000, 3_000_000]
            orders = list(itertools.permutations(sizes))[::7]
            for place, order in enumerate(orders):
                torch.manual_seed(place)
                tensors = {f"t{i}": torch.randint(256, (size,), dtype=torch.uint8)
                           for i, size in enumerate(order)}
                torch.save(tensors, os.path.join(sys.argv[1], f"{place}.pth"))
            print(len(orders))
            """
        let made = try TorchPython.run(code: code, [folder.path])
        let count = try #require(Int(made.output.dropLast()), "\(made.error)")
        #expect(count > 10)
        let rows = try (0..<count).map { place in
            let row = ConversionRow(
                checkpoint: folder.path("\(place).pth"),
                safetensors: folder.path("\(place).safetensors"))
            let outcome = try PTHTool.run("convert", row.checkpoint, row.safetensors ?? "")
            try #require(outcome.status == 0, "\(outcome.error)")
            return row
        }
        try check(rows)
    }

    /// Checks all rows in one process, because torch takes longer to start than to read.
    private func check(_ rows: [ConversionRow]) throws {
        let list = try folder.write("list.json", JSONEncoder().encode(rows))
        let check = try TorchPython.run(script: "check_safetensors.py", ["--batch", list])
        #expect(check.status == 0, "\(check.output)\(check.error)")
    }
}

/// A row of `check_safetensors.py --batch`.
private struct ConversionRow: Encodable {
    let checkpoint: String
    var safetensors: String?
    var refused: String?

    /// What an error says and which reason that is; Python holds the reason to the checkpoint.
    static let refusals = [
        "there is no tensor at": "tensor",
        "safetensors has no way to hold": "dtype",
        "safetensors can't hold a scalar of": "dtype",
        "two tensors would have the name": "name",
    ]
}
