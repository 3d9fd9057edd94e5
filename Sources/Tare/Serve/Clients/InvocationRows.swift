import Documents
import HTTPServer
import Program
import Specification

/// The rows of a request to `/invocations`, one after the other, each as an object by the names of its columns. The forms
/// are those of MLflow's scoring protocol.
struct InvocationRows {
    /// The forms of JSON, of which a body has one.
    static let forms = ["dataframe_split", "dataframe_records", "instances", "inputs"]
    private static let membersMax = 100
    private static let columnsMax = 10_000
    private static let headBytesMax = 1 << 20

    private enum Rest {
        case records(JSONElements)
        case split(columns: [String], JSONElements)
        case columns(names: [String], [JSONElements])
        case csv(columns: [String], CSVRecords, numbers: Set<String>)
    }

    private var rest: Rest
    /// Counted from 0.
    private(set) var number = -1
    /// `params` of a JSON body.
    let params: [JSON.Member]

    /// - Throws: 415 for another Content-Type, 400 for a body of another form.
    init(_ request: HTTPRequest, _ specification: ModelSpecification) throws(Problem) {
        try request.requirePlainBody()
        switch try Self.mediaType(request) {
        case "text/csv":
            params = []
            rest = try Self.csv(request.body, specification)
        default:
            let members = try reading { () throws(JSONError) in
                try JSONRegion(of: request.body).members(max: Self.membersMax)
            }
            let given = members.filter { Self.forms.contains($0.name) }
            guard given.count == 1 else {
                throw Problem(
                    400,
                    "the body must be a JSON object with exactly one of \(Self.forms.joined(separator: ", ")); it has "
                        + (given.isEmpty ? "none" : given.map(\.name).joined(separator: ", ")))
            }
            params = try Self.params(members.first { $0.name == "params" }?.value)
            rest = try Self.rows(given[0].name, given[0].value, specification)
        }
    }

    /// Nil behind the last.
    mutating func next() throws(Problem) -> JSON? {
        number += 1
        switch rest {
        case .records(var elements):
            defer { rest = .records(elements) }
            return try Self.next(&elements)
        case .split(let columns, var elements):
            defer { rest = .split(columns: columns, elements) }
            guard let row = try Self.next(&elements) else { return nil }
            guard let cells = row.elements, cells.count == columns.count else {
                throw Problem(
                    400,
                    "row \(number), counted from 0, must be an array of \(columns.count) values, one for each column; "
                        + "given \(row.compact.shortened())")
            }
            return .object(zip(columns, cells).map { JSON.Member($0, $1) })
        case .columns(let names, var columns):
            defer { rest = .columns(names: names, columns) }
            return try row(names, &columns)
        case .csv(let columns, var records, let numbers):
            defer { rest = .csv(columns: columns, records, numbers: numbers) }
            return try row(columns, &records, numbers)
        }
    }

    private func row(_ names: [String], _ columns: inout [JSONElements]) throws(Problem) -> JSON? {
        var members: [JSON.Member] = []
        var ended: [String] = []
        for place in columns.indices {
            if let value = try Self.next(&columns[place]) {
                members.append(JSON.Member(names[place], value))
            } else {
                ended.append(names[place])
            }
        }
        guard !members.isEmpty else { return nil }
        guard let short = ended.first else { return .object(members) }
        throw Problem(
            400,
            "all columns must have as many values: '\(short.shortened())' ends at \(number), "
                + "'\(members[0].name.shortened())' does not")
    }

    private func row(
        _ columns: [String], _ records: inout CSVRecords, _ numbers: Set<String>
    ) throws(Problem) -> JSON? {
        guard let cells = try Self.next(&records) else { return nil }
        guard cells.count == columns.count else {
            throw Problem(
                400, "row \(number), counted from 0, has \(cells.count) cells and the header \(columns.count)")
        }
        return .object(
            zip(columns, cells).map { name, cell in
                JSON.Member(
                    name,
                    numbers.contains(name) ? DecimalNumber.parse(cell).map(JSON.number) ?? .string(cell) : .string(cell)
                )
            })
    }

    private static func next(_ elements: inout JSONElements) throws(Problem) -> JSON? {
        try reading { () throws(JSONError) in try elements.next() }
    }

    private static func next(_ records: inout CSVRecords) throws(Problem) -> [String]? {
        do throws(CSVRecords.Fault) {
            return try records.next()
        } catch {
            throw Problem(400, "the body is not CSV: line \(error.line) has \(error.problem)")
        }
    }
}

// MARK: - Beginning

extension InvocationRows {
    private static func mediaType(_ request: HTTPRequest) throws(Problem) -> String {
        let given = request.header("Content-Type") ?? ""
        let parts = given.split(separator: ";").map { String($0).trimmed.lowercased() }
        guard let type = parts.first, ["application/json", "text/csv"].contains(type),
            parts.dropFirst().allSatisfy({ ["charset=utf-8", "charset=\"utf-8\""].contains($0) })
        else {
            throw Problem(
                415,
                "the Content-Type must be application/json or text/csv, in UTF-8; "
                    + (given.isEmpty ? "it is missing" : "given '\(given.shortened())'"))
        }
        return type
    }

    private static func rows(
        _ form: String, _ region: JSONRegion, _ specification: ModelSpecification
    ) throws(Problem) -> Rest {
        switch form {
        case "dataframe_split": return try split(region, specification)
        case "inputs" where region.isObject: return try columns(region, specification)
        default:
            guard region.isArray else {
                throw Problem(
                    400,
                    "\(form) must be an array of objects"
                        + (form == "inputs" ? ", or an object with an array for each column" : "")
                        + "; it is \(region.kind)")
            }
            return .records(JSONElements(of: region, elementBytesMax: RowsBody.rowBytesMax))
        }
    }

    /// Said at once, even where there is no row.
    private static func requireVariables(
        of specification: ModelSpecification, among columns: [String]
    ) throws(Problem) {
        let variables = specification.variables
        guard let missing = variables.first(where: { !columns.contains($0.name) && !columns.contains($0.field) })
        else { return }
        throw Problem(
            400,
            "the column '\(missing.name)' is missing; needed are "
                + variables.map(\.name).joined(separator: ", ").shortened(to: 1000))
    }

    private static func split(_ region: JSONRegion, _ specification: ModelSpecification) throws(Problem) -> Rest {
        let members = try reading { () throws(JSONError) in try region.members(max: membersMax) }
        let head = members.first { $0.name == "columns" }?.value
        let names = try head.map { head throws(Problem) in
            try reading { () throws(JSONError) in try head.value(bytesMax: headBytesMax) }
        }
        guard let columns = names?.elements?.compactMap(\.text), columns.count == names?.elements?.count,
            Set(columns).count == columns.count
        else {
            throw Problem(400, "columns of dataframe_split must be an array of names, each of them once")
        }
        try requireVariables(of: specification, among: columns)
        guard let data = members.first(where: { $0.name == "data" })?.value, data.isArray else {
            throw Problem(400, "data of dataframe_split must be an array with an array for each row")
        }
        return .split(columns: columns, JSONElements(of: data, elementBytesMax: RowsBody.rowBytesMax))
    }

    private static func columns(_ region: JSONRegion, _ specification: ModelSpecification) throws(Problem) -> Rest {
        let members = try reading { () throws(JSONError) in try region.members(max: columnsMax) }
        for member in members where !member.value.isArray {
            throw Problem(
                400,
                "the column '\(member.name.shortened())' of inputs must be an array with a value for each row; "
                    + "it is \(member.value.kind)")
        }
        try requireVariables(of: specification, among: members.map(\.name))
        return .columns(
            names: members.map(\.name),
            members.map { JSONElements(of: $0.value, elementBytesMax: RowsBody.rowBytesMax) })
    }

    private static func csv(_ bytes: [UInt8], _ specification: ModelSpecification) throws(Problem) -> Rest {
        var records = CSVRecords(of: bytes, recordBytesMax: RowsBody.rowBytesMax)
        guard let columns = try next(&records) else {
            throw Problem(400, "the body is empty; accepted is CSV whose first line names the columns")
        }
        guard Set(columns).count == columns.count else {
            throw Problem(400, "a column stands in the header twice")
        }
        try requireVariables(of: specification, among: columns)
        return .csv(
            columns: columns, records, numbers: Set(specification.predictors.flatMap { [$0.name, $0.field] }))
    }

    private static func params(_ region: JSONRegion?) throws(Problem) -> [JSON.Member] {
        guard let region, region.kind != "null" else { return [] }
        let value = try reading { () throws(JSONError) in try region.value(bytesMax: RowsBody.rowBytesMax) }
        guard let members = value.members else {
            throw Problem(400, "params must be an object; it is \(region.kind)")
        }
        return members
    }
}
