import Documents
import ModelService
import Specification

/// The parts of an answer that all rows share, as bytes.
struct AnswerBytes {
    /// `-1.7976931348623157E308`
    private static let numberBytesMax = 24

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
            head.count + (median?.count ?? 0) + extrapolated.count + 2 * Self.numberBytesMax + 1
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
    func append(to bytes: inout [UInt8], value: Double, median: Double) {
        bytes += head
        bytes.append(jsonNumber: value)
        if let name = self.median {
            bytes += name
            bytes.append(jsonNumber: median)
        }
    }

    /// How many bytes the echo takes at most; nil where a text is not echoed as it stands.
    func echoSize(_ row: PlainRow, _ places: [Int], _ text: [UInt8]) -> Int? {
        var size = 0
        for (index, place) in places.enumerated() where !row[place].isMissing {
            let range = row[place].range
            // Characters beyond the basic plane are written as escapes.
            if row[place].isText, text[range].contains(where: { $0 >= 0xF0 }) { return nil }
            size += echoed[index].count + max(range.count + 2, Self.numberBytesMax)
        }
        return size
    }

    func appendEcho(of row: PlainRow, _ places: [Int], _ text: [UInt8], to bytes: inout [UInt8]) {
        for (index, place) in places.enumerated() where !row[place].isMissing {
            let value = row[place]
            bytes += echoed[index]
            switch value.kind {
            case .number: bytes.append(jsonNumber: value.number)
            // With its quotation marks.
            case .text: bytes += text[value.range.lowerBound - 1..<value.range.upperBound + 1]
            default: bytes += text[value.range]
            }
        }
    }
}
