import CAllocationCounter
import Testing

/// What this thread asked the allocator for.
struct Allocations {
    let count: Int
    let bytes: Int

    /// Whether this system and this build are counted at all.
    static var areCounted: Bool { allocations_are_counted() }

    /// Counts what `body` allocates.
    ///
    /// It runs once before, for what is made only the first time, such as the metadata of types.
    init<Result>(of body: () throws -> Result) rethrows {
        _ = try body()
        let (count, bytes) = (allocation_count(), allocated_bytes())
        let result = try body()
        let (countAfter, bytesAfter) = (allocation_count(), allocated_bytes())
        withExtendedLifetime(result) {}
        self.count = countAfter - count
        self.bytes = bytesAfter - bytes
    }
}

extension Trait where Self == ConditionTrait {
    /// Shows a test as skipped where allocations are not counted.
    static var whereAllocationsAreCounted: Self {
        .enabled(if: Allocations.areCounted, "allocations are counted with glibc, unsanitized")
    }
}
