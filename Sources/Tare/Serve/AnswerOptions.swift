import ArgumentParser
import Documents
import HTTPServer
import Program

/// What a client wants to know besides the estimate: `interval=0.95` and `explain=true` of a query.
struct AnswerOptions: Equatable {
    /// The probability that the interval covers the truth; nil without an interval.
    private(set) var confidence: Double?
    private var explain: Bool?

    var isExplained: Bool { explain ?? false }
    var isPlain: Bool { confidence == nil && !isExplained }

    /// The parameters that it is read from.
    static let names = ["interval", "explain"]

    init() {}

    init(query: [HTTPField]) throws(Problem) {
        for field in query { try take(field) }
    }

    /// Takes a parameter if it is one of these; others are ignored.
    mutating func take(_ field: HTTPField) throws(Problem) {
        switch field.name {
        case "interval":
            guard confidence == nil else { throw Self.refused(field, accepted: "given once") }
            guard let value = DecimalNumber.parse(field.value), value > 0, value < 1 else {
                throw Self.refused(field, accepted: "a decimal number between 0 and 1, such as 0.95")
            }
            confidence = value
        case "explain":
            guard explain == nil else { throw Self.refused(field, accepted: "given once") }
            guard let value = Bool(field.value) else { throw Self.refused(field, accepted: "true or false") }
            explain = value
        default: break
        }
    }

    private static func refused(_ field: HTTPField, accepted: String) -> Problem {
        Problem(400, parameter: field.name, given: .string(field.value), accepted: accepted)
    }
}

/// What becomes of a level that the model has not seen.
enum UnseenLevels: String, ExpressibleByArgument, CaseIterable {
    /// It gets an estimate without the factor, which says so: only what is estimated can be found to be wrong.
    case accept
    /// It gets a problem document with status 422.
    case reject
}
