import Documents

/// The story of one run: what the stream tells goes in, lines for a person come out. Nothing here knows a process, a
/// clock or a socket.
struct Story {
    enum Action: Equatable {
        case say(String)
        /// Another model predicts now: ask for it, then `tell(model:)`.
        case askForModel
    }

    let style: TerminalStyle
    let threshold: Double
    /// How many fish come where nothing goes wrong.
    let fishExpected: Int
    private let chart: ErrorChart
    private let fishPerRow = 6

    private(set) var models: [ModelReport] = []
    private(set) var fish: [(report: EvaluatedFish, model: Int)] = []
    private(set) var triggers: [(report: RetrainTrigger, afterFish: Int)] = []
    private var row: [EvaluatedFish] = []
    /// Whether a trigger has come since the model last changed.
    private var isTriggered = false
    private var modelChanges = 0

    init(style: TerminalStyle, threshold: Double = 0.15, fishExpected: Int) {
        self.style = style
        self.threshold = threshold
        self.fishExpected = fishExpected
        chart = ErrorChart(style: style, threshold: threshold)
    }

    mutating func tell(_ event: StoryEvent) -> [Action] {
        switch event {
        case .fish(let report): tell(report)
        case .trigger(let report): tell(report)
        }
    }

    /// The model that the stream begins with.
    mutating func begin(with model: ModelReport) -> [String] {
        models = [model]
        return opening(model)
    }

    /// The answer to `askForModel`.
    mutating func tell(model: ModelReport) -> [String] {
        let before = models[models.count - 1]
        models.append(model)
        return retraining(from: before, to: model)
    }

    /// The last row, once no more events come.
    mutating func end() -> [String] { endRow() + ending() }

    private mutating func tell(_ report: EvaluatedFish) -> [Action] {
        var actions: [Action] = []
        if let last = fish.last, last.report.modelTime != report.modelTime {
            actions += endRow().map { .say($0) } + [.askForModel]
            isTriggered = false
            modelChanges += 1
        }
        fish.append((report, modelChanges))
        row.append(report)
        // Rows end at fixed fish even where one was cut short before, so that a row begins where a stage begins.
        if fish.count % fishPerRow == 0 { actions += endRow().map { .say($0) } }
        return actions
    }

    private mutating func tell(_ report: RetrainTrigger) -> [Action] {
        let lines = endRow()
        isTriggered = true
        triggers.append((report, fish.count))
        return (lines + trigger(report)).map { .say($0) }
    }
}

// MARK: - Rows

extension Story {
    /// What a row of fish says of the model.
    enum State: String {
        case normal, drifting, triggered, retrained

        var color: TerminalStyle.Color {
            switch self {
            case .normal: .green
            case .drifting: .yellow
            case .triggered: .red
            case .retrained: .cyan
            }
        }
    }

    private func state(of error: Double) -> State {
        if error > threshold { return isTriggered ? .triggered : .drifting }
        return modelChanges > 0 ? .retrained : .normal
    }

    private mutating func endRow() -> [String] {
        guard let first = row.first, let last = row.last else { return [] }
        defer { row = [] }
        let range = first.identifier == last.identifier ? first.identifier : "\(first.identifier)-\(last.identifier)"
        let levels = row.map(\.level).distinct.joined(separator: "+")
        let head = "  \(range.paddedLeft(to: 7))  \(levels.padded(to: 8))  "
        guard let error = row.compactMap(\.error).mean else { return [head + "no error to tell"] }
        let state = state(of: error)
        let bar = chart.bar(error, width: max(10, style.width - head.count - 19))
        return [
            head + style.colored(bar, state.color) + " \(error.percent.paddedLeft(to: 5))  "
                + style.colored(state.rawValue, state.color)
        ]
    }

    /// The head over the rows.
    var rowsHead: [String] {
        let mark = style.hasBlocks ? "┊" : ":"
        return style.wrapped(
            "fish, and the mean error of their predicted weight from 0 to 100 %; \(mark) is the trigger's \(threshold.percent)",
            indentation: 2)
    }
}

extension Sequence where Element == Double {
    var mean: Double? {
        let (sum, count) = reduce((0.0, 0)) { ($0.0 + $1, $0.1 + 1) }
        return count == 0 ? nil : sum / Double(count)
    }
}
