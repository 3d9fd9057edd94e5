import Documents
import HTTPServer
import Specification

@testable import Program
@testable import Tare

// MARK: - Parts of a document

extension FuzzTarget {
    static let regions = FuzzTarget(
        name: "regions",
        promise: "a text has regions exactly where it is a document, and their values are the document's",
        seeds: {
            bytes([
                #"{"a":[1,{"b":[]},"x\"]"],"c":{"d":null},"e":-1.5e3}"#, #"[[1],[2,3],{}]"#, #" {"a":1,"a":2} "#, "7",
            ])
        },
        words: ["{\"", "\":", "],[", "}}", "\\u0041", "1e308", "null"],
        check: checkRegions)

    private static func checkRegions(_ input: [UInt8]) throws {
        guard let region = try? JSONRegion(of: input) else {
            return try hold((try? JSON(parsing: input)) == nil, "a document has no region")
        }
        // Names are looked at where members are asked for.
        let whole = try JSON(parsing: input, repeatedNames: .lastWins)
        guard (try? JSON(parsing: input)) != nil else { return }
        try hold(try region.value(bytesMax: .max) == whole, "the region's value is another")
        if region.isObject {
            let members = try region.members(max: .max).map { JSON.Member($0.name, try $0.value.value(bytesMax: .max)) }
            try hold(.object(members) == whole, "the members are others")
        }
        if region.isArray {
            let elements = try region.elements(max: .max).map { try $0.value(bytesMax: .max) }
            try hold(.array(elements) == whole, "the elements are others")
        }
    }
}

// MARK: - Clients of other servers

extension FuzzTarget {
    static let inference = FuzzTarget(
        name: "inference",
        promise: "a request of the Open Inference Protocol is refused in words, or each row is accepted or refused so",
        seeds: {
            bytes([
                #"{"id":"1","parameters":{"interval":0.9},"outputs":[{"name":"Weight"}],"inputs":["#
                    + #"{"name":"length","datatype":"FP64","shape":[2],"data":[95,90.5]},"#
                    + #"{"name":"height","datatype":"INT8","shape":[2,1],"data":[[18],[17]]},"#
                    + #"{"name":"species","datatype":"BYTES","shape":[2],"data":["salmon","walleye"]}]}"#,
                #"{"inputs":[]}"#,
            ])
        },
        words: ["\"shape\":[", "\"datatype\":\"UINT64\"", "\"data\":[[", "\"name\":\"Length\"", "-1", "1e400", "[0]"],
        check: { input in
            let request: InferenceRequest
            do throws(Problem) {
                request = try InferenceRequest(HTTPRequest(method: "POST", path: "/v2", body: input), .builtIn)
            } catch {
                return try hold(error.status == 400 && !error.detail.isEmpty, "refused with \(error)")
            }
            for row in 0..<request.rowCount {
                let input: PredictionInput
                do throws(Problem) {
                    input = try request.row(row)
                } catch {
                    try hold(!error.detail.isEmpty, "refused without words")
                    continue
                }
                try hold(input.predictors.count == 2 && input.levels.count == 1, "row \(row) is \(input)")
            }
        })

    static let invocations = FuzzTarget(
        name: "invocations",
        promise:
            "a request of MLflow's protocol is refused in words, or gives rows by names, the same ones when it is read again; "
            + "cells of CSV are read again as they were",
        seeds: {
            bytes([
                #"{"dataframe_split":{"columns":["length","height","species"],"data":[[95,18,"salmon"],[1,2,"x"]]}}"#,
                #"{"dataframe_records":[{"length":95,"height":18,"species":"salmon"}],"params":{"interval":0.9}}"#,
                #"{"inputs":{"length":[95,1],"height":[18,2],"species":["salmon","x"]}}"#, #"{"instances":[{}]}"#,
                "length,height,species\r\n95,18,salmon\n\n\"9\",\"1\"\"8\",\"pi,\nke\"\n",
                "a\r\n\"\"\"\u{34C}\"\n",
            ])
        },
        words: ["\"columns\":[", "\"data\":[[", "\",\"", "\"\"", "\r\n", "],["],
        check: { input in
            let type = input.first == UInt8(ascii: "{") ? "application/json" : "text/csv"
            let request = HTTPRequest(
                method: "POST", path: "/invocations", headers: [HTTPField("Content-Type", type)], body: input)
            let rows = try rowsOfInvocation(request)
            try hold(try rowsOfInvocation(request) == rows, "read again, the rows are others")
            try checkCells(input)
        })

    /// As far as they can be read.
    private static func rowsOfInvocation(_ request: HTTPRequest) throws(BrokenPromise) -> [JSON] {
        var found: [JSON] = []
        do throws(Problem) {
            var rows = try InvocationRows(request, .builtIn)
            while let row = try rows.next() { found.append(row) }
        } catch {
            try hold(error.status == 400 && !error.detail.isEmpty, "refused with \(error)")
        }
        return found
    }

    private static func checkCells(_ input: [UInt8]) throws {
        var records = CSVRecords(of: input, recordBytesMax: 1 << 16)
        while let cells = try? records.next() {
            let line = cells.map { "\"\($0.replacingBytes("\"", with: "\"\""))\"" }.joined(separator: ",") + "\r\n"
            var again = CSVRecords(of: Array(line.utf8), recordBytesMax: 1 << 18)
            try hold(try again.next() == cells, "\(cells) are written and read as others")
        }
    }
}
