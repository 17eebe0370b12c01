/// What operations cost when the table was written, and so what they may cost.
///
/// The numbers are those of x86-64; `PRINT_COSTS=1 swift test --filter PerformanceTests` prints
/// today's. One that has become lower is to be lowered here, or the guard is loose.
enum CostTable {
    /// How many times its number in the table an operation may cost.
    static let headroom = 1.25

    /// How many times as much each further tensor may cost when there are twice as many: a cost
    /// that grows with the square is at 2.
    static let growth = 1.1

    static let openingAllocations = Cost("open: allocations a tensor", debug: 23.9, release: 2)
    static let openingBytes = Cost("open: bytes a tensor", debug: 1850, release: 824)
    static let listingAllocations = Cost("list: allocations a tensor", debug: 15, release: 2)
    static let listingBytes = Cost("list: bytes a tensor", debug: 917, release: 409)
    static let savingAllocations = Cost("save: allocations a tensor", debug: 40.3, release: 2.04)
    static let savingBytes = Cost("save: bytes a tensor", debug: 3540, release: 2120)
    static let convertingAllocations = Cost("bf16 → f32: allocations", debug: 21, release: 8)
    static let convertingBytes = Cost(
        "bf16 → f32: bytes beside the result", debug: 17_130, release: 16_624)
    static let gatheringAllocations = Cost("gather: allocations", debug: 28, release: 10)
    static let gatheringBytes = Cost("gather: bytes beside the result", debug: 1168, release: 448)

    static let openingInstructions = Cost(
        "open: instructions a tensor", debug: 177_000, release: 16_700)
    static let savingInstructions = Cost(
        "save: instructions a tensor", debug: 162_000, release: 21_500)
    static let inspectingInstructions = Cost(
        "pth inspect: instructions a tensor", debug: 304_000, release: 95_900)
    static let convertingInstructions = Cost(
        "bf16 → f32: instructions an element", debug: 177, release: 3.5)
    static let gatheringInstructions = Cost(
        "gather: instructions an element", debug: 183, release: 9.02)
}
