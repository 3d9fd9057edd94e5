/// The subjects of a plan, one after the other: the same for the same levels, plan and seed, whatever becomes of their
/// events.
package struct SubjectSequence: Sequence, IteratorProtocol, Sendable {
    private let plan: SimulatorPlan
    private let levels: [String: SimulatedLevel]
    private let planCount: Int
    /// Nil for no end.
    private let count: Int?
    private var number = 0
    private var generator: Xoshiro256

    /// - Parameters:
    ///   - count: how many subjects; the plan begins anew where it is shorter. Nil for no end.
    /// - Throws: `SimulatorPlanError` where the plan names a level that is not among `levels`.
    package init(
        levels: [SimulatedLevel], plan: SimulatorPlan, count: Int?, seed: UInt64
    ) throws(SimulatorPlanError) {
        let named = plan.stages.flatMap(\.shares).map(\.level)
        if let unknown = named.first(where: { name in !levels.contains { $0.name == name } }) {
            let known = levels.map(\.name).joined(separator: ", ")
            throw SimulatorPlanError("nothing is known of '\(unknown)', only of \(known)")
        }
        self.plan = plan
        planCount = plan.count
        self.levels = Dictionary(uniqueKeysWithValues: levels.map { ($0.name, $0) })
        self.count = count
        generator = Xoshiro256(seed: seed)
    }

    package mutating func next() -> SimulatedSubject? {
        if let count, number >= count { return nil }
        let name = plan.level(at: number % planCount, fraction: generator.nextFraction())
        guard let level = levels[name] else { preconditionFailure("checked in init") }
        number += 1
        return level.draw(number: number, using: &generator)
    }
}
