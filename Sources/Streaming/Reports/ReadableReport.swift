package import Documents
package import EventProcessing
import Regression
package import Specification

/// The default output: an aligned line for each evaluation, and lines that stand out for drift and what was done.
package struct ReadableReport: StreamReport {
    private let specification: ModelSpecification

    package init(_ specification: ModelSpecification) { self.specification = specification }

    package var head: [String] {
        [
            row(specification.subject, specification.groupName, "model") { line in
                line.append(" predicted     actual     error")
            }
        ]
    }

    package func lines(_ publication: Publication) -> [String] {
        switch publication {
        case .evaluation(let evaluation): [line(evaluation)]
        case .drift(let drift): [line(drift)]
        case .prediction, .withdrawal: []
        }
    }

    package func lines(trained answer: JSON) -> [String] {
        let scalars = (answer.members ?? []).compactMap { member -> String? in
            guard member.name != "status" else { return nil }
            switch member.value {
            case .string(let text): return "\(member.name) \(text)"
            case .integer, .number, .bool: return "\(member.name) \(member.value.compact)"
            case .null, .array, .object: return nil
            }
        }
        let status = ">>> " + (answer["status"]?.text ?? "trained")
        return [scalars.isEmpty ? status : "\(status): \(scalars.joined(separator: ", "))"]
    }

    private func line(_ evaluation: Evaluation) -> String {
        row(evaluation.identifier, evaluation.level ?? "-", evaluation.modelTime ?? "-") { line in
            line.append(evaluation.predicted, alignedTo: 10)
            line.append(" ")
            line.append(evaluation.actual, alignedTo: 10)
            line.append(" ")
            line.append(evaluation.error.map(specification.errorMeasure.text) ?? "-", alignedTo: 9)
        }
    }

    private func row(
        _ identifier: String, _ level: String, _ model: String, numbers: (inout [UInt8]) -> Void
    ) -> String {
        var line: [UInt8] = []
        line.reserveCapacity(128)
        line.append(identifier, paddedTo: 8)
        line.append(" ")
        line.append(level, paddedTo: 12)
        line.append(" ")
        numbers(&line)
        line.append("  ")
        line.append(model)
        return String(decoding: line, as: UTF8.self)
    }

    private func line(_ drift: Drift) -> String {
        let levels = drift.levels.map { $0 ?? "unknown" }.joined(separator: ", ")
        let first = drift.firstIdentifier ?? "-"
        let last = drift.lastIdentifier ?? "-"
        let count = drift.count.map { " over \($0)" } ?? ""
        let cause =
            switch drift.cause {
            case .errors, nil: "drift"
            case .unseenLevel: "unseen \(specification.groupName)"
            case .followUp: "more \(specification.subject) of it"
            case .schedule: "check"
            }
        return
            ">>> \(cause): mean error \(specification.errorMeasure.text(drift.meanError))\(count), \(specification.subject) \(first) to \(last)"
            + " (\(levels)), \(drift.period.start) to \(drift.period.end)"
    }
}

extension String {
    /// With spaces after it, up to a width.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension [UInt8] {
    /// With spaces after it, up to a width.
    fileprivate mutating func append(_ text: String, paddedTo width: Int) {
        append(text)
        appendSpaces(width - text.width)
    }

    /// With spaces before it, up to a width.
    fileprivate mutating func append(_ text: String, alignedTo width: Int) {
        appendSpaces(width - text.width)
        append(text)
    }

    /// With four places, and spaces before it up to a width.
    fileprivate mutating func append(_ number: Double?, alignedTo width: Int) {
        let start = count
        if let number { append(fixed: number, places: 4) } else { append("-") }
        let missing = width - (count - start)
        if missing > 0 { insert(contentsOf: repeatElement(UInt8(ascii: " "), count: missing), at: start) }
    }

    private mutating func appendSpaces(_ count: Int) {
        if count > 0 { append(contentsOf: repeatElement(UInt8(ascii: " "), count: count)) }
    }
}

extension String {
    /// In characters. One that is printed and of ASCII is a byte.
    fileprivate var width: Int { utf8.allSatisfy { (0x20..<0x7F).contains($0) } ? utf8.count : count }
}
