/// Where a level stands among those of a factor; of two of one name the first counts.
package struct LevelPlaces: Sendable, Equatable {
    /// To compare so few names is faster than to hash one.
    private static let comparedMax = 8

    /// Empty where there are more.
    private let few: [String]
    private let many: [String: Int]

    package init(_ levels: [String]) {
        few = levels.count <= Self.comparedMax ? levels : []
        many =
            levels.count <= Self.comparedMax
            ? [:] : Dictionary(zip(levels, levels.indices)) { first, _ in first }
    }

    package func place(of level: String) -> Int? {
        for place in few.indices where few[place] == level { return place }
        return many.isEmpty ? nil : many[level]
    }
}
