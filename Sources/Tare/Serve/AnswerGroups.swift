import Documents
import ModelService

/// What the answers to all rows of the same levels have in common.
final class AnswerGroup {
    let prepared: PreparedLevels
    /// What stands behind the value in their answers, up to what depends on the row again.
    let tail: [UInt8]
    /// As it is counted.
    let level: String?
    var count: UInt64 = 0

    init(_ prepared: PreparedLevels, tail: [UInt8], level: String?) {
        self.prepared = prepared
        self.tail = tail
        self.level = level
    }
}

/// Finds the group of a row by the bytes of its levels: none is made a string of, but for the first row of each group.
struct AnswerGroups {
    /// Of each kind of level, and of groups.
    private static let countMax = 512
    /// What the groups take, in bytes: those of a large model are large.
    private static let bytesMax = 4 << 20

    /// For each factor.
    private var levels: [TextTable]
    /// For each predictor that is taken for a level, the number of its value.
    private var numbers: [[UInt64: Int]]
    /// Of what was looked up up to a factor and of the next one, the number of both together.
    private var pairs: [[UInt64: Int]]
    /// By these numbers; nil of rows that have no answer, or none that all of them share.
    private var groups: [AnswerGroup?] = []
    private var bytes = 0
    /// Whether no further group finds room.
    private(set) var isFull = false
    private let numberPlaces: [Int]

    /// - Parameters:
    ///   - factorCount: of a row.
    ///   - numberPlaces: those of the predictors that are taken for levels.
    init(factorCount: Int, numberPlaces: [Int]) {
        levels = (0..<factorCount).map { _ in TextTable(countMax: Self.countMax) }
        numbers = numberPlaces.map { _ in [:] }
        pairs = Array(repeating: [:], count: factorCount + numberPlaces.count)
        self.numberPlaces = numberPlaces
    }

    /// How many there are.
    var count: Int { groups.count }

    /// - Returns: nil where the group has no answers.
    subscript(number: Int) -> AnswerGroup? { groups[number] }

    /// Takes the group of the levels that got the number `count`.
    mutating func append(_ group: AnswerGroup?) {
        bytes += group?.byteCount ?? 0
        groups.append(group)
        isFull = hasNoRoom
    }

    private var hasNoRoom: Bool {
        bytes > Self.bytesMax || groups.count >= Self.countMax || levels.contains { $0.count >= Self.countMax }
            || numbers.contains { $0.count >= Self.countMax } || pairs.contains { $0.count >= Self.countMax }
    }

    /// Gives those that there are to `body`, and begins anew.
    mutating func removeAll(_ body: (AnswerGroup) -> Void) {
        for group in groups { group.map(body) }
        for place in levels.indices { levels[place].removeAll() }
        for place in numbers.indices { numbers[place] = [:] }
        for place in pairs.indices { pairs[place] = [:] }
        (groups, bytes, isFull) = ([], 0, false)
    }

    /// The number of the group of a row, in the order in which they first came: `count` of the first row of a group.
    ///
    /// - Parameters:
    ///   - ranges: of the row's levels in the text.
    ///   - predictors: of the row.
    /// - Returns: nil where there is no room for it.
    mutating func number(_ text: [UInt8], _ ranges: [Range<Int>], _ predictors: [Double]) -> Int? {
        guard let number = known(text, ranges, predictors), number <= groups.count else {
            isFull = true
            return nil
        }
        return number
    }

    @inline(__always)
    private mutating func known(_ text: [UInt8], _ ranges: [Range<Int>], _ predictors: [Double]) -> Int? {
        var number = 0
        for place in levels.indices {
            guard let next = levels[place].number(of: text.span.extracting(ranges[place])) else { return nil }
            number = place == 0 ? next : together(number, next, at: place)
        }
        for place in numberPlaces.indices {
            let (count, bits) = (numbers[place].count, predictors[numberPlaces[place]].bitPattern)
            let next = numbers[place][bits, default: count]
            if next == count { numbers[place][bits] = count }
            number = together(number, next, at: levels.count + place)
        }
        return number
    }

    private mutating func together(_ number: Int, _ next: Int, at place: Int) -> Int {
        let key = UInt64(number) << 32 | UInt64(next)
        if let known = pairs[place][key] { return known }
        let count = pairs[place].count
        pairs[place][key] = count
        return count
    }
}

extension AnswerGroup {
    /// What it takes, about.
    fileprivate var byteCount: Int { prepared.byteCount + tail.count + 200 }
}
