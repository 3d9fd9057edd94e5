/// How the subjects of one level come out: what is measured of them, and the truth that follows from it.
package struct SimulatedLevel: Sendable, Hashable {
    package let name: String
    /// In the order of the specification's predictors.
    package let predictors: [NormalDistribution]
    /// One for each predictor: their products add up to the expected response.
    package let coefficients: [Double]
    /// What is added to the expected response.
    package let noise: NormalDistribution

    package init(
        name: String, predictors: [NormalDistribution], coefficients: [Double], noise: NormalDistribution
    ) {
        precondition(predictors.count == coefficients.count, "a coefficient for each predictor")
        self.name = name
        self.predictors = predictors
        self.coefficients = coefficients
        self.noise = noise
    }
}

/// One subject as the machines see it.
package struct SimulatedSubject: Sendable, Equatable {
    /// Counted from 1.
    package let number: Int
    package let level: String
    package let predictors: [Double]
    package let response: Double
}

extension SimulatedLevel {
    /// The decimal places that the machines print.
    static let predictorPlaces = 3
    static let responsePlaces = 5

    /// The response follows from the predictors as they were measured. A value that would not be positive, which no
    /// machine reports, becomes the smallest that it can report.
    func draw(number: Int, using generator: inout Xoshiro256) -> SimulatedSubject {
        let measured = predictors.map { Self.reading($0.draw(using: &generator), places: Self.predictorPlaces) }
        let expected = zip(coefficients, measured).reduce(0.0) { $0 + $1.0 * $1.1 }
        let response = Self.reading(expected + noise.draw(using: &generator), places: Self.responsePlaces)
        return SimulatedSubject(number: number, level: name, predictors: measured, response: response)
    }

    /// The double nearest to the decimal that a machine with so many places shows.
    static func reading(_ value: Double, places: Int) -> Double {
        let steps = (0..<places).reduce(1.0) { product, _ in product * 10 }
        return max(1, (value * steps).rounded()) / steps
    }
}
