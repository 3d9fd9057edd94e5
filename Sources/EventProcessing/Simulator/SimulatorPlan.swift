/// Which subjects come, in stages: `one:60,other:60`. A stage may mix levels by their shares, which need not add
/// up to one: `one=9+other=1:100`.
package struct SimulatorPlan: Sendable, Equatable {
    package let stages: [Stage]

    package struct Stage: Sendable, Equatable {
        /// Each name once.
        package let shares: [Share]
        package let count: Int

        /// Subjects of one level only.
        package init(_ level: String, count: Int) { self.init(shares: [Share(level: level, weight: 1)], count: count) }

        init(shares: [Share], count: Int) {
            precondition(!shares.isEmpty && count > 0)
            self.shares = shares
            self.count = count
        }
    }

    package struct Share: Sendable, Equatable {
        package let level: String
        /// Above 0.
        package let weight: Double
    }

    package var count: Int { stages.reduce(0) { $0 + $1.count } }

    package init(stages: [Stage]) {
        precondition(!stages.isEmpty)
        self.stages = stages
    }

    /// - Throws: `SimulatorPlanError` with what was given and what is accepted.
    package init(_ text: String) throws(SimulatorPlanError) {
        var stages: [Stage] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            stages.append(try Self.stage(String(part)))
        }
        self.stages = stages
    }

    /// The level at a point of the plan.
    /// - Parameter fraction: uniform in [0, 1); it chooses where the stage mixes.
    func level(at index: Int, fraction: Double) -> String {
        var left = index
        for stage in stages {
            if left < stage.count { return stage.level(fraction: fraction) }
            left -= stage.count
        }
        preconditionFailure("the plan has \(count) subjects, asked was for \(index)")
    }
}

extension SimulatorPlan.Stage {
    func level(fraction: Double) -> String {
        var left = fraction * shares.reduce(0) { $0 + $1.weight }
        for share in shares {
            if left < share.weight { return share.level }
            left -= share.weight
        }
        return shares[shares.count - 1].level
    }
}

// MARK: - Text

extension SimulatorPlan: CustomStringConvertible {
    /// What `init(_:)` reads.
    package var description: String {
        stages.map { stage in
            let isMixed = stage.shares.count > 1
            let shares = stage.shares.map { isMixed ? "\($0.level)=\($0.weight)" : $0.level }
            return "\(shares.joined(separator: "+")):\(stage.count)"
        }.joined(separator: ",")
    }
}

extension SimulatorPlan {
    static let stageCountMax = 1_000_000_000

    private static func stage(_ text: String) throws(SimulatorPlanError) -> Stage {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw SimulatorPlanError("'\(text)' is not a name and a count") }
        guard let count = Int(parts[1]), (1...stageCountMax).contains(count) else {
            throw SimulatorPlanError(
                "the count '\(parts[1])' in '\(text)' is not a whole number from 1 to \(stageCountMax)")
        }
        var shares: [Share] = []
        for part in parts[0].split(separator: "+", omittingEmptySubsequences: false) {
            shares.append(try share(String(part), in: text, isAlone: parts[0] == part))
        }
        guard Set(shares.map(\.level)).count == shares.count else {
            throw SimulatorPlanError("'\(text)' names one level twice")
        }
        return Stage(shares: shares, count: count)
    }

    private static func share(
        _ text: String, in stage: String, isAlone: Bool
    ) throws(SimulatorPlanError) -> Share {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty else { throw SimulatorPlanError("'\(stage)' names no level") }
        if parts.count == 1, isAlone { return Share(level: String(name), weight: 1) }
        guard parts.count == 2, let weight = Double(parts[1]), weight > 0, weight.isFinite else {
            throw SimulatorPlanError("'\(text)' in '\(stage)' is not a name and a share above 0")
        }
        return Share(level: String(name), weight: weight)
    }
}

/// Why a text is not a plan.
package struct SimulatorPlanError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ problem: String) {
        description = "\(problem). Accepted is NAME:COUNT,NAME:COUNT,… and, for a mixture, NAME=SHARE+NAME=SHARE:COUNT"
    }
}
