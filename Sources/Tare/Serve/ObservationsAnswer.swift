import Documents
import ModelService
import Regression

/// A row of a body, with its number there, counted from 0.
struct NumberedRow {
    let number: Int
    let observation: Observation
}

/// What became of the rows that were recorded: how many were new, how many had come before, which of them conflict with a
/// row of the same identity, which stays, and how many wait in the journal until the database is back.
struct ObservationsAnswer {
    /// What is told one by one; the others are counted.
    static let shownMax = 100

    private(set) var members: [JSON.Member]

    init(_ rows: [NumberedRow], _ recorded: Recorded, _ specification: ModelSpecification) {
        var conflicts: [JSON] = []
        var conflictCount = 0
        for (row, outcome) in zip(rows, recorded.rows) {
            guard case .conflicting(let kept) = outcome else { continue }
            conflictCount += 1
            if conflictCount <= Self.shownMax { conflicts.append(Self.conflict(row, kept, specification)) }
        }
        let newCount = recorded.newCount
        let journaledCount = recorded.rows.count { $0 == .journaled }
        var members = [
            JSON.Member("recorded", JSON(newCount)),
            JSON.Member("duplicates", JSON(rows.count - newCount - conflictCount - journaledCount)),
        ]
        if journaledCount > 0 { members.append(JSON.Member("journaled", JSON(journaledCount))) }
        if conflictCount > 0 {
            members += [JSON.Member("conflicts", JSON(conflictCount)), JSON.Member("conflicting", .array(conflicts))]
        }
        self.members = members
    }

    /// Points out levels that differ in case or surrounding space only from one that the model knows: to it, they are others.
    mutating func noteSimilarLevels(of rows: [NumberedRow], _ served: ServedModel) {
        var seen: Set<String> = []
        var similar: [JSON.Member] = []
        for level in rows.lazy.compactMap(\.observation.level) where seen.insert(level).inserted {
            if similar.count < Self.shownMax, let known = served.similarLevel(to: level) {
                similar.append(JSON.Member(level, .string(known)))
            }
        }
        if !similar.isEmpty { members.append(JSON.Member(served.similarLevelField, .object(similar))) }
    }

    /// Which row it is, and of each field that differs what was given and what stays.
    private static func conflict(
        _ row: NumberedRow, _ kept: Observation, _ specification: ModelSpecification
    ) -> JSON {
        let measured = Set(
            [specification.factor.field, specification.response.actualField] + specification.predictors.map(\.field))
        let kept = kept.document(specification)
        let fields = (row.observation.document(specification).members ?? []).filter {
            measured.contains($0.name) && $0.value != kept[$0.name]
        }
        return [
            "row": JSON(row.number), specification.fields.identifier: JSON(row.observation.identifier),
            "given": .object(fields), "kept": .object(fields.map { JSON.Member($0.name, kept[$0.name] ?? .null) }),
        ]
    }
}
