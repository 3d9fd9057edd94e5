import EventProcessing

/// Predictions that were asked for ahead of their turn, many in one request: one by one, nearly all of the time goes into
/// requests. They are given out in the order in which they were asked for, and are forgotten when the model is trained, so
/// that what comes out is what asking one by one gives.
struct Foresight {
    /// Measurements to a request: more gain little, and are for nothing where a training comes between.
    static let questionsMax = 200
    /// To the first request of a new model: its first rows may show that it is worse than the one before, which then answers
    /// again.
    static let firstQuestionsMax = 100

    private var measurements: [Measurement] = []
    private var answers: [Prediction] = []
    /// How many of them were given out.
    private var given = 0
    /// How many are asked for next.
    private(set) var questionsMax = firstQuestionsMax
    /// The server has no way to answer many.
    private var isRefused = false
    /// So many are asked for one by one before many are again, as one of them was not answered.
    private var pause = 0

    /// Whether many should be asked for.
    var isWanted: Bool { given == measurements.count && !isRefused && pause == 0 }

    mutating func set(_ answers: [Prediction], to measurements: [Measurement]) {
        guard answers.count == measurements.count else { return forget() }
        (self.measurements, self.answers, given) = (measurements, answers, 0)
        questionsMax = Self.questionsMax
    }

    /// - Returns: nil where another measurement was to come first, or none is left.
    mutating func answer(to measurement: Measurement) -> Prediction? {
        pause = max(0, pause - 1)
        guard given < measurements.count, measurements[given].asksTheSame(as: measurement) else {
            forget()
            return nil
        }
        given += 1
        return answers[given - 1]
    }

    mutating func forget() { (measurements, answers, given) = ([], [], 0) }

    /// Another model answers from now on.
    mutating func noteNewModel() { questionsMax = Self.firstQuestionsMax }

    mutating func refuse() {
        forget()
        isRefused = true
    }

    mutating func pause(for count: Int) {
        forget()
        pause = count
    }
}

extension Measurement {
    fileprivate func asksTheSame(as other: Measurement) -> Bool {
        predictors == other.predictors && level == other.level && otherLevels == other.otherLevels
    }
}
