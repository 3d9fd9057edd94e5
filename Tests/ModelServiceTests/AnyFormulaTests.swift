import Documents
import Regression
import Specification
import Testing

@testable import ModelService

/// Houses: two factors, a transformed response, numbers that may be missing.
struct Houses {
    static let districts = ["harbour", "north", "old town"]
    static let heatings = ["gas", "oil"]

    let specification: ModelSpecification
    let observations: [Observation]

    /// - Parameter group: nil for one group.
    init(
        _ formula: String, group: String? = "district", measure: ModelSpecification.ErrorMeasure = .relative,
        estimate: ModelSpecification.EstimateKind = .median, count: Int = 60
    ) throws {
        let factors = ["district", "heating"].map { ModelSpecification.Factor(name: $0, field: $0, charactersMax: 20) }
        specification = ModelSpecification(
            subject: "houses",
            response: .init(
                name: "price", field: "price", actualField: "price", predictedField: "Predicted",
                bounds: measure != .absolute ? .above(0, upTo: 1e9) : .from(-1e9, upTo: 1e9)),
            predictors: ["area", "rooms"].map { .init(name: $0, field: $0, unit: "", bounds: .above(0, upTo: 1e4)) },
            factor: factors.first { $0.name == group }, otherFactors: factors.filter { $0.name != group },
            formula: try Formula(formula, factors: ["district", "heating"]), errorMeasure: measure, estimate: estimate,
            fields: .init(identifier: "id", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime"))
        observations = (0..<count).map { index in
            let (area, rooms) = (40 + Double(index * 37 % 101), Double(1 + index * 7 % 5))
            let (district, heating) = (Self.districts[index % 3], Self.heatings[index / 3 % 2])
            let noise = Double(index * 53 % 17) / 40
            let price =
                (area * (3 + Double(index % 3)) + 20 * rooms) * (1 + noise / 10) - (measure == .absolute ? 400 : 0)
            return Observation(
                identifier: "\(index)", level: group == nil ? "" : group == "district" ? district : heating,
                otherLevels: group == nil ? [district, heating] : [group == "district" ? heating : district],
                predictors: [area, rooms], actual: price, timestamp: Timestamp(milliseconds: Int64(index) * 60_000))
        }
    }

    func version() throws -> ModelVersion {
        try ModelVersion(
            fitting: TrainingRows(oldestFirst: observations, specification: specification),
            time: ModelVersionTests.time, parent: nil, trigger: .null)
    }
}

@Suite("A model of any formula")
struct AnyFormulaTests {
    private static let formulas = [
        "price ~ area + rooms", "log(price) ~ log(area) + rooms * district + heating",
        "price ~ poly(area, 2) * district + factor(rooms)", "sqrt(price) ~ 0 + district:heating + area",
        "price ~ I(area / rooms) + heating", "log(price / 1000) ~ poly(log(area), 2) + rooms %in% district",
        "price ~ 1",
    ]

    @Test(
        "what is prepared for the levels of a row says of each what the model says, to the last bit",
        arguments: formulas)
    func prepared(formula: String) throws {
        let houses = try Houses(formula, estimate: formula.hasPrefix("log") ? .mean : .median)
        let served = ServedModel(try houses.version())
        var (rows, scratch) = (PreparedRows(served), PreparedLevels.Scratch())
        for observation in houses.observations {
            for district in [observation.level, "moon"] {
                let (numbers, levels) = (
                    observation.predictors.compactMap(\.self), [district!, observation.otherLevels[0]!]
                )
                let row = TrainingRows.Row(
                    predictors: numbers, level: levels[0], otherLevels: [levels[1]], response: observation.actual!)
                let expected = served.estimate(predictors: numbers, levels: levels)
                guard let prepared = rows.prepared(for: row), let expected else {
                    #expect((rows.prepared(for: row) == nil) == (expected == nil))
                    continue
                }
                #expect(prepared.estimate(numbers, &scratch) == (expected.value, expected.median))
                #expect(prepared.unseen == expected.unseen)
                #expect(
                    prepared.isExtrapolated(numbers, &scratch)
                        == served.isExtrapolated(predictors: numbers, levels: levels))
                let fit = try #require(served.model.fit(predictors: numbers, levels: levels))
                let fitted = prepared.fitted(numbers, &scratch)
                #expect(fitted.estimate == fit.estimate(numbers: numbers, levels: levels))
                #expect(fitted.leverage == fit.leverage(numbers: numbers, levels: levels))
            }
        }
    }

    @Test("a document gives back the same model, whatever its formula, factors and measure", arguments: formulas)
    func roundTrip(formula: String) throws {
        for group in ["district", "heating", nil] {
            let version = try Houses(formula, group: group).version()
            let read = try ModelVersion(document: JSON(parsing: version.document.indented))
            #expect(read == version)
            #expect(read.document == version.document)
        }
    }

    @Test("estimates and intervals are on the response's own scale, those of the fit itself turned back")
    func scale() throws {
        let houses = try Houses("log(price) ~ log(area) + rooms * district + heating")
        let version = try houses.version()
        let fit = try LinearModel.fit(
            houses.specification.formula,
            to: TrainingRows(oldestFirst: houses.observations, specification: houses.specification).table,
            row: houses.specification.row)
        let (numbers, levels) = ([75.0, 3], ["north", "oil"])
        let value = try #require(fit.estimate(numbers: numbers, levels: levels))
        #expect(version.estimate(predictors: numbers, levels: levels)?.value == value.exponential())
        let interval = try fit.interval(numbers: numbers, levels: levels, confidence: 0.9, kind: .prediction)
        let told = try #require(try version.interval(predictors: numbers, levels: levels, confidence: 0.9))
        #expect(told.lower == interval.lower.exponential() && told.upper == interval.upper.exponential())
    }

    @Test(
        "a level never seen, of any factor and of several, is answered by the fit without the terms that hold them",
        arguments: [
            (["harbour", "coal"], ["heating"]), (["west", "gas"], ["district"]),
            (["west", "coal"], ["district", "heating"]),
        ] as [([String], [String])])
    func unseen(levels: [String], unseen: [String]) throws {
        let houses = try Houses("log(price) ~ log(area) * district + heating")
        let version = try houses.version()
        let estimate = try #require(version.estimate(predictors: [75, 3], levels: levels))
        #expect(estimate.unseen == unseen)
        let rest = try LinearModel.fit(
            houses.specification.formula.without(factors: Set(unseen)),
            to: TrainingRows(oldestFirst: houses.observations, specification: houses.specification).table,
            row: houses.specification.row)
        let expected = try #require(rest.estimate(numbers: [75, 3], levels: levels))
        #expect(estimate.value == expected.exponential())
    }

    @Test("a number that is taken for a level, and was not among the rows, is unseen too")
    func unseenNumber() throws {
        let version = try Houses("price ~ area + factor(rooms)", group: nil).version()
        #expect(version.estimate(predictors: [75, 3], levels: ["north", "gas"])?.unseen.isEmpty == true)
        #expect(version.estimate(predictors: [75, 9], levels: ["north", "gas"])?.unseen == ["rooms"])
    }

    @Test("a factor with one level among the rows is left out, and its other levels are unseen")
    func constantFactor() throws {
        let houses = try Houses("price ~ area + district + heating")
        var rows = houses.observations
        for index in rows.indices { rows[index].otherLevels = ["gas"] }
        let version = try ModelVersion(
            fitting: TrainingRows(oldestFirst: rows, specification: houses.specification), time: ModelVersionTests.time,
            parent: nil, trigger: .null)
        #expect(version.model.formula.description == "price ~ area + district")
        #expect(version.estimate(predictors: [75, 3], levels: ["north", "gas"])?.unseen.isEmpty == true)
        #expect(version.estimate(predictors: [75, 3], levels: ["north", "oil"])?.unseen == ["heating"])
        #expect(version.estimate(predictors: [75, 3], levels: ["west", "oil"])?.unseen == ["district", "heating"])
        #expect(try ModelVersion(document: version.document) == version)
    }

    @Test("with more than three factors there are no fallbacks, and an unseen level has no estimate")
    func tooManyFactors() throws {
        let names = ["f", "g", "h", "k"]
        let specification = ModelSpecification(
            subject: "rows", response: .init(name: "y", field: "y", actualField: "y", predictedField: "Predicted"),
            predictors: [], factor: nil,
            otherFactors: names.map { .init(name: $0, field: $0, charactersMax: 9) },
            formula: try Formula("y ~ f + g + h + k", factors: Set(names)), errorMeasure: .relative,
            fields: .init(identifier: "id", timestamp: "Timestamp", error: "Error", modelTime: "ModelTime"))
        let rows = (0..<40).map { index -> Observation in
            let levels: [String?] = (0..<4).map { bit in (index >> bit) & 1 == 0 ? "a" : "b" }
            let actual = Double(1 + index % 7)
            return Observation(level: "", otherLevels: levels, predictors: [], actual: actual, timestamp: nil)
        }
        let version = try ModelVersion(
            fitting: TrainingRows(oldestFirst: rows, specification: specification), time: ModelVersionTests.time,
            parent: nil, trigger: .null)
        #expect(version.fallbacks.isEmpty)
        #expect(version.estimate(predictors: [], levels: ["a", "b", "a", "b"])?.unseen.isEmpty == true)
        #expect(version.estimate(predictors: [], levels: ["a", "b", "c", "b"]) == nil)
    }

    @Test("rows of which the formula makes no number are left out and counted, and so are those with a level missing")
    func undefined() throws {
        let houses = try Houses("log(price) ~ log(area) + heating", measure: .absolute)
        var rows = houses.observations.map { row in
            var row = row
            row.actual = abs(row.actual ?? 0) + 1
            return row
        }
        rows[2].predictors[0] = 0
        rows[3].actual = -5
        rows[4].otherLevels = [nil]
        rows[5].predictors[1] = nil
        let training = TrainingRows(oldestFirst: rows, specification: houses.specification)
        #expect(training.leftOut == 4 && training.count == rows.count - 4)
    }

    @Test("errors in the response's own unit judge rows of any sign, leaving each out of its own fit")
    func absolute() throws {
        let houses = try Houses("price ~ area * district + rooms + heating", measure: .absolute)
        let version = try houses.version()
        let rows = TrainingRows(oldestFirst: houses.observations, specification: houses.specification)
        #expect(rows.used.contains { $0.response < 0 } && rows.leftOut == 0)
        let others = TrainingRows(
            oldestFirst: Array(houses.observations.dropFirst()), specification: houses.specification)
        let refit = try ModelVersion(fitting: others, time: ModelVersionTests.time, parent: nil, trigger: .null)
        let row = rows.used[0]
        let estimate = try #require(refit.estimate(predictors: row.predictors, levels: [row.level] + row.otherLevels))
        let scale = houses.specification.errorScale(sigma: nil)
        let error = try #require(version.honestError(of: JudgedRow(row, version.specification), by: scale))
        #expect(abs(error - abs(estimate.value - row.response)) < 1e-6)
    }

    @Test("errors in sigmas are those of the fit's own scale, by the sigma of one model for all who are compared")
    func sigmas() throws {
        let houses = try Houses("log(price) ~ area * district + rooms", measure: .sigma, estimate: .mean)
        let version = try houses.version()
        let scale = houses.specification.errorScale(sigma: 0.5)
        let estimate = try #require(version.estimate(predictors: [70, 2], levels: ["north", "gas"]))
        let row = TrainingRows.Row(
            predictors: [70, 2], level: "north", otherLevels: ["gas"], response: estimate.median * 2.718281828459045)
        #expect(abs(try #require(version.honestError(of: JudgedRow(row, version.specification), by: scale)) - 2) < 1e-9)
    }

    @Test(
        "where the specification asks for means, estimates are above the median, levels never seen included, and a document keeps it",
        arguments: ["log(price) ~ area * district + heating", "sqrt(price) ~ area + district", "price ~ area"])
    func means(formula: String) throws {
        let version = try Houses(formula, estimate: .mean).version()
        let stored = try ModelVersion(document: version.document)
        #expect(stored == version)
        let medians = try Houses(formula).version()
        for levels in [["north", "gas"], ["west", "gas"]] {
            let estimate = try #require(stored.estimate(predictors: [70, 2], levels: levels))
            let median = try #require(medians.estimate(predictors: [70, 2], levels: levels)).value
            #expect(estimate.median == median)
            #expect(formula == "price ~ area" ? estimate.value == median : estimate.value > median)
        }
    }

    @Test("the quick fits of a judge estimate as the fits that serve do", arguments: formulas)
    func quickFits(formula: String) throws {
        for group in ["district", nil] {
            let houses = try Houses(formula, group: group)
            let version = try houses.version()
            let pool = RowPool(newestFirst: houses.observations.reversed(), rule: RowRule(houses.specification))
            #expect(pool.count == houses.observations.count)
            let fit = pool.design.fit(Array(0..<pool.count))
            for (place, row) in pool.judged(0..<pool.count).enumerated() {
                let expected = try #require(version.model.estimate(numbers: row.predictors, levels: row.levels))
                #expect(abs(fit.estimate(place) - expected) <= 1e-6 * abs(expected), "\(formula), row \(place)")
            }
        }
    }
}

@Suite("The document of a specification")
struct SpecificationDocumentTests {
    @Test("it gives back the same specification")
    func roundTrip() throws {
        for specification in [
            ModelSpecification.flats, try Houses("log(price) ~ area * district").specification,
            try Houses("price ~ rooms", group: nil, measure: .absolute).specification,
            try Houses("sqrt(price) ~ rooms", measure: .sigma, estimate: .mean).specification, .aliased,
        ] {
            #expect(try ModelSpecification(document: specification.document) == specification)
        }
    }

    @Test("documents from before the formula was kept mean the response by the predictors and the factor")
    func old() throws {
        let kept: Set = ["subject", "response", "predictors", "factor", "fields"]
        let document = ModelSpecification.flats.document
        let members = (document.members ?? []).filter { kept.contains($0.name) }.map { member in
            // There was no lower bound either.
            let value =
                member.name == "predictors" || member.name == "response"
                ? Self.without("above", member.value) : member.value
            return JSON.Member(member.name, value)
        }
        #expect(try ModelSpecification(document: .object(members)) == .flats)
        // No formula can name this column.
        let other = try JSON(
            parsing: JSON.object(members).compact.replacing(#""name":"area""#, with: #""name":"`area""#))
        #expect(throws: ModelDocumentError.self) { try ModelSpecification(document: other) }
    }

    private static func without(_ name: String, _ value: JSON) -> JSON {
        if let elements = value.elements { return .array(elements.map { without(name, $0) }) }
        return .object((value.members ?? []).filter { $0.name != name })
    }

    @Test(
        "what does not fit together is refused, and the member is named",
        arguments: [
            ("formula", JSON.string("price ~ area + nothing"), "formula"), ("formula", "area ~ rooms", "formula"),
            ("formula", "price ~ area +", "a name, a number or a parenthesis should stand here"),
            ("errorMeasure", "squared", "'relative' or 'absolute' or 'sigma'"),
            ("estimate", "mode", "'median' or 'mean'"),
            ("predictors", 5, "predictors"), ("factor", "district", "factor"),
        ])
    func refused(name: String, value: JSON, named: String) throws {
        let members = (ModelSpecification.flats.document.members ?? []).map {
            JSON.Member($0.name, $0.name == name ? value : $0.value)
        }
        let error = #expect(throws: ModelDocumentError.self) { try ModelSpecification(document: .object(members)) }
        #expect(error?.description.contains(named) == true, "\(error?.description ?? "")")
    }

    @Test("the members in which two differ are named")
    func differences() throws {
        let (one, other) = (
            try Houses("price ~ area").specification,
            try Houses("price ~ area + rooms", measure: .absolute).specification
        )
        #expect(one.differences(from: other) == ["formula", "errorMeasure", "response"])
        #expect(one.differences(from: one).isEmpty)
    }
}
