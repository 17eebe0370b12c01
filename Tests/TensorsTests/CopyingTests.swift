import Testing

@testable import ByteIO
@testable import Tensors

@Suite struct CopyingTests {
    @Test func `a copied tensor is the same view of other memory`() throws {
        let stored = bytes([Int32](0..<24))
        let tensor = try view(
            stored, .int32, shape: [3, 2], strides: [1, 6], offset: 4, byteOrder: .big,
            pending: .negation)
        let copy = try tensor.copied()
        #expect(copy.storage !== tensor.storage)
        #expect(copy.layout == tensor.layout && copy.dtype == .int32)
        #expect(copy.pendingOperations == .negation)
        #expect(copy.storage.key == "0" && copy.storage.byteOrder == .big)
        #expect(try copy.storage.bytes() == stored)
        #expect(try copy.rowMajorBytes() == tensor.rowMajorBytes())
        let (old, new) = try (tensor.storage.region(), copy.storage.region())
        #expect(!new.isIdentical(to: old) && new.isAligned(to: 64))
    }

    @Test func `flags, device tag and a shape in numbers stay`() throws {
        let parameter = try Tensor(
            [Float(1)], device: .cuda(1), requiresGrad: true, isParameter: true
        ).copied()
        #expect(parameter.device == .cuda(1) && parameter.requiresGrad && parameter.isParameter)
        let packed = try Tensor([UInt8(1), 2], shape: [2, 3], dtype: .quint2x4).copied()
        #expect(packed.shape == [2, 3] && packed.elementCount == 2)
    }

    @Test func `an empty storage is copied`() throws {
        let copy = try Tensor([Float]()).copied()
        #expect(copy.storage.byteCount == 0)
        #expect(try copy.array(of: Float.self) == [])
        #expect(try Storage.copies(of: []).isEmpty)
    }

    @Test func `a large storage is copied whole`() throws {
        let stored = [UInt8](unsafeUninitializedCapacity: 9 << 20 | 5) { buffer, count in
            count = buffer.count
            for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index % 251) }
        }
        let storage = try Storage(bytes: stored)
        #expect(try storage.copied().bytes() == stored)
    }

    @Test func `storages of any size are copied in order`() throws {
        let sizes = [0, 3 << 20, 1, 1 << 21, 700, 0, 5 << 20, 12]
        let storages = try sizes.enumerated().map { index, size in
            try Storage(bytes: [UInt8](repeating: UInt8(index), count: size))
        }
        let copies = try Storage.copies(of: storages)
        #expect(copies.map(\.byteCount) == sizes)
        for (copy, storage) in zip(copies, storages) {
            #expect(try copy.bytes() == storage.bytes())
        }
    }

    @Test func `a copy inflates once, and the error of the first storage that fails is thrown`()
        throws
    {
        let large = 3 << 20
        func storage(_ load: @escaping @Sendable () throws(CheckpointError) -> ByteRegion)
            -> Storage
        {
            Storage(
                key: nil, device: .cpu, byteCount: large, byteOrder: .little, load: load)
        }
        let whole = storage { () throws(CheckpointError) in
            try ByteRegion(copying: [UInt8](repeating: 7, count: large))
        }
        #expect(try whole.copied().bytes().allSatisfy { $0 == 7 })
        for _ in 0..<20 {
            let failing = (0..<6).map { index in
                storage { () throws(CheckpointError) in
                    if index < 2 { return ByteRegion() }
                    throw CheckpointError(.truncated, "storage \(index)")
                }
            }
            let error = #expect(throws: CheckpointError.self) {
                try Storage.copies(of: failing)
            }
            #expect(error?.reason == "storage 2")
        }
    }

    @Test func `memory that is not to be had is an error`() throws {
        // Nobody reads the bytes: there is no memory of such a size.
        let claimed = UnsafeRawBufferPointer(
            start: UnsafeRawPointer(bitPattern: 64), count: 1 << 62)
        let region = ByteRegion(ByteOwner(claimed) { _ in })
        let storage = Storage(key: nil, device: .cpu, region: region)
        let refusal = CheckpointError(.outOfMemory, "")
        #expect(throws: refusal) { try storage.copied() }
        #expect(throws: refusal) { try Storage.copies(of: [storage, storage]) }
        let tensor = try Tensor(storage: storage, dtype: .uint8, shape: [3])
        #expect(throws: refusal) { try tensor.copied() }
    }
}
