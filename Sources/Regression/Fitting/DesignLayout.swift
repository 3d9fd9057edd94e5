/// The columns of a design matrix, in R's order and under R's names: the intercept, then those of each term.
struct DesignLayout: Sendable, Equatable {
    enum Column: Sendable, Equatable {
        case intercept
        /// A variable, by its place in `Formula.variables`, raised to a power.
        case power(variable: Int, exponent: Int)
        /// 1 where a factor, by its place in `Formula.factors`, has a level, by its place among the levels; else 0.
        case indicator(factor: Int, level: Int)
    }

    let columns: [Column]
    /// `(Intercept)`, `length`, `I(length^2)`, `specieswalleye`.
    let names: [String]

    /// - Parameter levels: those of each of `formula.factors`, in its order; the first one of each is the reference.
    init(_ formula: Formula, levels: [[String]]) {
        var columns: [Column] = formula.hasIntercept ? [.intercept] : []
        var names = formula.hasIntercept ? ["(Intercept)"] : []
        let variables = formula.variables
        let factors = formula.factors
        for term in formula.terms {
            switch term {
            case .variable(let name, let power):
                columns.append(.power(variable: variables.firstIndex(of: name)!, exponent: power))
                names.append(term.description)
            case .factor(let name):
                let factor = factors.firstIndex(of: name)!
                // Without an intercept, the indicators of the first factor stand in for it.
                let hasReference = formula.hasIntercept || factor > 0
                for level in levels[factor].indices.dropFirst(hasReference ? 1 : 0) {
                    columns.append(.indicator(factor: factor, level: level))
                    names.append(name + levels[factor][level])
                }
            }
        }
        self.columns = columns
        self.names = names
    }

    /// A name that two columns would share, if there is one: a document could not tell their coefficients apart.
    var repeatedName: String? {
        var seen: Set<String> = []
        return names.first { !seen.insert($0).inserted }
    }
}
