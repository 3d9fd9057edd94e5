package import Documents

/// All that a detector knows as one document, so that it outlives the process. Each level takes some hundred bytes, to 2 kB
/// where its errors scatter widely.
extension SequentialDetector {
    private static let format = "tare-detector/1"

    package var document: JSON? {
        [
            "format": .string(Self.format), "model": model.map(\.document) ?? .null, "rows": JSON(rowCount),
            "latest": .integer(latest.milliseconds), "autocorrelation": autocorrelation.document,
            "stream": stream.document, "levels": .array(levels.map(\.document)), "schedule": schedule.document,
            "waiting": .array(waiting.map(\.document)), "asked": asked.map(\.document) ?? .null,
            "retry": retry.map(\.document) ?? .null, "retries": JSON(retries),
        ]
    }

    package mutating func restore(from document: JSON) throws(DetectorStateError) {
        let reader = try StateReader(document, at: "state")
        guard try reader.text("format") == Self.format else { throw reader.mismatch("format", "'\(Self.format)'") }
        var restored = SequentialDetector(rules)
        var watches: [LevelWatch] = []
        for (place, level) in try reader.elements("levels", atMost: Self.levelsMax).enumerated() {
            watches.append(try LevelWatch(StateReader(level, at: "levels[\(place)]")))
        }
        guard Set(watches.map(\.level)).count == watches.count else {
            throw DetectorStateError(reason: "a level stands twice in it")
        }
        restored.know(
            try reader.optionalObject("model").map { reader throws(DetectorStateError) in try ModelStatement(reader) },
            levels: watches)
        restored.rowCount = try reader.integer("rows")
        restored.latest = try reader.time("latest")
        restored.autocorrelation = try Autocorrelation(reader.numbers("autocorrelation", count: 3))
        restored.stream = try StreamWatch(reader.object("stream"))
        restored.schedule = try CheckSchedule(reader.object("schedule"))
        restored.waiting = []
        for asker in try reader.elements("waiting", atMost: Self.levelsMax + 2) {
            restored.waiting.append(try Asker(asker, levels: watches.count))
        }
        if !reader.isNull("asked") { restored.asked = try Asker(reader.value("asked"), levels: watches.count) }
        restored.retry = try reader.optionalObject("retry").map { reader throws(DetectorStateError) in
            try RetryTime(reader)
        }
        restored.retries = try reader.integer("retries")
        self = restored
    }
}

extension SequentialDetector.Asker {
    var document: JSON {
        switch self {
        case .level(let place): JSON(place)
        case .stream: "stream"
        case .schedule: "schedule"
        }
    }

    init(_ document: JSON, levels: Int) throws(DetectorStateError) {
        switch (document.text, document.integer) {
        case ("stream", _): self = .stream
        case ("schedule", _): self = .schedule
        case (_, let place?) where (0..<Int64(levels)).contains(place): self = .level(Int(place))
        default:
            throw DetectorStateError(reason: "\(document.compact) asks; accepted are a level, stream and schedule")
        }
    }
}

extension ModelStatement {
    var document: JSON {
        [
            "modelTime": .string(modelTime), "sigma": JSON(sigma), "rows": JSON(rows),
            "coefficients": JSON(coefficients), "levels": JSON(levels), "version": JSON(version),
        ]
    }

    init(_ reader: StateReader) throws(DetectorStateError) {
        self.init(
            modelTime: try reader.text("modelTime"), sigma: reader.isNull("sigma") ? nil : try reader.number("sigma"),
            rows: try reader.integer("rows", from: 1), coefficients: try reader.integer("coefficients"),
            levels: try reader.integer("levels", from: 1), version: reader.optionalText("version"))
    }
}

extension LevelWatch {
    var document: JSON {
        [
            "level": JSON(level), "row": JSON(latestRow), "promise": JSON(reference.promiseWeight),
            "counts": reference.counts.document, "waiting": .array(reference.waiting.map { JSON(Int($0)) }),
            "scores": scores.document, "evidence": sums.document, "need": need.map(\.document) ?? .null,
        ]
    }

    init(_ reader: StateReader) throws(DetectorStateError) {
        let weight = try reader.number("promise", in: ModelPromise.weightMin...ModelPromise.weightMax)
        self.init(reader.optionalText("level"), promiseWeight: weight)
        let waiting = try reader.integers("waiting", in: 0...ErrorBins.count - 1)
        guard waiting.count <= RankReference.delayMax else {
            throw reader.mismatch("waiting", "at most \(RankReference.delayMax) bins")
        }
        reference = RankReference(
            promiseWeight: weight,
            counts: try BinCounts(reader.integers("counts", in: 0...BinCounts.totalMax)),
            waiting: waiting.map { UInt8($0) })
        latestRow = try reader.integer("row")
        scores = LastScores(try reader.numbers("scores"))
        sums = try EvidenceSums(reader.object("evidence"))
        need = try reader.optionalObject("need").map { reader throws(DetectorStateError) in try RefitNeed(reader) }
    }
}

extension StreamWatch {
    var document: JSON {
        [
            "autocorrelation": autocorrelation.document, "scores": scores.document, "evidence": sums.document,
            "need": need.map(\.document) ?? .null,
        ]
    }

    init(_ reader: StateReader) throws(DetectorStateError) {
        autocorrelation = try Autocorrelation(reader.numbers("autocorrelation", count: 3))
        scores = LastScores(try reader.numbers("scores"))
        sums = try EvidenceSums(reader.object("evidence"))
        need = try reader.optionalObject("need").map { reader throws(DetectorStateError) in try RefitNeed(reader) }
    }
}
