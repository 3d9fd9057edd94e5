package import Documents

/// What a companion says of itself: a value, of bounded size.
package struct CompanionReport: Equatable {
    /// Tells one companion from others, as several may share the work.
    package let name: String
    /// The members that are known, as they were given.
    package let document: JSON

    static let bytesMax = 4096
    package static let nameCharactersMax = 64
    /// What every language's JSON reads exactly.
    private static let countMax: Int64 = (1 << 53) - 1
    package static let counts = [
        "events", "predicted", "evaluated", "recorded", "setAside", "pendingMeasurements", "pendingOutcomes",
        "unmatchedMeasurements", "unmatchedOutcomes", "late", "triggers", "retrained", "lag",
    ]

    /// - Throws: the first member that is not as it should be. Those that nobody knows are left out.
    package init(_ body: [UInt8]) throws(Problem) {
        guard body.count <= Self.bytesMax else {
            throw Problem(413, "a report may have \(Self.bytesMax) bytes; \(body.count) were sent")
        }
        guard let given = try? JSON(parsing: body), given.members != nil else {
            throw Problem(
                400, "the body is no JSON object; accepted is one such as {\"name\":\"tare stream\",\"events\":7}")
        }
        guard let name = given["name"]?.text, (1...Self.nameCharactersMax).contains(name.unicodeScalars.count) else {
            throw Problem(
                422, parameter: "name", given: given["name"],
                accepted: "a text of 1 to \(Self.nameCharactersMax) characters, which tells this companion from others")
        }
        self.name = name
        var members: [JSON.Member] = [.init("name", .string(name))]
        if let detector = given["detector"], detector != .null {
            guard let text = detector.text, text.unicodeScalars.count <= Self.nameCharactersMax else {
                throw Problem(
                    422, parameter: "detector", given: detector,
                    accepted: "a text such as window, of at most \(Self.nameCharactersMax) characters")
            }
            members.append(.init("detector", detector))
        }
        if let threshold = given["threshold"], threshold != .null {
            guard let number = threshold.double, number.isFinite, number >= 0 else {
                throw Problem(422, parameter: "threshold", given: threshold, accepted: "a number from 0 up, or null")
            }
            members.append(.init("threshold", threshold))
        }
        for count in Self.counts {
            guard let value = given[count], value != .null else { continue }
            guard let number = value.integer, 0...Self.countMax ~= number else {
                throw Problem(422, parameter: count, given: value, accepted: "a whole number from 0 to 2^53 - 1")
            }
            members.append(.init(count, value))
        }
        document = .object(members)
    }
}
