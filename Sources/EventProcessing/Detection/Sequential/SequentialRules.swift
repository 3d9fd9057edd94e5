/// When errors count as drift, and how often the model is looked at where nothing is found.
package struct SequentialRules: Sendable, Equatable {
    /// The mean number of evaluations of one level between two false alarms, at least. It is the threshold itself, for the
    /// mean of what is held against it grows by one with each evaluation while nothing changes.
    package var falseAlarmInterval = 1_000_000.0
    /// After so many evaluations without a training it is asked whether one would help; nil for never.
    package var checkInterval: Int? = 200

    package init() {}
}
