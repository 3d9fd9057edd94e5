/// The columns of a design, put together where a row has a value in one of them at the most: those of a term that differ in
/// their indicators only. What two families have in common in a row is then one product, however many levels there are.
struct DesignFamilies {
    struct Family {
        /// Which of `vectors` gives the values; nil where they are all 1.
        let vector: Int?
        /// Places of factors; none where the family is one column.
        let factors: [Int]
        /// For the factors' codes, the first changing fastest: which of `columns` it is, or -1 for none, as of a reference
        /// level.
        let places: [Int32]
        /// Columns of the design.
        fileprivate(set) var columns: [Int]
    }

    /// Products of basis functions, by their places.
    let vectors: [[Int]]
    let families: [Family]
    let levelCounts: [Int]

    init(_ layout: DesignLayout) {
        struct Key: Hashable {
            let term: Int?
            let basis: [Int]
        }
        levelCounts = layout.levels.map(\.count)
        var (vectors, families, members): ([[Int]], [Family], [Key: [Int]]) = ([], [], [:])
        var keys: [Key] = []
        for (place, column) in layout.columns.enumerated() {
            let key = Key(term: column.term, basis: column.basis)
            if members[key] == nil { keys.append(key) }
            members[key, default: []].append(place)
        }
        for key in keys {
            let columns = members[key]!
            let factors = layout.columns[columns[0]].indicators.map(\.factor)
            var vector: Int?
            if !key.basis.isEmpty {
                vector = vectors.firstIndex(of: key.basis) ?? vectors.count
                if vector == vectors.count { vectors.append(key.basis) }
            }
            let size = factors.reduce(1) { $0 * layout.levels[$1].count }
            var places = Array(repeating: Int32(-1), count: factors.isEmpty ? 0 : size)
            if !factors.isEmpty {
                for (place, column) in columns.enumerated() {
                    var (code, radix) = (0, 1)
                    for indicator in layout.columns[column].indicators {
                        code += indicator.level * radix
                        radix *= layout.levels[indicator.factor].count
                    }
                    places[code] = Int32(place)
                }
            }
            families.append(Family(vector: vector, factors: factors, places: places, columns: columns))
        }
        self.vectors = vectors
        self.families = families
    }
}
