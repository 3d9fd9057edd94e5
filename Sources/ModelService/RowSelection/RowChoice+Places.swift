import Regression

/// A choice among rows that are in memory.
extension RowChoice {
    /// Rows of a fit under `auto`: from the least to the most, each twice as many as the one before.
    static let automaticCounts = [50, 100, 200, 400, 800, automaticMax]
    static let automaticMax = 1600
    /// And of each level.
    static let automaticPerLevel = 50

    /// What competes under this choice: itself, or under `auto` several numbers of rows.
    /// - Parameter available: how many rows there are.
    func alternatives(available: Int, levels: Int) -> [RowChoice] {
        guard self == .auto else { return [self] }
        let counts = Self.automaticCounts.filter { $0 <= available }
        let newest = (counts.isEmpty ? [Self.automaticCounts[0]] : counts).map(RowChoice.newest)
        return newest + (levels > 1 ? [.perLevel(Self.automaticPerLevel)] : [])
    }

    /// How many rows it takes of one level; nil for `auto`, which is none by itself.
    var newestCount: Int? {
        switch self {
        case .newest(let count), .perLevel(let count), .mixed(let count, _): count
        case .auto: nil
        }
    }

    /// - Parameter end: as if the rows from there on had not come yet.
    /// - Returns: places, oldest first.
    func places(in pool: RowPool, before end: Int) -> ArraySlice<Int> {
        switch self {
        case .newest(let count): return pool.places[max(0, end - count)..<end]
        case .perLevel(let count): return Self.places(in: pool, before: end, newest: 0, floor: count)
        case .mixed(let count, let floor): return Self.places(in: pool, before: end, newest: count, floor: floor)
        case .auto: return pool.places[max(0, end - Self.automaticCounts[0])..<end]
        }
    }

    private static func places(in pool: RowPool, before end: Int, newest: Int, floor: Int) -> ArraySlice<Int> {
        var taken = Array(repeating: 0, count: pool.design.levelCount)
        var places: [Int] = []
        for place in stride(from: end - 1, through: 0, by: -1) {
            let level = pool.design.level(of: place)
            guard place >= end - newest || taken[level] < floor else { continue }
            taken[level] += 1
            places.append(place)
        }
        places.reverse()
        return places[...]
    }
}
