import Documents
import HTTPServer
import ModelService
import Program
import Specification

/// Examples of requests and answers: rows that are ordinary for a model, and what it says of them.
struct ContractExamples {
    private let specification: ModelSpecification
    private let served: ServedModel?
    private let rows: [TypicalRow]

    init(_ specification: ModelSpecification, model: ModelVersion?) {
        self.specification = specification
        served = model.map { ServedModel($0) }
        rows = [
            TypicalRow(specification, model: model),
            TypicalRow(specification, model: model, factor: 1.03, isLast: true),
        ]
    }

    var values: [String: JSON?] {
        let ofModel = served?.model.document
        let observation = ContractObservation(specification, served, rows[0])
        let stored = observation.document
        return predictions.merging(
            [
                "version": JSON(served?.version), "modelTime": JSON(served?.modelTime),
                "coefficients": ofModel?["coefficients"], "sigma": ofModel?["sigma"], "rSquared": ofModel?["rSquared"],
                "listedModel": listedModel, "exampleLevels": .array(levels), "exampleTrigger": .object(trigger),
                "exampleDetection": detection, "exampleJavaMap": javaMap, "exampleObservation": observation.document,
                "exampleConflicts": observation.conflicts, "exampleRefusal": observation.refusal,
                "exampleBadParameter": badParameter, "exampleMissing": missing,
                "exampleModel": ofModel.map { ["value": $0] }, "exampleStored": ["value": [stored]],
                "exampleStoredLines": ["value": .string("\(stored.compact)\n")],
            ] as [String: JSON?]
        ) { first, _ in first }
        .merging(clients.values) { first, _ in first }
    }

    private var clients: ContractClients {
        let answers = rows.compactMap { answer($0, options("interval", "0.95")) }
        return ContractClients(
            specification: specification, rows: rows, served: served,
            answers: answers.count == rows.count ? answers : [])
    }

    // MARK: Predictions

    private var predictions: [String: JSON?] {
        let identifier = specification.fields.identifier
        let members = rows.enumerated().map { number, row in [JSON.Member(identifier, .string("\(number + 1)"))] }
        let answers = rows.map { answer($0, AnswerOptions()) }
        let named = zip(members, answers).map { JSON.object(($1?.members ?? []) + $0) }
        return [
            "exampleAnswer": summed("Levels that the model knows", answers[0]),
            "exampleUnseen": summed("A level that it does not know", unseen),
            "exampleInterval": summed("With the interval of 95 %", answer(rows[0], options("interval", "0.95"))),
            "exampleExplained": summed("With what each term adds", answer(rows[0], options("explain", "true"))),
            "exampleRow": ["summary": "One row", "value": document(rows[0], byField: false)],
            "exampleRows": [
                "summary": "Several rows, named as in documents",
                "value": .array(zip(members, rows).map { .object($0 + (document($1, byField: true).members ?? [])) }),
            ],
            "exampleAnswers": answers.contains { $0 == nil } ? nil : ["value": .array(named)],
            "exampleAnswerLines": answers.contains { $0 == nil }
                ? nil : ["value": .string(named.map { "\($0.compact)\n" }.joined())],
        ]
    }

    private func summed(_ summary: String, _ value: JSON?) -> JSON? {
        value.map { ["summary": .string(summary), "value": $0] }
    }

    private func options(_ name: String, _ value: String) -> AnswerOptions {
        (try? AnswerOptions(query: [HTTPField(name, value)])) ?? AnswerOptions()
    }

    /// - Returns: nil where the model cannot say.
    private func answer(_ row: TypicalRow, _ options: AnswerOptions) -> JSON? {
        guard let served else { return nil }
        let input = PredictionInput(predictors: row.numbers, levels: row.levels)
        return try? PredictionAnswer(input, served: served, unseen: .accept).document(options)
    }

    /// With a level that the model does not know in place of that of the first factor.
    private var unseen: JSON? {
        guard let served, !rows[0].levels.isEmpty else { return nil }
        let input = PredictionInput(
            predictors: rows[0].numbers, levels: ["another level"] + rows[0].levels.dropFirst())
        return try? PredictionAnswer(input, served: served, unseen: .accept).document(AnswerOptions())
    }

    private func document(_ row: TypicalRow, byField: Bool) -> JSON {
        .object(
            zip(specification.predictors, row.numbers).map {
                JSON.Member(byField ? $0.field : $0.name, JSON(short: $1))
            }
                + zip(specification.factors, row.levels).map {
                    JSON.Member(byField ? $0.field : $0.name, .string($1))
                })
    }

    /// What is said of the first parameter when it is not as it should be; nil where there is none.
    private var badParameter: JSON? {
        let refused: Problem? =
            if let predictor = specification.predictors.first {
                Problem(400, parameter: predictor.name, given: "95,5", accepted: predictor.accepted)
            } else {
                specification.factors.first.map { Problem(400, parameter: $0.name, given: "", accepted: $0.accepted) }
            }
        return refused.map { ["value": $0.document] }
    }

    /// What is said of a row that lacks the first variable; nil where there is none.
    private var missing: JSON? {
        let variable =
            specification.predictors.first.map { ($0.name, $0.accepted) }
            ?? specification.factors.first.map { ($0.name, $0.accepted) }
        return variable.map { ["value": Problem(422, parameter: $0.0, given: nil, accepted: $0.1).document] }
    }

    // MARK: Trainings

    private var levels: [JSON] { specification.factor.map { _ in [.string(rows[0].levels[0])] } ?? [] }

    /// As the window detector tells it.
    private var trigger: [JSON.Member] {
        let identifier = specification.fields.identifier
        return [
            .init(specification.factor?.field ?? "Group", .array(levels)),
            .init("\(identifier)_Start", "71"), .init("\(identifier)_End", "100"),
            .init("\(specification.fields.error)Avg", 0.85),
        ]
    }

    private var detection: JSON {
        .object(
            trigger + [
                .init("WindowStart", 1_623_240_152_000), .init("WindowEnd", 1_623_240_158_001),
                .init("Cause", "errors"),
            ])
    }

    /// The text of a Java map, as Confluent's sink writes it.
    private var javaMap: JSON {
        let members = trigger.map { member in
            let texts = member.value.elements?.compactMap(\.text).joined(separator: ", ")
            return "\(member.name)=\(texts.map { "[\($0)]" } ?? member.value.text ?? member.value.compact)"
        }
        return .string("{\(members.joined(separator: ", "))}")
    }

    /// What a list says of a model.
    private var listedModel: JSON? {
        served.map { served in
            let names = [
                "version", "time", "parent", "cause", "state", "verdict", "levels", "rows", "rowsHash", "oldestRow",
                "newestRow",
                "coefficients", "coefficientsHex", "sigma", "rSquared",
            ]
            let document = served.model.document
            return .object(names.compactMap { name in document[name].map { JSON.Member(name, $0) } })
        }
    }
}
