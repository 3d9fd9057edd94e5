/// Predictions that were asked for ahead of their turn, many in one request: one by one, nearly all of the time goes into
/// requests. They are given out in the order in which they were asked for, and are forgotten when the model is trained, so
/// that what comes out is what asking one by one gives.
struct Foresight {
    /// Measurements to a request: more gain little, and are for nothing where a training comes between.
    static let questionsMax = 100

    private var questions: ArraySlice<PredictionQuestion> = []
    private var answers: ArraySlice<Prediction> = []
    /// The server has no way to answer many.
    private var isRefused = false
    /// So many are asked for one by one before many are again, as one of them was not answered.
    private var pause = 0

    /// Whether many should be asked for.
    var isWanted: Bool { questions.isEmpty && !isRefused && pause == 0 }

    mutating func set(_ answers: [Prediction], to questions: [PredictionQuestion]) {
        guard answers.count == questions.count else { return forget() }
        (self.questions, self.answers) = (questions[...], answers[...])
    }

    /// - Returns: nil where another question was to come first, or none is left.
    mutating func answer(to question: PredictionQuestion) -> Prediction? {
        pause = max(0, pause - 1)
        guard questions.first == question else {
            forget()
            return nil
        }
        questions.removeFirst()
        return answers.removeFirst()
    }

    mutating func forget() { (questions, answers) = ([], []) }

    mutating func refuse() {
        forget()
        isRefused = true
    }

    mutating func pause(for count: Int) {
        forget()
        pause = count
    }
}
