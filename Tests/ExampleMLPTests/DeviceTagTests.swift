import ExampleMLP
import TestSupport
import Testing
import TorchCheckpoint

/// A run that was saved on a machine with a GPU, on one without.
struct DeviceTagTests {
    private let run = RunCase(kind: .adam, dtype: .float32)

    @Test func `a run saved on CUDA goes on with the CPU, and to the same end`() throws {
        func end(_ name: String, _ options: LoadOptions) throws -> StateDict {
            var trainer: Trainer<Float> = try run.trainer(resuming: name, options: options)
            try trainer.train(untilEpoch: 6)
            return try trainer.state().model
        }
        let tagged = try Reference.checkpoint("\(run)/torch_5_cuda.pth")
        #expect(try tagged.tensors().allSatisfy { $0.tensor.device == .cuda(0) })
        let onCPU = try end("torch_5_cuda.pth", LoadOptions(mapLocation: .cpu))
        let right = try end("torch_5.pth", LoadOptions())
        #expect(onCPU.names == right.names)
        for (name, tensor) in onCPU {
            #expect(tensor.device == .cpu)
            #expect(
                try tensor.array(converting: Double.self)
                    == right.tensor(name).array(converting: Double.self))
        }
    }

    @Test func `it is written back with the tags that are asked for, and torch reads it`() throws {
        let trainer: Trainer<Float> = try run.trainer(
            resuming: "torch_5_cuda.pth", options: LoadOptions(mapLocation: .cpu))
        let path = try Reference.path("\(run)/swift_5_cuda.pth")
        try Checkpoint(encoding: trainer.state())
            .write(to: path, options: SaveOptions(mapLocation: .device(.cuda(0))))
        let saved = try Reference.run("tags", path, Reference.path("\(run)/torch_5.pth"))
        #expect(saved["tags"]?.array?.compactMap(\.string) == ["cuda:0"])
        #expect(saved["equal"]?.bool == true)
        #expect(
            try #require(saved["plain"]?.string).contains("deserialize object on a CUDA device"))
    }
}
