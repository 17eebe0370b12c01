import Testing

@testable import Tensors

@Suite struct StatisticsTests {
    @Test func `finite elements have a mean and a deviation`() throws {
        let tensor = try Tensor([Float(1), 2, 3, 0, .nan, .infinity])
        let statistics = try #require(try tensor.statistics())
        #expect(statistics.count == 6 && statistics.finiteCount == 4)
        #expect(statistics.zeroCount == 1 && statistics.nanCount == 1)
        #expect(statistics.infinityCount == 1)
        #expect(statistics.minimum == 0 && statistics.maximum == .infinity)
        #expect(statistics.mean == 1.5)
        #expect(statistics.standardDeviation == (5.0 / 3).squareRoot())
    }

    @Test(arguments: [[], [Double.nan], [.infinity, -.infinity]])
    func `no finite elements have no mean`(values: [Double]) throws {
        let statistics = try #require(try Tensor(values).statistics())
        #expect(statistics.mean == nil && statistics.standardDeviation == nil)
    }

    @Test func `one element has a mean and no deviation`() throws {
        let statistics = try #require(try Tensor([Int8(-3)]).statistics())
        #expect(statistics.mean == -3 && statistics.standardDeviation == nil)
    }
}
