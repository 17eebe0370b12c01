import ByteIO
import Testing

struct ByteRegionTests {
    private let region: ByteRegion

    init() throws {
        region = try ByteRegion(copying: [10, 11, 12, 13, 14] as [UInt8])
    }

    @Test(arguments: [(0, 5), (0, 0), (5, 0), (2, 3), (4, 1)])
    func `a slice inside the region is its bytes`(_ offset: Int, _ count: Int) throws {
        let slice = try region.slice(at: offset, count: count)
        #expect(slice.copyBytes() == (offset..<(offset + count)).map { UInt8(10 + $0) })
        #expect(region.offset(of: slice) == offset)
    }

    @Test(
        arguments: [
            (0, 6), (5, 1), (6, 0), (-1, 1), (0, -1), (.max, 1), (1, .max), (.max, .max),
            (.min, .min), (3, .min),
        ] as [(Int, Int)])
    func `a slice that leaves the region is refused`(_ offset: Int, _ count: Int) {
        #expect(throws: CheckpointError(.truncated, "")) {
            try region.slice(at: offset, count: count)
        }
    }

    @Test func `slices of slices lie in the first region`() throws {
        let inner = try region.slice(at: 1, count: 4).slice(at: 2, count: 2)
        #expect(inner.copyBytes() == [13, 14])
        #expect(region.offset(of: inner) == 3)
        #expect(try region.slice(at: 3, count: 2).isIdentical(to: inner))
        #expect(throws: CheckpointError(.truncated, "")) { try inner.slice(at: 0, count: 3) }
    }

    @Test func `equal bytes elsewhere are not identical`() throws {
        let copy = try ByteRegion(copying: region.copyBytes())
        #expect(!copy.isIdentical(to: region))
        #expect(region.offset(of: copy) == nil)
        #expect(try region.slice(at: 1, count: 2).offset(of: region) == nil)
    }

    @Test func `a region of no bytes can be sliced to nothing`() throws {
        let empty = ByteRegion()
        #expect(empty.count == 0)
        #expect(empty.bytes.byteCount == 0)
        #expect(empty.copyBytes().isEmpty)
        #expect(try empty.slice(at: 0, count: 0).count == 0)
        #expect(throws: CheckpointError(.truncated, "")) { try empty.slice(at: 0, count: 1) }
        #expect(try ByteRegion(copying: [UInt8]()).count == 0)
    }

    @Test func `copies are aligned for every element`() throws {
        for count in [0, 1, 7, 1000] {
            let copy = try ByteRegion(copying: [UInt8](repeating: 1, count: count))
            #expect(copy.isAligned(to: 64))
        }
        #expect(try !region.slice(at: 1, count: 1).isAligned(to: 2))
    }

    @Test func `the bytes outlive the region that they were sliced from`() throws {
        var whole: ByteRegion? = try ByteRegion(copying: [1, 2, 3] as [UInt8])
        let part = try #require(try whole?.slice(at: 1, count: 2))
        whole = nil
        #expect(part.copyBytes() == [2, 3])
    }

    @Test func `regions are put together in their order`() throws {
        let parts = try [
            region.slice(at: 3, count: 2), ByteRegion(), region, region.slice(at: 0, count: 0),
            region.slice(at: 0, count: 1),
        ]
        let whole = try ByteRegion(concatenating: parts)
        #expect(whole.copyBytes() == [13, 14, 10, 11, 12, 13, 14, 10])
        #expect(whole.isAligned(to: 64))
        #expect(try ByteRegion(concatenating: []).count == 0)
        #expect(try ByteRegion(concatenating: [ByteRegion(), ByteRegion()]).count == 0)
    }

    @Test func `one region is put together without a copy`() throws {
        let part = try region.slice(at: 1, count: 3)
        #expect(try ByteRegion(concatenating: [part]).isIdentical(to: part))
        #expect(try !ByteRegion(concatenating: [part, part]).isIdentical(to: part))
    }

    @Test func `memory that is not to be had is an error`() {
        #expect(throws: CheckpointError(.outOfMemory, "")) {
            _ = try ByteOwner(allocating: Int.max / 2) { _ in }
        }
    }

    @Test func `what fills an owner's memory may throw`() {
        #expect(throws: CheckpointError(.damaged, "")) {
            _ = try ByteOwner(allocating: 8) { (_) throws(CheckpointError) in
                throw CheckpointError(.damaged, "x")
            }
        }
    }
}

struct CheckedArithmeticTests {
    @Test func `sums and products that fit are themselves`() throws {
        #expect(try Int.max.addingChecked(0) == .max)
        #expect(try (-5).addingChecked(5) == 0)
        #expect(try 3.multipliedChecked(by: -4) == -12)
        #expect(try UInt8(15).multipliedChecked(by: 17) == 255)
        #expect(try Int(checked: UInt64(Int.max)) == .max)
        #expect(try Int(checked: -1 as Int8) == -1)
    }

    @Test func `a sum that is only reported stops at the largest number`() {
        #expect(1.addingCapped(2) == 3)
        #expect((Int.max - 1).addingCapped(1) == .max)
        #expect(Int.max.addingCapped(1) == .max)
        #expect(UInt8(250).addingCapped(6) == 255)
    }

    @Test func `sums and products that do not fit are refused`() {
        let outOfRange = CheckpointError(.numberOutOfRange, "")
        #expect(throws: outOfRange) { try Int.max.addingChecked(1) }
        #expect(throws: outOfRange) { try Int.min.addingChecked(-1) }
        #expect(throws: outOfRange) { try Int.max.multipliedChecked(by: 2) }
        #expect(throws: outOfRange) { try Int.min.multipliedChecked(by: -1) }
        #expect(throws: outOfRange) { try UInt8(16).multipliedChecked(by: 16) }
        #expect(throws: outOfRange) { try Int(checked: UInt64(Int.max) + 1) }
        #expect(throws: outOfRange) { try Int(checked: UInt64.max) }
    }
}

extension CheckpointError.Code {
    fileprivate static let damaged = Self(rawValue: "damaged")
}
