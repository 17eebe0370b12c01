import ByteIO
import Testing

@testable import Tensors

private let gibibyte = 1 << 30

/// A storage that claims a size and is never read.
private func storage(_ byteCount: Int) -> Storage {
    Storage(key: "0", device: .cpu, byteCount: byteCount, byteOrder: .little) {
        () throws(CheckpointError) in
        throw CheckpointError(.truncated, "must not be read")
    }
}

private func expanded(_ storage: Storage, to byteCount: Int) throws -> Tensor {
    let layout = try TensorLayout(shape: [byteCount], strides: [0], offset: 0)
    return try Tensor(storage: storage, dtype: .uint8, layout: layout)
}

@Suite struct TotalSizeTests {
    @Test func `many expanded tensors are refused though each is small enough`() throws {
        let tensors = try (0..<1000).map { _ in try expanded(storage(16), to: 800_000_000) }
        for tensor in tensors { try Tensor.checkTotalSize(of: [tensor]) }
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try Tensor.checkTotalSize(of: tensors)
        }
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try Tensor.checkTotalSize(of: tensors.prefix(2))
        }
    }

    @Test func `a total of 1 GiB is accepted whatever is stored`() throws {
        let shared = storage(1)
        let half = try expanded(shared, to: gibibyte / 2)
        try Tensor.checkTotalSize(of: [half, half])
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try Tensor.checkTotalSize(of: [half, half, expanded(shared, to: 1)])
        }
    }

    @Test func `64 times what is stored is accepted`() throws {
        let shared = storage(gibibyte)
        let half = try expanded(shared, to: 32 * gibibyte)
        try Tensor.checkTotalSize(of: [half, half])
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try Tensor.checkTotalSize(of: [half, half, expanded(shared, to: 1)])
        }
    }

    @Test func `a storage counts once however many tensors share it`() throws {
        let tensors = { (storages: [Storage]) in
            try storages.map { try expanded($0, to: 40 * gibibyte) }
        }
        let shared = storage(gibibyte)
        try Tensor.checkTotalSize(of: tensors([shared, storage(gibibyte)]))
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try Tensor.checkTotalSize(of: tensors([shared, shared]))
        }
    }

    @Test func `no tensors and plain tensors of any size are accepted`() throws {
        try Tensor.checkTotalSize(of: [])
        let plain = try Tensor(
            storage: storage(100 * gibibyte), dtype: .uint8,
            layout: TensorLayout(rowMajor: [100, gibibyte]))
        try Tensor.checkTotalSize(of: [plain, plain])
    }

    @Test func `a total that overflows is refused`() throws {
        let tensor = try expanded(storage(1), to: .max)
        #expect(throws: CheckpointError(.numberOutOfRange, "")) {
            try Tensor.checkTotalSize(of: [tensor, tensor])
        }
    }
}

/// Storages of which fewer bytes are there than they have.
@Suite struct StoredSizeTests {
    private func deflated(_ byteCount: Int, stored: Int) -> Storage {
        Storage(
            key: "0", device: .cpu, byteCount: byteCount, byteOrder: .little,
            storedByteCount: stored
        ) { () throws(CheckpointError) in
            throw CheckpointError(.truncated, "must not be read")
        }
    }

    private func whole(_ storage: Storage) throws -> Tensor {
        try Tensor(
            storage: storage, dtype: .uint8, layout: TensorLayout(rowMajor: [storage.byteCount]))
    }

    @Test func `what is deflated may be written out once, whatever it takes in the file`() throws {
        let tensor = try whole(deflated(4 * gibibyte, stored: 1))
        try Tensor.checkTotalSize(of: [tensor])
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try Tensor.checkTotalSize(of: [tensor, tensor])
        }
    }

    @Test func `what is deflated counts as it is in the file when it is written out again`() throws
    {
        let stored = gibibyte / 16
        let tensor = try whole(deflated(2 * gibibyte, stored: stored))
        try Tensor.checkTotalSize(of: [tensor, tensor])
        let one = try expanded(tensor.storage, to: 1)
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try Tensor.checkTotalSize(of: [tensor, tensor, one])
        }
    }

    @Test func `storages of the same bytes count once`() throws {
        let region = try ByteRegion(copying: [UInt8](repeating: 0, count: 1 << 20))
        let view = { try whole(Storage(key: nil, device: .cpu, region: region)) }
        let tensors = try (0..<1024).map { _ in try view() }
        try Tensor.checkTotalSize(of: tensors)
        #expect(throws: CheckpointError(.limitExceeded, "")) {
            try Tensor.checkTotalSize(of: tensors + [view()])
        }
        let other = try ByteRegion(copying: [UInt8](repeating: 0, count: 17 << 20))
        try Tensor.checkTotalSize(
            of: tensors + [view(), whole(Storage(key: nil, device: .cpu, region: other))])
    }
}
