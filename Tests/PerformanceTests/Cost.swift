import Foundation
import Testing

/// A row of ``CostTable``.
struct Cost {
    let what: String
    /// What it was in this kind of build; only optimized code is without what Swift makes for the
    /// debugger.
    let known: Double

    init(_ what: String, debug: Double, release: Double) {
        self.what = what
        #if DEBUG
            known = debug
        #else
            known = release
        #endif
    }

    /// Fails when `measured` is above the table by more than the headroom.
    func check(_ measured: Double, _ place: SourceLocation = #_sourceLocation) {
        note(measured)
        let bound = known * CostTable.headroom
        #expect(measured <= bound, "\(what): \(measured), was \(known)", sourceLocation: place)
    }

    /// Fails when `growth` is above the table, or when each further one costs more than the last.
    func check(_ growth: Growth, _ place: SourceLocation = #_sourceLocation) {
        check(growth.late, place)
        let bound = growth.early * CostTable.growth
        #expect(growth.late <= bound, "\(what): \(growth)", sourceLocation: place)
    }

    private func note(_ measured: Double) {
        guard ProcessInfo.processInfo.environment["PRINT_COSTS"] != nil else { return }
        print("cost | \(what) | \(measured.formatted(.number.precision(.fractionLength(2)))) |")
    }
}

/// What each further one costs, of something that there are many of.
///
/// Measured at *n*, 2*n* and 4*n*. What is there but once falls out of the differences, and room
/// that is doubled now and then has the same share in both.
struct Growth: CustomStringConvertible {
    /// From *n* to 2*n*.
    let early: Double
    /// From 2*n* to 4*n*.
    let late: Double

    init(from count: Int, cost: (Int) throws -> Int) rethrows {
        let costs = try [count, 2 * count, 4 * count].map(cost)
        early = Double(costs[1] - costs[0]) / Double(count)
        late = Double(costs[2] - costs[1]) / Double(2 * count)
    }

    var description: String { "\(early) each, and \(late) when there are more" }
}
