import ByteIO
import ComplexModule
import Testing

@testable import Tensors

@Suite struct PrintingTests {
    @Test(arguments: printouts)
    func `a tensor prints as in torch`(printout: Printout) throws {
        #expect(try printout.tensor().formatted() == printout.text)
    }

    @Test func `1000 elements are shown, 1001 are elided`() throws {
        #expect(try !Tensor([Bool](repeating: true, count: 1000)).formatted().contains("..."))
        #expect(try Tensor([Bool](repeating: true, count: 1001)).formatted().contains("..."))
    }

    @Test func `a device other than the cpu is named`() throws {
        let tensor = try Tensor([Float(1)], device: .cuda(0))
        #expect(try tensor.formatted() == "tensor([1.], device='cuda:0')")
    }

    @Test func `a meta tensor has a size and no elements`() throws {
        let storage = Storage(key: nil, device: .meta, region: ByteRegion())
        let layout = try TensorLayout(shape: [0, 3], strides: [3, 1], offset: 0)
        let tensor = try Tensor(storage: storage, dtype: .int64, layout: layout)
        let text = "tensor(..., device='meta', size=(0, 3), dtype=torch.int64)"
        #expect(try tensor.formatted() == text)
    }

    @Test func `quantized elements print as integers`() throws {
        let tensor = try Tensor([Int8(-3)], dtype: .qint8)
        #expect(try tensor.formatted() == "tensor([-3], dtype=torch.qint8)")
    }

    @Test func `pending operations are applied before printing`() throws {
        let tensor = try view(bytes([Float(1), 2]), .complex64, shape: [1], pending: .conjugation)
        #expect(try tensor.formatted() == "tensor([1.-2.j])")
    }

    @Test func `a huge expanded view prints its corners`() throws {
        let tensor = try view(
            bytes([Float(1)]), .float32, shape: [1 << 30, 1 << 30], strides: [0, 0])
        #expect(try tensor.formatted().hasSuffix("[1., 1., 1.,  ..., 1., 1., 1.]])"))
    }

    @Test func `a printout that elision does not shorten is refused`() throws {
        let shape = [Int](repeating: 6, count: 20)
        let strides = [Int](repeating: 0, count: 20)
        let tensor = try view([1], .uint8, shape: shape, strides: strides)
        #expect(throws: CheckpointError(.limitExceeded, "")) { try tensor.formatted() }
    }

    @Test func `a description is one line and reads nothing`() throws {
        let storage = Storage(
            key: "0", device: .cuda(0), byteCount: 64 * 147 * 4, byteOrder: .little
        ) { () throws(CheckpointError) in
            throw CheckpointError(.truncated, "must not be read")
        }
        let layout = try TensorLayout(rowMajor: [64, 3, 7, 7])
        let tensor = try Tensor(storage: storage, dtype: .float32, layout: layout)
        #expect("\(tensor)" == "float32 [64, 3, 7, 7] cuda:0 (36.75 KiB)")
        #expect(throws: CheckpointError(.truncated, "")) { try tensor.rowMajorBytes() }
    }

    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (1 << 20 - 1, "1023.99 KiB"),
        (1 << 20, "1.00 MiB"), (102_228_128, "97.49 MiB"), (.max, "7.99 EiB"),
    ])
    func `byte counts are given in binary units, rounded down`(count: Int, text: String) {
        #expect(count.describedAsByteCount == text)
    }
}
