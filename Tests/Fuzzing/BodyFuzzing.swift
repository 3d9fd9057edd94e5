import Documents
import HTTPServer
import Regression
import Specification

@testable import ModelService
@testable import Program
@testable import Tare

extension FuzzTarget {
    private static let row =
        #"{"Fish_Id":"3","Species":"salmon","Length":95,"Height":18,"PredictedWeight":4.9,"ActualWeight":4.7,"#
        + #""Error":0.043,"ModelTime":"2021-06-02 07:48:52","Timestamp":"2021-06-09T13:39:27.971Z"}"#

    static let rows = FuzzTarget(
        name: "rows",
        promise:
            "a body of rows is read alike twice, with a tree and without, and checked as it is read; the rows of an array are "
            + "its elements; a row that is accepted is stored and read back as it was",
        seeds: { bytes([row, "[\(row),\(row)]", "\(row)\n\(row)\n", "{\n\(row)", "[]", "\n\n\(row)\r\n{}\n[1]\n"]) },
        words: [
            "\"Length\":", "\"Height\":", "\"Species\":", "\"ActualWeight\":", "\"Timestamp\":", "\"Fish_Id\":",
            "2021-06-09T13:39:27.971Z", "}\n{", "},{",
        ],
        check: checkRows)

    private static func checkRows(_ input: [UInt8]) throws {
        let request = HTTPRequest(method: "POST", path: "/observations", body: input)
        var plain = PlainObservations(RowRule(.builtIn))
        guard let body = try? RowsBody(request, into: &plain.row) else { return }
        let (rows, isWhole) = read(body)
        try checkPlainRows(body, &plain, rows, isWhole)
        let again = read(body)
        try hold(again.isWhole == isWhole && again.rows == rows, "read again, the rows are others")
        let isChecked = (try? body.check(by: &plain.row)) != nil
        try hold(isChecked == isWhole, "the check before the rows are read says something else")
        switch body.form {
        case .one: try hold(rows == [try JSON(parsing: input)], "the only row is not the text")
        case .array where isWhole:
            try hold(rows == JSON(parsing: input).elements, "the rows are not the elements of the array")
        case .array, .lines: break
        }
        for case let row? in rows { try checkRow(row) }
    }

    /// Nil for what is no JSON.
    private static func read(_ body: RowsBody) -> (rows: [JSON?], isWhole: Bool) {
        var rows: [JSON?] = []
        var rest = body.rows
        do throws(Problem) {
            while let row = try rest.next() { rows.append(try? row.get()) }
            return (rows, true)
        } catch {
            return (rows, false)
        }
    }

    /// What is read without a tree is what the tree says.
    /// - Parameter plain: that the body was read into.
    private static func checkPlainRows(
        _ body: RowsBody, _ plain: inout PlainObservations, _ expected: [JSON?], _ isWhole: Bool
    ) throws {
        var (rest, number) = (body.rows, 0)
        do throws(Problem) {
            while true {
                let place = rest.nextPlain(&plain.row)
                guard let row = try rest.next(at: place) else { break }
                let document = try? row.get()
                guard number < expected.count, document == expected[number] else { break }
                number += 1
                guard place != nil, let document, let observation = plain.observation(body.bytes) else { continue }
                guard (try? Observation(document: document, rule: RowRule(.builtIn))) == observation else { break }
            }
        } catch {
            return try hold(!isWhole && number == expected.count, "row \(number) is refused without a tree")
        }
        try hold(isWhole && number == expected.count, "row \(number) is another without a tree")
    }

    private static func checkRow(_ row: JSON) throws {
        _ = Observation(row: row, specification: .builtIn)
        let observation: Observation
        do throws(ObservationProblem) {
            observation = try Observation(document: row, rule: RowRule(.builtIn))
        } catch {
            return try hold(!error.given.isEmpty && !error.accepted.isEmpty, "it is refused without a reason")
        }
        let document = observation.document(.builtIn)
        let again = try Observation(document: document, rule: RowRule(.builtIn))
        let stored = Observation(row: try JSON(parsing: document.bytes), specification: .builtIn)
        try hold(again == observation && stored == observation, "\(observation) is read back as \(again), \(stored)")
    }
}

// MARK: - Triggers

extension FuzzTarget {
    static let javaMap = FuzzTarget(
        name: "java-map",
        promise:
            "a trigger of any bytes is understood or kept as text, in bounded size; a map of Java is printed and read "
            + "again alike",
        seeds: {
            bytes([
                "{ErrorAvg=0.41, Species=[walleye, salmon], Fish_Id_Start=61, Fish_Id_End=75}",
                "{a=null},{b=1.0E-4, c=}",
                #"{"WindowStart":1622620132137,"Species":["salmon"],"Cause":"errors"}"#, "[\"{a=1}\", {\"b\":2}]",
                "{a=1}\n{b=2}",
            ])
        },
        words: ["=[", "], ", "},{", "null", "WindowStart=", "Cause=schedule", "ErrorAvg=0.5", "Species=["],
        check: { input in
            let body = TriggerBody(input)
            try hold(body.records.allSatisfy { $0.members != nil }, "a record is no object: \(body.records)")
            let kept = body.document.bytes
            try hold(kept.count < 128 * 1024, "\(kept.count) bytes are kept of \(input.count)")
            // As it is read back from the model's file.
            try hold(try JSON(parsing: kept).bytes == kept, "it is kept as \(body.document.compact)")
            _ = TrainingRequest(body, key: nil, isForced: true, specification: .builtIn)
            var reader = JavaMapReader(String(decoding: input, as: UTF8.self))
            guard let document = reader.document() else { return }
            let text = (document.elements ?? [document]).map(javaText).joined(separator: ",")
            var second = JavaMapReader(text)
            try hold(second.document()?.bytes == document.bytes, "'\(text)' is not \(document.compact)")
        })

    private static func javaText(_ value: JSON) -> String {
        switch value {
        case .object(let members):
            "{" + members.map { "\($0.name)=\(javaText($0.value))" }.joined(separator: ", ") + "}"
        case .array(let elements): "[" + elements.map(javaText).joined(separator: ", ") + "]"
        case .string(let text): text
        default: value.compact
        }
    }
}

// MARK: - Files of rows

extension FuzzTarget {
    static let csv = FuzzTarget(
        name: "csv",
        promise: "a file of rows is refused in words that name it, or gives the rows that it gives as NDJSON",
        seeds: {
            bytes([
                "length,height,species,weight\n95,18,salmon,4.7\n\"60.5\",\"1\"\"2\",\"pi,ke\",2\n",
                "Species , LENGTH,height,ActualWeight\r\nsalmon,1e2,18,\r\n\r\n,,,\r\n", row, "[\(row)]",
                "\(row)\n\(row)\n",
                "length;height;species;weight\n95,5;18;salmon;4,7\n",
            ])
        },
        words: [
            "length", "height", "species", "weight", "ActualWeight", "\",\"", "\"\"", "\r\n", "{\"$numberDouble\":\"",
        ],
        check: checkFile)

    private static func number(_ value: Double) -> JSON { value.isNaN ? .null : .number(value) }

    private static func checkFile(_ input: [UInt8]) throws {
        let rows: TrainingColumns
        do throws(RowsFileError) {
            rows = try RowsFile(name: "rows.csv", bytes: input).rows(.builtIn)
        } catch {
            return try hold(error.description.contains("rows.csv"), "the refusal names no file: \(error)")
        }
        guard rows.count > 0 else { return }
        let lines = (0..<rows.count).map { row -> [UInt8] in
            let levels = rows.factors[0]
            let document: JSON = [
                "length": number(rows.predictors[0][row]), "height": number(rows.predictors[1][row]),
                "species": levels.codes[row] < 0 ? .null : .string(levels[row]), "weight": number(rows.responses[row]),
            ]
            return document.bytes + [0x0A]
        }
        let again = try RowsFile(name: "rows.csv", bytes: Array(lines.joined())).rows(.builtIn)
        // As texts, for what is no number is not equal to itself.
        try hold(
            "\(again.predictors) \(again.factors) \(again.responses)"
                == "\(rows.predictors) \(rows.factors) \(rows.responses)",
            "\(rows) are written and read as \(again)")
    }
}
