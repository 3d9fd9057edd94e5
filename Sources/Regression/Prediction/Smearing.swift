/// What turns a fit on the scale of a transformed response into an estimate of the mean on the response's own scale: the
/// mean of the fit with each of the model's residuals added, transformed back (N. Duan, "Smearing estimate: a nonparametric
/// retransformation method", JASA 78, 1983).
package enum Smearing: Sendable, Equatable {
    /// Of a logarithm the mean is the median times one number, that of the transformed residuals.
    case factor(Double)
    /// In rising order: all of them, or, where there are more than `residualsMax`, the means of so many equal parts.
    case residuals([Double])

    /// A prediction goes through all that are kept.
    package static let residualsMax = 500

    package init(_ residuals: [Double], by response: Response) {
        guard !response.turnsSumsIntoProducts else {
            let median = response.original(0)
            self = .factor(residuals.map { response.original($0) / median }.mean)
            return
        }
        let sorted = residuals.sorted()
        let parts = min(sorted.count, Self.residualsMax)
        self = .residuals(
            (0..<parts).map { part in
                sorted[part * sorted.count / parts..<(part + 1) * sorted.count / parts].mean
            })
    }

    /// - Parameter fit: on the scale of the fit.
    /// - Returns: on the response's own scale.
    package func mean(_ fit: Double, by response: Response) -> Double {
        switch self {
        case .factor(let factor): response.original(fit) * factor
        case .residuals(let residuals): residuals.lazy.map { response.original(fit + $0) }.mean
        }
    }
}
