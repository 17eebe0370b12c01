import Foundation
import Testing

/// The measure itself, because a guard that counts nothing would hold for ever.
@Suite(.whereAllocationsAreCounted) struct AllocationCounterTests {
    @Test func `what the Swift runtime allocates is counted one by one`() {
        let cost = Allocations {
            var rows: [Row] = []
            rows.reserveCapacity(100)
            for _ in 0..<100 { rows.append(Row()) }
            return rows
        }
        #expect(cost.count == 101, "the rows, and the array of them")
        #expect((100 * 40..<100 * 60).contains(cost.bytes), "a row has 32 bytes, and 8 more here")
    }

    @Test func `memory is counted to the byte`() {
        let kept = KeptMemory()
        let cost = Allocations { for _ in 0..<100 { kept.keep(malloc(1234)) } }
        #expect(cost.count == 100)
        #expect(cost.bytes == 123_400)
    }

    @Test func `what allocates nothing counts for nothing`() {
        var sum = 0
        let cost = Allocations { for index in 0..<1000 { sum &+= index } }
        #expect(cost.count == 0)
        #expect(cost.bytes == 0)
    }

    @Test(arguments: [16, 64, 4096, 2 << 20])
    func `aligned memory is counted, aligned, and can be freed`(_ alignment: Int) {
        let kept = KeptMemory()
        let cost = Allocations {
            var memory: UnsafeMutableRawPointer?
            #expect(posix_memalign(&memory, alignment, 1000) == 0)
            #expect(UInt(bitPattern: memory).isMultiple(of: UInt(alignment)))
            kept.keep(memory)
            kept.keep(aligned_alloc(alignment, 4 * alignment))
        }
        #expect(cost.bytes >= 1000 + 4 * alignment)
    }

    @Test func `an alignment that is no power of two is refused`() {
        var memory: UnsafeMutableRawPointer?
        for alignment in [0, 4, 24] {
            #expect(posix_memalign(&memory, alignment, 8) == EINVAL)
        }
        #expect(posix_memalign(&memory, 64, .max / 2) == ENOMEM)
        #expect(memory == nil)
    }

    @Test func `memory that grows keeps its contents`() {
        let kept = KeptMemory()
        let cost = Allocations {
            let memory = calloc(10, 10)
            #expect(memory?.loadUnaligned(fromByteOffset: 92, as: UInt64.self) == 0)
            let more = realloc(memory, 5000)
            #expect(more?.loadUnaligned(fromByteOffset: 92, as: UInt64.self) == 0)
            kept.keep(more)
        }
        #expect(cost.bytes >= 5100)
    }

    @Test func `other threads are not counted`() {
        let cost = Allocations {
            let thread = Thread { withExtendedLifetime([UInt8](repeating: 1, count: 1 << 20)) {} }
            thread.start()
            while !thread.isFinished { usleep(100) }
        }
        #expect(cost.bytes < 1 << 16)
    }
}

private final class Row {
    let numbers = (1, 2)
}

/// Frees memory late: the optimizer leaves out an allocation that is freed at once.
private final class KeptMemory {
    private var memory: [UnsafeMutableRawPointer?] = []

    init() { memory.reserveCapacity(200) }

    deinit { memory.forEach { free($0) } }

    func keep(_ pointer: UnsafeMutableRawPointer?) { memory.append(pointer) }
}
