import Testing

@testable import ModelService

@Suite("The rolling error")
struct RollingErrorTests {
    private static func after(_ errors: [Double]) -> RollingError {
        errors.reduce(into: RollingError()) { $0.observe($1) }
    }

    @Test(
        "it is the mean of the newest errors, and none without a row; what is no number is left out",
        arguments: [
            ([], 0, nil), ([0.5], 1, 0.5), ([0.25, .infinity, 0.75, .nan], 2, 0.5),
            (Array(repeating: 9, count: 30) + Array(repeating: 0.5, count: 50), 50, 0.5),
            (Array(repeating: 9, count: 130) + Array(repeating: 0.5, count: 25), 50, 4.75),
        ] as [([Double], Int, Double?)])
    func mean(_ errors: [Double], _ rows: Int, _ mean: Double?) {
        let rolling = Self.after(errors)
        #expect(rolling.rows == rows)
        #expect(rolling.mean == mean)
    }
}
