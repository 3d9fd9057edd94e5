import Dispatch
import Testing

@testable import Metrics

@Suite("Counting")
struct CounterTests {
    @Test(
        "a value falls into the first bucket whose bound is not below it",
        arguments: [(0.0, 0), (0.5, 0), (0.500_000_001, 1), (1, 1), (2, 2), (1e300, 2), (-1, 0)])
    func buckets(_ seconds: Double, _ bucket: Int) {
        var histogram = Histogram(HistogramBounds([0.5, 1]))
        histogram.observe(seconds)
        #expect(histogram.counts.firstIndex(of: 1) == bucket)
        #expect(histogram.count == 1)
    }

    @Test("a grid has a histogram where something fell into it, and nowhere else")
    func grid() {
        let grid = HistogramGrid(HistogramBounds([0.5, 1]), rows: 3, columns: 2)
        grid.observe(nanoseconds: 500_000_000, row: 2, column: 1)
        grid.observe(nanoseconds: 1_500_000_000, row: 2, column: 1)
        let histogram = grid.histogram(row: 2, column: 1)
        #expect(histogram == Histogram(HistogramBounds([0.5, 1]), counts: [1, 0, 1], sum: 2))
        for row in 0..<3 {
            for column in 0..<2 where (row, column) != (2, 1) {
                #expect(grid.histogram(row: row, column: column) == nil)
            }
        }
    }

    @Test("no count is lost where more threads than places count at the same time")
    func threads() {
        let threads = 3 * CountingPlace.count
        let grid = HistogramGrid(HistogramBounds([0.5]), rows: 1, columns: 1)
        let groups = GroupCounters(GroupLabels(["a", "b"]))
        let done = DispatchGroup()
        for number in 0..<threads {
            DispatchQueue(label: "count.\(number)").async(group: done) {
                for _ in 0..<1000 {
                    grid.observe(nanoseconds: 1, row: 0, column: 0)
                    groups.count(number % 2 == 0 ? "a" : "unknown")
                }
            }
        }
        done.wait()
        #expect(grid.histogram(row: 0, column: 0)?.counts == [UInt64(threads) * 1000, 0])
        #expect(groups.counts.map(\.count) == [UInt64(threads) * 500, 0, UInt64(threads) * 500])
    }

    @Test("groups beyond the most there may be are counted together, as is one of the name that stands for them")
    func groups() {
        let many = (0..<1000).map { "group \($0)" }
        let labels = GroupLabels(many + ["other"])
        #expect(labels.names == many.prefix(GroupLabels.groupsMax) + ["other"])
        #expect(labels.names[labels.place(of: "group 49")] == "group 49")
        for group in ["group 50", "group 999", "other", "never seen", nil] {
            #expect(labels.names[labels.place(of: group)] == "other")
        }
        let few = GroupLabels(["other", "a", "b"])
        #expect(few.names == ["a", "b", "other"])
        #expect(["a", "b", "other", "c"].map { few.names[few.place(of: $0)] } == ["a", "b", "other", "other"])
        #expect(GroupLabels([]).names == ["all"])
        #expect(GroupLabels([]).place(of: "a") == 0)
    }
}
