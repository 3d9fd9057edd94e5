import EventProcessing
import Regression
import Specification

/// What `tare simulate` prints, line by line.
enum SimulatedLines {
    /// The head of the rows that `tare fit` reads.
    static func rowsHead(_ specification: ModelSpecification) -> String {
        ([specification.groupName, "id"] + specification.predictors.map(\.name) + [specification.response.name])
            .joined(separator: ",")
    }

    /// A subject with its truth, as one row.
    static func row(_ subject: SimulatedSubject) -> String {
        ([subject.level, String(subject.number)] + (subject.predictors + [subject.response]).map(\.description))
            .joined(separator: ",")
    }
}
