import Documents
import ModelService
import Program
import Regression
import Specification

/// Rows of a body, with the number of each there, counted from 0.
struct NumberedRows {
    private(set) var numbers: [Int] = []
    private(set) var rows: [Observation] = []

    mutating func append(_ row: Observation, number: Int) {
        numbers.append(number)
        rows.append(row)
    }
}

/// What became of the rows of a body, block by block: how many were new, how many had come before, which of them conflict
/// with a row of the same identity, which stays, how many wait in the journal until the database is back, and which were
/// refused. However many there are, it stays small.
struct ObservationsAnswer {
    /// What is told one by one; the others are counted.
    static let shownMax = 100

    private let specification: ModelSpecification
    private(set) var rowCount = 0
    private(set) var tally = ObservationTally()
    private var refused: [JSON] = []
    private var conflicts: [JSON] = []
    private var similar: [JSON.Member] = []
    private var similarField: String?

    init(_ specification: ModelSpecification) {
        self.specification = specification
    }

    /// A row came that is not refused.
    mutating func noteRow() { rowCount += 1 }

    mutating func noteRefused(_ problem: Problem) {
        if tally.refused < RowsBody.problemsMax {
            refused.append(["row": JSON(rowCount), "problem": problem.document])
        }
        tally.refused += 1
        rowCount += 1
    }

    /// Takes what became of a block of rows.
    mutating func add(_ block: NumberedRows, _ recorded: Recorded, served: ServedModel?) {
        for place in recorded.rows.indices {
            switch recorded.rows[place] {
            case .new: tally.new += 1
            case .repeated: tally.repeated += 1
            case .journaled: tally.journaled += 1
            case .conflicting(let kept):
                tally.conflicting += 1
                if tally.conflicting <= Self.shownMax {
                    conflicts.append(conflict(block.rows[place], number: block.numbers[place], kept))
                }
            }
        }
        if let served { noteSimilarLevels(of: block.rows, served) }
    }

    var members: [JSON.Member] {
        var members = [
            JSON.Member("recorded", JSON(tally.new)), JSON.Member("duplicates", JSON(tally.repeated)),
        ]
        if tally.journaled > 0 { members.append(JSON.Member("journaled", JSON(tally.journaled))) }
        if tally.conflicting > 0 {
            members += [
                JSON.Member("conflicts", JSON(tally.conflicting)), JSON.Member("conflicting", .array(conflicts)),
            ]
        }
        if let similarField, !similar.isEmpty { members.append(JSON.Member(similarField, .object(similar))) }
        guard tally.refused > 0 else { return members }
        return members + [JSON.Member("refused", .array(refused)), JSON.Member("refusals", JSON(tally.refused))]
    }

    /// Points out levels that differ in case or surrounding space only from one that the model knows: to it, they are others.
    private mutating func noteSimilarLevels(of rows: [Observation], _ served: ServedModel) {
        similarField = served.similarLevelField
        var (seen, recent) = (Set<String>(), RecentLevels())
        for place in rows.indices {
            guard let level = rows[place].level, recent.insert(level), !served.isDistinct(level),
                seen.insert(level).inserted, similar.count < Self.shownMax,
                !similar.contains(where: { $0.name == level }),
                let known = served.similarLevel(to: level)
            else { continue }
            similar.append(JSON.Member(level, .string(known)))
        }
    }

    /// Which row it is, and of each field that differs what was given and what stays.
    private func conflict(_ row: Observation, number: Int, _ kept: Observation) -> JSON {
        let kept = kept.document(specification)
        // In which rows of one identity can conflict.
        let measured =
            specification.factors.map(\.field) + [specification.response.actualField]
            + specification.predictors.map(\.field)
        let fields = (row.document(specification).members ?? []).filter {
            measured.contains($0.name) && $0.value != kept[$0.name]
        }
        return [
            "row": JSON(number), specification.fields.identifier: JSON(row.identifier),
            "given": .object(fields), "kept": .object(fields.map { JSON.Member($0.name, kept[$0.name] ?? .null) }),
        ]
    }
}
