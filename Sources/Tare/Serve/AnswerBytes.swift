import Documents
import ModelService
import Specification

/// The parts of an answer that all rows share, as bytes. A class, as the references of all of them would be counted for each row.
final class AnswerBytes: Sendable {
    private let head: [UInt8]
    private let time: [UInt8]
    /// What stands before the median, where answers say it: the time, and its name.
    private let median: [UInt8]?
    private let sigma: [UInt8]
    let extrapolated: [UInt8]
    /// The names of what is echoed, a comma before and a colon behind.
    private let echoed: [[UInt8]]
    /// Of all that does not depend on the row but for its numbers.
    let sizeMax: Int

    init(_ served: ServedModel, echoed: [String]) {
        let specification = served.model.specification
        head = Self.name("{", specification.response.field)
        time = Self.members([JSON.Member(specification.fields.modelTime, .string(served.modelTime))])
        median = served.saysMedian ? time + Self.name(",", ModelSpecification.medianField) : nil
        sigma = Self.members(served.sigma.map { [JSON.Member(ModelSpecification.sigmaField, JSON($0))] } ?? [])
        extrapolated = Self.members([PredictionAnswer.extrapolated])
        self.echoed = echoed.map { Self.name(",", $0) }
        sizeMax =
            head.count + (median?.count ?? 0) + extrapolated.count + 2 * [UInt8].jsonNumberBytesMax + 1
    }

    /// `,"Name":value` for each.
    private static func members(_ members: [JSON.Member]) -> [UInt8] {
        members.flatMap { name(",", $0.name) + $0.value.bytes }
    }

    private static func name(_ before: String, _ name: String) -> [UInt8] {
        Array("\(before)\(JSON.string(name).compact):".utf8)
    }

    /// What stands behind the value, or behind the median where answers say it.
    /// - Parameter unseen: what is said of levels that the model has not seen.
    func tail(_ unseen: [JSON.Member]) -> [UInt8] { (median == nil ? time : []) + sigma + Self.members(unseen) }

    /// What all answers begin with.
    func append(to bytes: inout OutputSpan<UInt8>, value: Double, median: Double) {
        bytes.append(copying: head)
        bytes.append(jsonNumber: value)
        if let name = self.median {
            bytes.append(copying: name)
            bytes.append(jsonNumber: median)
        }
    }

    /// How many bytes the echo takes at most; nil where a text is not echoed as it stands.
    func echoSize(_ row: PlainRow, _ places: [Int], _ text: [UInt8]) -> Int? {
        var size = 0
        for index in places.indices {
            let value = row[places[index]]
            if value.isMissing { continue }
            // Characters beyond the basic plane are written as escapes.
            if value.isText { for place in value.range where text[place] >= 0xF0 { return nil } }
            size += echoed[index].count + max(value.range.count + 2, [UInt8].jsonNumberBytesMax)
        }
        return size
    }

    func appendEcho(of row: PlainRow, _ places: [Int], _ text: [UInt8], to bytes: inout OutputSpan<UInt8>) {
        for index in places.indices {
            let value = row[places[index]]
            if value.isMissing { continue }
            bytes.append(copying: echoed[index])
            switch value.kind {
            case .number: bytes.append(jsonNumber: value.number)
            // With its quotation marks.
            case .text:
                bytes.append(copying: text.span.extracting(value.range.lowerBound - 1..<value.range.upperBound + 1))
            default: bytes.append(copying: text.span.extracting(value.range))
            }
        }
    }
}
