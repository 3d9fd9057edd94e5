import Documents

@testable import EventProcessing

/// The pairs that one record makes, as values.
extension StreamJoin {
    struct Match {
        let left: Left
        let right: Right
        let time: Timestamp
    }

    mutating func addLeft(_ value: Left, key: String, size: Int = 0, at time: Timestamp) -> [Match] {
        var matches: [Match] = []
        addLeft(value, key: key, size: size, at: time) { matches.append(Match(left: $0, right: $1, time: $2)) }
        return matches
    }

    mutating func addRight(_ value: Right, key: String, size: Int = 0, at time: Timestamp) -> [Match] {
        var matches: [Match] = []
        addRight(value, key: key, size: size, at: time) { matches.append(Match(left: $0, right: $1, time: $2)) }
        return matches
    }
}
