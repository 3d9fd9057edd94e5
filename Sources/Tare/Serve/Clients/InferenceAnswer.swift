import Documents
import HTTPServer
import ModelService
import Program
import Regression
import Specification

/// The outputs of an inference: of each row the estimate, and what else was asked for or is unusual.
struct InferenceAnswer {
    /// What a row takes in memory, its text not counted, in bytes.
    static let rowBytes = 128

    /// What there is besides the estimate.
    enum Extra: String, CaseIterable {
        case lower = "Lower"
        case upper = "Upper"
        /// The columns whose levels the model has not seen, joined by commas.
        case unseen = "Unseen"
        case extrapolated = "Extrapolated"

        var datatype: String {
            switch self {
            case .lower, .upper: "FP64"
            case .unseen: Tensor.text
            case .extrapolated: "BOOL"
            }
        }
    }

    private let served: ServedModel
    private let confidence: Double?
    private let rowCount: Int
    private var estimates: [Double] = []
    private var lower: [Double] = []
    private var upper: [Double] = []
    private var unseen: [Int: String] = [:]
    private var extrapolated: Set<Int> = []

    /// - Throws: where a row cannot be answered, which is named by its number.
    init(_ request: InferenceRequest, by predictor: RowPredictor, _ served: ServedModel) throws(Problem) {
        self.served = served
        confidence = request.interval
        rowCount = request.rowCount
        for row in 0..<rowCount {
            do throws(Problem) {
                try add(try predictor.answer(try request.row(row), by: served), row)
            } catch {
                throw Problem(400, "row \(row), counted from 0: \(error.detail)")
            }
        }
    }

    private mutating func add(_ answer: PredictionAnswer, _ row: Int) throws(Problem) {
        estimates.append(answer.value)
        if !answer.unseen.isEmpty { unseen[row] = answer.unseen.joined(separator: ",") }
        if answer.isExtrapolated { extrapolated.insert(row) }
        guard let confidence else { return }
        do throws(IntervalRefusal) {
            let interval = try answer.interval(confidence)
            lower.append(interval?.lower ?? .nan)
            upper.append(interval?.upper ?? .nan)
        } catch {
            throw Problem(400, "there is no interval: \(error)")
        }
    }

    /// - Parameter memory: of the request; nil where nobody counts it.
    func response(to request: InferenceRequest, memory: MemoryReservation?) throws(Problem) -> HTTPResponse {
        let names = request.outputs ?? chosenOutputs
        var body = ReservedBytes(memory)
        let model = served.model.specification.subject
        try body.append("{\"model_name\":\(JSON.string(model).compact),\"model_version\":\"\(served.version)\"")
        if let id = request.id { try body.append(",\"id\":\(JSON.string(id).compact)") }
        try body.append(",\"outputs\":[")
        for (place, name) in names.enumerated() {
            if place > 0 { try body.append(",") }
            try write(name, to: &body)
        }
        try body.append("]}")
        return body.response(type: "application/json")
    }

    private var estimateName: String { served.model.specification.response.field }

    /// Where the client leaves it to the server.
    private var chosenOutputs: [String] {
        var extras: [Extra] = confidence == nil ? [] : [.lower, .upper]
        if !unseen.isEmpty { extras.append(.unseen) }
        if !extrapolated.isEmpty { extras.append(.extrapolated) }
        return [estimateName] + extras.map(\.rawValue)
    }

    private func write(_ name: String, to body: inout ReservedBytes) throws(Problem) {
        if name == estimateName { return try write(name, "FP64", to: &body) { JSON(estimates[$0]) } }
        guard let extra = Extra(rawValue: name) else {
            let accepted = [estimateName] + Extra.allCases.map(\.rawValue)
            throw Problem(
                400, "there is no output '\(name.shortened())'; accepted are \(accepted.joined(separator: ", "))")
        }
        if [.lower, .upper].contains(extra), confidence == nil {
            throw Problem(
                400, "the output \(name) needs the parameter interval, a number between 0 and 1, such as 0.95")
        }
        try write(name, extra.datatype, to: &body) { row in
            switch extra {
            case .lower: JSON(lower[row])
            case .upper: JSON(upper[row])
            case .unseen: .string(unseen[row] ?? "")
            case .extrapolated: .bool(extrapolated.contains(row))
            }
        }
    }

    private func write(
        _ name: String, _ datatype: String, to body: inout ReservedBytes, _ value: (Int) -> JSON
    ) throws(Problem) {
        let head =
            "{\"name\":\(JSON.string(name).compact),\"datatype\":\"\(datatype)\",\"shape\":[\(rowCount)],\"data\":["
        try body.append(head)
        for row in 0..<rowCount {
            if row > 0 { try body.append(",") }
            try body.append(value(row).bytes)
        }
        try body.append("]}")
    }
}
