import Documents
import Specification

/// How server and companion are, decided from what they answered.
struct StatusReport: Equatable {
    /// The exit codes of `tare status`.
    enum Verdict: Int32 {
        /// All is as it should be.
        case good = 0
        /// It predicts, and something is not as it should be.
        case degraded = 1
        /// Nothing is predicted: there is no answer, or no model.
        case unavailable = 2
        /// What answers does not let this caller in, or is no model server.
        case unknown = 3
    }

    let server: String
    let answers: StatusAnswers
    let verdict: Verdict
    /// What is not as it should be, a sentence each.
    let faults: [String]

    /// - Parameters:
    ///   - server: its address, as it was given.
    ///   - errorMax: from where on a rolling error is a fault; nil where none is.
    init(of server: String, _ answers: StatusAnswers, errorMax: Double?) {
        self.server = server
        self.answers = answers
        (verdict, faults) = Self.judged(answers, errorMax: errorMax)
    }

    private static func judged(_ answers: StatusAnswers, errorMax: Double?) -> (Verdict, [String]) {
        guard let readiness = answers.readiness else { return (.unavailable, [answers.failure ?? "no answer"]) }
        guard let status = readiness.document?["status"]?.text else {
            return (.unknown, ["GET /readyz answered \(readiness.status), and not as a model server does"])
        }
        if status == "unavailable" { return (.unavailable, ["there is no model, so nothing is predicted"]) }
        if let denied = [answers.model, answers.coverage, answers.versions].compactMap(\.self).first(where: {
            [401, 403].contains($0.status)
        }) {
            return (.unknown, [denied.document?["detail"]?.text ?? "the server answered \(denied.status)"])
        }
        var faults = ["store", "models", "journal"].compactMap { part in
            readiness.document?[part]?["detail"]?.text.map { "\(part): \($0)" }
        }
        if answers.model?.document?["rolledBack"] != nil {
            faults.append("the last model failed its probation, and its parent serves")
        }
        if let error = answers.rollingError, let errorMax, error > errorMax {
            faults.append("the error is above \(errorMax)")
        }
        faults += companionFaults(answers)
        return (faults.isEmpty ? .good : .degraded, faults)
    }

    private static func companionFaults(_ answers: StatusAnswers) -> [String] {
        guard let companion = answers.companion else { return [] }
        guard case .answered(let document) = companion else { return ["the companion does not answer"] }
        return [("serverAnswers", "the model server"), ("kafkaAnswers", "Kafka")].compactMap { name, whom in
            document[name]?.boolean == false ? "the companion waits for \(whom)" : nil
        }
    }

    var word: String {
        switch verdict {
        case .good: "ready"
        case .degraded: "degraded"
        case .unavailable: "unavailable"
        case .unknown: "unknown"
        }
    }
}

// MARK: - As JSON

extension StatusReport {
    /// - Parameter now: by which ages are told.
    func document(now: Timestamp) -> JSON {
        let model = answers.model?.document
        var members: [JSON.Member] = [
            .init("server", .string(server)), .init("status", .string(word)),
            .init("faults", .array(faults.map(JSON.string))),
        ]
        guard answers.readiness != nil else { return .object(members) }
        let shown = ["version", "time", "parent", "levels", "rows", "formula", "coefficients", "sigma", "rSquared"]
        if let model, model["version"] != nil {
            members.append(
                .init(
                    "model",
                    .object(
                        (model.members ?? []).filter { shown.contains($0.name) }
                            + [.init("ageSeconds", JSON(age(of: model, now: now)))])))
        }
        members += [
            .init("rollingError", JSON(answers.rollingError)),
            .init("rollingErrorRows", JSON(answers.rollingErrorRows)),
            .init("errorMeasure", model?["specification"]?["errorMeasure"] ?? .null),
            .init("coverage", coverage ?? .null),
            .init("readiness", answers.readiness?.document ?? .null),
            .init("versions", .array(versions)),
        ]
        switch answers.companion {
        case .answered(let companion): members.append(.init("companion", companion))
        case .silent: members.append(.init("companion", .null))
        case nil: break
        }
        return .object(members)
    }

    func age(of model: JSON, now: Timestamp) -> Int? {
        model["time"]?.text.flatMap { Timestamp($0) }.map { Int((now.milliseconds - $0.milliseconds) / 1000) }
    }

    var coverage: JSON? { answers.coverage?.status == 200 ? answers.coverage?.document : nil }

    /// Newest first, with what was found of each when it was trained.
    private var versions: [JSON] {
        let shown = ["version", "time", "state", "active", "rows", "sigma", "problem"]
        return (answers.versions?.document?["models"]?.elements ?? []).map { model in
            .object(
                (model.members ?? []).filter { shown.contains($0.name) }
                    + [.init("verdict", model["verdict"]?["detail"] ?? .null)])
        }
    }
}
