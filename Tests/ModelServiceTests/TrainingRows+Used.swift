import Regression
import Specification

@testable import ModelService

extension TrainingRows {
    /// The rows one by one, oldest first.
    var used: [Row] {
        let predictors = specification.predictors.map { table.numbers[$0.name]! }
        let others = specification.otherFactors.map { table.levels[$0.name]! }
        let grouping = specification.factor.map { table.levels[$0.name]! }
        return (0..<count).map { row in
            Row(
                predictors: predictors.map { $0[row] }, level: grouping?[row] ?? "",
                otherLevels: others.map { $0[row] },
                response: table.numbers[specification.response.name]![row])
        }
    }
}
