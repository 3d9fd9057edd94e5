import Regression

@testable import ModelService

extension RowPool {
    init(newestFirst observations: [Observation], rule: RowRule) {
        let rows = ObservedColumns(oldestFirst: observations.reversed(), rule.specification)
        self.init(TrainingColumns(rows, rule: rule), rule.specification)
    }
}
