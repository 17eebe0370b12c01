import ByteIO
import ComplexModule
import Testing

@testable import Tensors

private final class Reference: Sendable {}

/// As long as a `Double`, and a pointer.
private struct Pointing: TensorElement {
    let reference: Reference
    static var dtypes: [DType] { [.float64] }
}

private struct TooLong: TensorElement {
    var low: Float
    var high: Float
    static var dtypes: [DType] { [.float32] }
}

/// Seven bytes that stand every eight.
private struct Padded: TensorElement {
    var first: Float
    var second: UInt16
    var third: UInt8
    static var dtypes: [DType] { [.float64] }
}

private struct Nameless: TensorElement {
    static var dtypes: [DType] { [] }
}

private struct Pair: TensorElement, Equatable {
    var first: UInt8
    var second: UInt8
    static var dtypes: [DType] { [.bits16] }
}

@Suite struct ElementTypeTests {
    private func expectRefusal<Element: TensorElement>(of type: Element.Type) throws {
        let refusal = CheckpointError(.dtypeMismatch, "")
        for dtype in [type.dtypes.first ?? .float64, .int8] {
            for count in [0, 1] {
                let stored = [UInt8](repeating: 1, count: count * dtype.itemSize)
                let tensor = try view(stored, dtype, shape: [count])
                #expect(throws: refusal) { try tensor.withElements(of: type) { $0.count } }
                #expect(throws: refusal) { try tensor.array(of: type).count }
                #expect(throws: refusal) { try tensor.array(converting: type).count }
            }
            let scalar = try view([UInt8](repeating: 1, count: dtype.itemSize), dtype, shape: [])
            #expect(throws: refusal) { _ = try scalar.item(as: type) }
            #expect(throws: refusal) { _ = try scalar.item(converting: type) }
        }
        #expect(throws: refusal) { try Tensor([Element]()) }
    }

    @Test func `a type with references is never bound to bytes`() throws {
        try expectRefusal(of: Pointing.self)
        #expect(throws: CheckpointError(.dtypeMismatch, "")) {
            try Tensor([Pointing(reference: Reference())])
        }
    }

    @Test func `a type of another size than its dtype's is refused`() throws {
        try expectRefusal(of: TooLong.self)
        try expectRefusal(of: Padded.self)
        try expectRefusal(of: Nameless.self)
    }

    @Test func `a type of plain numbers is taken`() throws {
        let tensor = try Tensor([Pair(first: 1, second: 2)])
        #expect(tensor.dtype == .bits16)
        #expect(try tensor.item() == Pair(first: 1, second: 2))
        #expect(try tensor.withElements(of: Pair.self) { $0[0].second } == 2)
        #expect(try Tensor([Complex<Double>(1, 2)]).item() == Complex(1.0, 2))
    }

    #if !(os(macOS) && arch(x86_64))
        @Test func `Float16 and pairs of it are taken`() throws {
            #expect(try Tensor([Float16(1.5)]).item() == Float16(1.5))
            let pair = Complex<Float16>(1, -2)
            #expect(try Tensor([pair]).item() == pair)
            let error = try #require(throws: CheckpointError.self) {
                try Tensor([Float16(1)]).array(of: Double.self)
            }
            #expect(error.description.contains("Float16"))
        }
    #endif
}
