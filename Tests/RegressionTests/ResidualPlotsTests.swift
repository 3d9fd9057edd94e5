import Testing

@testable import Regression

@Suite("Residuals drawn as text")
struct ResidualPlotsTests {
    @Test("the places of normal quantiles are those of R's ppoints, so qnorm(ppoints(5)) and qnorm(ppoints(20))")
    func quantiles() {
        // R 4.2: qnorm(ppoints(5)); the first of qnorm(ppoints(20)).
        let five = [-1.179761117749, -0.497200770, 0, 0.497200770, 1.179761117749]
        for (found, expected) in zip(ResidualPlots.quantiles(5), five) { #expect(abs(found - expected) < 1e-6) }
        #expect(abs(ResidualPlots.quantiles(20)[0] + 1.959963984540054) < 1e-12)
    }

    @Test("a point stands where its numbers say: corners, the middle, and one on the other is one mark")
    func places() throws {
        let plot = try #require(ScatterText([(0, 0), (10, 1), (10, 1), (5, 0.5)]))
        let lines = plot.lines
        #expect(lines.count == ScatterText.height + 2)
        let last = ScatterText.width - 1
        func mark(_ row: Int, _ column: Int) -> Character? {
            let body = lines[row].drop { $0 != "|" }.dropFirst()
            return body.dropFirst(column).first
        }
        #expect(mark(0, last) == "." && mark(ScatterText.height - 1, 0) == "." && mark(7, 32) == ".")
        func label(_ row: Int) -> Double? { Double(lines[row].prefix { $0 != "|" }.filter { $0 != " " }) }
        #expect(label(0) == 1 && label(7) == 0.5 && label(ScatterText.height - 1) == 0 && label(1) == nil)
        #expect(lines.last?.split(separator: " ").map { Double($0) } == [0, 10])
    }

    @Test("the more points in one place, the heavier the mark", arguments: [(1, "."), (2, "."), (3, "o"), (10, "@")])
    func marks(_ count: Int, _ mark: Character) throws {
        let plot = try #require(ScatterText(Array(repeating: (1, 1), count: count) + [(0, 0)]))
        #expect(plot.lines[0].last == mark)
    }

    @Test("what is not finite is left out, one value has a range around it, and of nothing there is no plot")
    func degenerate() {
        #expect(ScatterText([]) == nil)
        #expect(ScatterText([(.nan, 1), (1, .infinity)]) == nil)
        #expect(ScatterText([(2, 3), (2, 3), (.nan, 0)])?.lines.joined().contains(".") == true)
    }

    @Test("a curve that the formula does not have shows in the first plot: the ends lie above the middle")
    func curve() throws {
        let x = (0..<60).map { Double($0) }
        let table = Table(numbers: ["x": x, "y": x.map { $0 * $0 }], levels: [:])
        let model = try LinearModel.fit(try Formula("y ~ x"), to: table)
        let lines = ResidualPlots(of: model, fittedTo: table).description.split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "Residuals against fitted values:")
        let top = lines[1].drop { $0 != "|" }.dropFirst()
        let bottom = lines[ScatterText.height].drop { $0 != "|" }.dropFirst()
        let (topMarks, bottomMarks) = (
            top.indices.filter { top[$0] != " " }, bottom.indices.filter { bottom[$0] != " " && bottom[$0] != "-" }
        )
        let first = top.distance(from: top.startIndex, to: try #require(topMarks.first))
        let middle = bottom.distance(from: bottom.startIndex, to: try #require(bottomMarks.first))
        #expect(first < 5 && middle > 15 && middle < 50, "\(lines.joined(separator: "\n"))")
    }

    @Test("residuals of a fit without degrees of freedom are not drawn, and that is said")
    func noFreedom() throws {
        let table = Table(numbers: ["x": [1, 2], "y": [1, 3]], levels: [:])
        let model = try LinearModel.fit(try Formula("y ~ x"), to: table)
        #expect(ResidualPlots(of: model, fittedTo: table).description.contains("nothing to draw"))
    }
}
