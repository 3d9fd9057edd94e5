import Documents

/// The model that serves, as far as the story shows it.
struct ModelReport: Equatable {
    struct Coefficient: Equatable {
        /// As R names it: `(Intercept)`, `length`, `specieswalleye`.
        let name: String
        /// Nil where aliased.
        let estimate: Double?
    }

    /// What one fish is quoted at.
    struct Quote: Equatable {
        let level: String
        let value: Double
    }

    let coefficients: [Coefficient]
    let rows: Int?
    let quotes: [Quote]
}

extension ModelReport {
    /// - Parameter document: of `GET /model`. Nil where it holds no coefficients.
    init?(document: JSON, quotes: [Quote]) {
        guard let members = document["coefficients"]?.members else { return nil }
        coefficients = members.map { Coefficient(name: $0.name, estimate: $0.value.double) }
        rows = document["rows"]?.integer.map(Int.init)
        self.quotes = quotes
    }

    /// `-0.1929 + 0.0498 length + 0.0213 height`
    var formulaText: String {
        var text = ""
        for coefficient in coefficients {
            guard let estimate = coefficient.estimate else { continue }
            let size = estimate.magnitude.fixed(4) + (coefficient.name == "(Intercept)" ? "" : " \(coefficient.name)")
            text += text.isEmpty ? (estimate < 0 ? "-" : "") + size : (estimate < 0 ? " - " : " + ") + size
        }
        return text
    }

    /// A line for each coefficient of either model.
    func changes(from before: ModelReport) -> [String] {
        let added = coefficients.map(\.name)
        let names = added + before.coefficients.map(\.name).filter { !added.contains($0) }
        let width = (names.map(\.count).max() ?? 0) + 2
        func value(_ name: String, in model: ModelReport) -> String {
            let estimate = model.coefficients.first { $0.name == name }?.estimate
            return (estimate?.fixed(4) ?? "-").paddedLeft(to: 10)
        }
        return ["".padded(to: width) + "before".paddedLeft(to: 10) + "now".paddedLeft(to: 10)]
            + names.map { $0.padded(to: width) + value($0, in: before) + value($0, in: self) }
    }
}
