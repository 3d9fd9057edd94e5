import Documents
import Program
import Specification

/// One variable of all rows, as a request of the Open Inference Protocol gives it: name, shape, datatype and data.
struct Tensor {
    enum Values {
        case numbers([Double])
        case texts([String])

        var count: Int {
            switch self {
            case .numbers(let values): values.count
            case .texts(let values): values.count
            }
        }
    }

    static let text = "BYTES"
    /// What each whole datatype can hold.
    private static let ranges: [String: ClosedRange<Double>] = [
        "INT8": -0x1p7...0x1p7 - 1, "INT16": -0x1p15...0x1p15 - 1, "INT32": -0x1p31...0x1p31 - 1,
        "INT64": -0x1p63...0x1p63, "UINT8": 0...0x1p8 - 1, "UINT16": 0...0x1p16 - 1, "UINT32": 0...0x1p32 - 1,
        "UINT64": 0...0x1p64,
    ]
    private static let floats: Set = ["FP64", "FP32"]
    private static let membersMax = 100
    private static let headBytesMax = 4096

    let name: String
    let datatype: String
    /// The number of rows.
    let count: Int
    private let isColumn: Bool
    private let data: JSONRegion

    /// Reads all but the data.
    init(_ region: JSONRegion) throws(Problem) {
        var parts: [String: JSONRegion] = [:]
        for member in try reading({ () throws(JSONError) in try region.members(max: Self.membersMax) }) {
            parts[member.name] = member.value
        }
        func head(_ name: String) throws(Problem) -> JSON? {
            guard let part = parts[name] else { return nil }
            return try reading { () throws(JSONError) in try part.value(bytesMax: Self.headBytesMax) }
        }
        guard let name = try head("name")?.text else {
            throw Problem(400, "an input must have a name, which is a string")
        }
        self.name = name
        guard let datatype = try head("datatype")?.text else {
            throw Problem(400, "the input '\(name.shortened())' has no datatype, which is a string such as FP64")
        }
        self.datatype = datatype
        let shape = try head("shape")
        let sizes = shape?.elements?.map(\.integer)
        guard let sizes, let count = sizes.first ?? nil, count >= 0, sizes.count == 1 || sizes == [count, 1] else {
            throw Problem(
                400,
                "the input '\(name.shortened())' must have the shape [n] or [n, 1], one value for each of n rows; "
                    + (shape.map { "given \($0.compact.shortened())" } ?? "it has none"))
        }
        self.count = Int(count)
        isColumn = sizes.count == 2
        guard let data = parts["data"], data.isArray else {
            throw Problem(
                400,
                "the input '\(name.shortened())' must have its data as an array of JSON; "
                    + (parts["data"].map { "given \($0.kind)" }
                        ?? "it has none, and binary data are not accepted (of tritonclient: binary_data=False)"))
        }
        self.data = data
    }

    func numbers() throws(Problem) -> [Double] {
        let range = Self.ranges[datatype]
        guard range != nil || Self.floats.contains(datatype) else {
            throw refused(datatypes: Self.floats.sorted().reversed() + Self.ranges.keys.sorted())
        }
        return try values { element in
            guard let value = element.double else { return nil }
            guard let range else { return value }
            return value.rounded() == value && range.contains(value) ? value : nil
        }
    }

    func texts() throws(Problem) -> [String] {
        guard datatype == Self.text else { throw refused(datatypes: [Self.text]) }
        return try values(\.text)
    }

    private func refused(datatypes: [String]) -> Problem {
        Problem(
            400,
            "the input '\(name.shortened())' must have the datatype \(datatypes.joined(separator: ", ")); "
                + "given '\(datatype.shortened())'")
    }

    /// - Parameter take: nil of an element that the datatype does not hold.
    private func values<Value>(_ take: (JSON) -> Value?) throws(Problem) -> [Value] {
        var elements = JSONElements(of: data, elementBytesMax: RowsBody.rowBytesMax)
        var values: [Value] = []
        while let element = try reading({ () throws(JSONError) in try elements.next() }) {
            // A column may be told flat or row by row.
            let inner = isColumn && element.elements?.count == 1 ? element.elements?[0] ?? element : element
            guard let value = take(inner) else {
                throw Problem(
                    400,
                    "element \(values.count), counted from 0, of the input '\(name.shortened())' is no "
                        + "\(datatype); given \(element.compact.shortened())")
            }
            values.append(value)
            guard values.count <= count else { break }
        }
        guard values.count == count else {
            throw Problem(
                400,
                "the input '\(name.shortened())' has the shape of \(count) values and "
                    + (values.count > count ? "more" : "\(values.count)") + " of them")
        }
        return values
    }
}

/// What is wrong with the text of a body, as a problem.
func reading<Value>(_ body: () throws(JSONError) -> Value) throws(Problem) -> Value {
    do throws(JSONError) { return try body() } catch { throw Problem(400, "the body cannot be read: \(error)") }
}
