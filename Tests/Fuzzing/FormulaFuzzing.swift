import Regression

extension FuzzTarget {
    static let formula = FuzzTarget(
        name: "formula",
        promise:
            "a formula is refused with its place, or is the one that its description is; a fit of it is refused, or finite",
        seeds: {
            bytes([
                "weight ~ length + height + species", "log(weight) ~ (length + height)^2 - 1", "weight ~ . - species",
                "sqrt(weight) ~ poly(length, 3):species + I(height^2 / 2)", "weight ~ 0 + length %in% species",
                "weight ~ length * height * species + exp(-length)", "weight ~ factor(length) + offset(height)",
            ])
        },
        words: [
            "~", "log(", "exp(", "sqrt(", "I(", "poly(", "factor(", "^2", "%in%", " - 1", "0 + ", ".", ":", "length",
            "species",
            "((((", "raw=TRUE", "1e308",
        ],
        check: { input in
            let text = String(decoding: input, as: UTF8.self)
            let formula: Formula
            do throws(FormulaError) {
                formula = try Formula(text, columns: columns, factors: ["species"])
            } catch {
                return try hold(
                    error.place.lowerBound <= error.text.count && !error.problem.isEmpty, "refused at \(error.place)")
            }
            let again = try Formula(formula.description, columns: columns, factors: ["species"])
            try hold(again == formula, "\(formula) is read back as \(again)")
            _ = formula.without(factors: ["species"])
            guard let model = try? LinearModel.fit(formula, to: table) else { return }
            try hold(
                model.coefficients.allSatisfy { $0.estimate?.isFinite ?? true }, "\(formula): \(model.coefficients)")
        })

    private static let columns = ["weight", "length", "height", "species"]

    private static let table: Table = {
        var numbers: [String: [Double]] = [:]
        var species: [String] = []
        for row in 0..<12 {
            let length = Double(60 + row * 7 % 53)
            let height = Double(10 + row * 3 % 11)
            numbers["length", default: []].append(length)
            numbers["height", default: []].append(height)
            numbers["weight", default: []].append(length / 20 + height / 50 + Double(row % 5) / 10)
            species.append(row % 2 == 0 ? "salmon" : "walleye")
        }
        return Table(numbers: numbers, levels: ["species": species])
    }()
}
