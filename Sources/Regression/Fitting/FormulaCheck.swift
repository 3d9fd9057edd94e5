extension Formula {
    /// The highest power of a variable that is accepted.
    package static let powerMax = 32

    /// The most columns of a design, levels included, that are accepted.
    package static let columnsMax = 1000

    /// Refuses what no table could be fitted by, whatever its rows.
    func check() throws(FitRefusal) {
        guard hasIntercept || !terms.isEmpty else { throw .noColumns }
        var seen: Set<Term> = []
        for term in terms {
            guard seen.insert(term).inserted else { throw .repeatedColumn(term.description) }
            switch term {
            case .variable(let name, let power):
                guard name != response else { throw .responseAmongTerms(name) }
                guard 1...Self.powerMax ~= power else { throw .power(variable: name, power: power) }
            case .factor(let name):
                guard name != response else { throw .responseAmongTerms(name) }
            }
        }
    }
}
