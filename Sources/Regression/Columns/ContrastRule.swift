/// Whether a factor of a term has a column for every level or lacks that of its reference: R's rule, which depends on what
/// the terms before it can already tell (J. M. Chambers and T. J. Hastie, *Statistical Models in S*, 1992, section 2.4.1).
enum ContrastRule {
    /// - Returns: the places of the atoms that have a column for every level, for each term.
    static func full(in formula: Formula) -> [Set<Int>] {
        var full = formula.terms.indices.map { place in
            let term = formula.terms[place]
            return Set(
                term.atoms.filter { atom in
                    formula.atoms[atom].factor != nil && !isMarginal(atom, of: term, among: formula.terms[..<place])
                })
        }
        // Without an intercept, the indicators of the first factor stand in for it.
        if !formula.hasIntercept {
            for (place, term) in formula.terms.enumerated() {
                guard let factor = term.atoms.first(where: { formula.atoms[$0].factor != nil }) else { continue }
                full[place].insert(factor)
                break
            }
        }
        return full
    }

    /// Whether an earlier term holds all other atoms of the term; where there are no others, the intercept does.
    private static func isMarginal(_ atom: Int, of term: Formula.Term, among earlier: ArraySlice<Formula.Term>) -> Bool
    {
        let others = term.atoms.filter { $0 != atom }
        return others.isEmpty || earlier.contains { Set($0.atoms).isSuperset(of: others) }
    }
}
