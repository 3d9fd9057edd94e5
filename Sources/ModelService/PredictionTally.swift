import Metrics

/// How many predictions each of the models that served last has made, by group: a value over counters that others add to.
struct PredictionTally: Sendable {
    /// So many versions have counts of their own; those of older ones are kept together.
    static let versionsMax = 10

    private struct Version {
        let name: String
        /// What was counted before it came into service again.
        var past: [String: UInt64] = [:]
        var counters: GroupCounters

        var counts: [String: UInt64] {
            counters.counts.reduce(into: past) { counts, entry in counts[entry.group, default: 0] += entry.count }
        }
    }

    /// In the order in which they came into service last.
    private var versions: [Version] = []
    private var older: UInt64 = 0

    /// Takes a model that comes into service.
    mutating func begin(_ name: String, _ counters: GroupCounters) {
        var version = Version(name: name, counters: counters)
        if let place = versions.firstIndex(where: { $0.name == name }) {
            let known = versions.remove(at: place)
            version.past = known.counters === counters ? known.past : known.counts
        }
        versions.append(version)
        if versions.count > Self.versionsMax {
            older += versions.removeFirst().counts.values.reduce(0, +)
        }
    }

    var counts: [PredictionCount] {
        let own = versions.flatMap { version in
            version.counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
                PredictionCount(version: version.name, group: $0.key, count: $0.value)
            }
        }
        guard older > 0 else { return own }
        return own + [PredictionCount(version: GroupLabels.other, group: GroupLabels.other, count: older)]
    }
}

/// How many predictions a model has made for a group.
package struct PredictionCount: Sendable, Equatable {
    package let version: String
    package let group: String
    package let count: UInt64
}
