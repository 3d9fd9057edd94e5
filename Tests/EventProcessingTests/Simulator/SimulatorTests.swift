import Documents
import EventTesting
import Testing

@testable import EventProcessing

@Suite("The simulator")
struct SimulatorTests {
    private let start = Timestamp(milliseconds: 1_623_219_600_000)

    private func subjects(_ plan: String, count: Int? = nil, seed: UInt64 = 1) throws -> SubjectSequence {
        let plan = try SimulatorPlan(plan)
        return try SubjectSequence(levels: [.small, .large], plan: plan, count: count ?? plan.count, seed: seed)
    }

    private func simulator(
        _ plan: String, count: Int? = nil, seed: UInt64 = 1, faults: Simulator.Faults = Simulator.Faults()
    ) throws -> Simulator {
        Simulator(
            subjects: try subjects(plan, count: count, seed: seed), timing: Simulator.Timing(start: start),
            faults: faults,
            seed: seed)
    }

    private func lines(_ simulator: Simulator) -> [String] {
        simulator.map { String(decoding: $0.event.text(.shoe), as: UTF8.self) }
    }

    @Test("a seed gives the same bytes on every machine: these")
    func bytes() throws {
        let expected = [
            #"{"Shoe_Id":"1","Maker":"small","FootLength":22.312,"Width":8.256,"When":"2021-06-09T06:20:00.000Z"}"#,
            #"{"Shoe_Id":"2","Maker":"large","FootLength":29.674,"Width":9.522,"When":"2021-06-09T06:20:02.000Z"}"#,
            #"{"Shoe_Id":"1","Maker":"small","Size":32.01602,"When":"2021-06-09T06:20:10.000Z"}"#,
            #"{"Shoe_Id":"2","Maker":"large","Size":46.15827,"When":"2021-06-09T06:20:12.000Z"}"#,
        ]
        #expect(lines(try simulator("small:1,large:1")) == expected)
    }

    @Test("each subject is measured every 2 s and told 10 s later, measurements first at the same time")
    func times() throws {
        let events = try simulator("small:7").map { arrival in
            switch arrival.event {
            case .measurement(let event): "M\(event.identifier)@\(event.time.milliseconds - start.milliseconds)"
            case .outcome(let event): "O\(event.identifier)@\(event.time.milliseconds - start.milliseconds)"
            }
        }
        #expect(
            events == [
                "M1@0", "M2@2000", "M3@4000", "M4@6000", "M5@8000", "M6@10000", "O1@10000", "M7@12000", "O2@12000",
                "O3@14000", "O4@16000", "O5@18000", "O6@20000", "O7@22000",
            ])
    }

    @Test("without faults each event arrives at its own time, which stands in it as text")
    func punctual() throws {
        for arrival in try simulator("small:20") {
            #expect(arrival.time == arrival.event.time)
            #expect(arrival.event.timestampText == arrival.time.description)
        }
    }

    @Test("another seed gives other subjects, a longer count the same ones and more, numbered on")
    func counts() throws {
        let short = Array(try subjects("small:2,large:1"))
        let long = Array(try subjects("small:2,large:1", count: 7))
        #expect(Array(long.prefix(3)) == short)
        #expect(long.map(\.level) == ["small", "small", "large", "small", "small", "large", "small"])
        #expect(long.map(\.number) == Array(1...7))
        #expect(Array(try subjects("small:2,large:1", seed: 2)) != short)
    }

    @Test("without a count there is no end")
    func endless() throws {
        var endless = try SubjectSequence(levels: [.small], plan: try SimulatorPlan("small:1"), count: nil, seed: 1)
        #expect((0..<1000).allSatisfy { _ in endless.next() != nil })
    }

    @Test("values are positive and have the machines' places, however wide their spread")
    func places() throws {
        let wild = SimulatedLevel(
            name: "wild", predictors: [NormalDistribution(mean: 0, standardDeviation: 1)], coefficients: [1],
            noise: NormalDistribution(mean: 0, standardDeviation: 1))
        let subjects = try SubjectSequence(levels: [wild], plan: try SimulatorPlan("wild:1000"), count: 1000, seed: 1)
        for subject in subjects {
            #expect(subject.predictors[0] >= 0.001 && subject.response >= 0.00001)
            #expect(fractionDigits(subject.predictors[0]) <= 3)
            #expect(fractionDigits(subject.response) <= 5)
        }
    }

    @Test("subjects have the means of their level")
    func means() throws {
        let all = Array(try subjects("large:20000"))
        func mean(_ value: (SimulatedSubject) -> Double) -> Double { all.reduce(0) { $0 + value($1) } / 20_000 }
        // Five standard deviations of a mean.
        #expect(abs(mean { $0.predictors[0] } - 30) < 5 * 1.5 / Double(20_000).squareRoot())
        #expect(abs(mean { $0.predictors[1] } - 10) < 5 * 0.5 / Double(20_000).squareRoot())
        #expect(
            abs(mean { $0.response - 1.5 * $0.predictors[0] - 0.2 * $0.predictors[1] }) < 5 * 0.1
                / Double(20_000).squareRoot())
    }

    private func fractionDigits(_ value: Double) -> Int {
        let text = value.description
        guard !text.contains("e-05") else { return 5 }
        return text.split(separator: ".").last?.count ?? 0
    }
}

@Suite("The simulator's faults")
struct SimulatorFaultTests {
    private func events(_ change: (inout Simulator.Faults) -> Void) throws -> [Simulator.Arrival] {
        var faults = Simulator.Faults()
        change(&faults)
        let plan = try SimulatorPlan("small:1000")
        let subjects = try SubjectSequence(levels: [.small], plan: plan, count: 1000, seed: 5)
        return Array(
            Simulator(subjects: subjects, timing: .init(start: Timestamp(milliseconds: 0)), faults: faults, seed: 5))
    }

    private func outcomes(_ arrivals: [Simulator.Arrival]) -> [Simulator.Arrival] {
        arrivals.filter { $0.event.isOutcome }
    }

    @Test("arrivals are in order whatever goes wrong, and none comes before its time")
    func order() throws {
        let arrivals = try events {
            ($0.late, $0.lost, $0.duplicated, $0.jitter) = (0.3, 0.1, 0.3, 5_000)
        }
        for (one, next) in zip(arrivals, arrivals.dropFirst()) { #expect(one.time <= next.time) }
        #expect(arrivals.allSatisfy { $0.time >= $0.event.time })
        #expect(zip(arrivals, arrivals.dropFirst()).contains { $0.event.time > $1.event.time })
    }

    @Test(
        "lost outcomes never arrive, measurements always do",
        arguments: [(0.0, 1000...1000), (0.2, 750...850), (1.0, 0...0)])
    func lost(_ rate: Double, _ expected: ClosedRange<Int>) throws {
        let arrivals = try events { $0.lost = rate }
        #expect(expected.contains(outcomes(arrivals).count))
        #expect(arrivals.count - outcomes(arrivals).count == 1000)
    }

    @Test("duplicated outcomes arrive twice, equal in every byte", arguments: [(0.2, 150...250), (1.0, 1000...1000)])
    func duplicated(_ rate: Double, _ expected: ClosedRange<Int>) throws {
        let told = outcomes(try events { $0.duplicated = rate })
        let byIdentifier = Dictionary(grouping: told) { $0.event.identifier }
        #expect(expected.contains(byIdentifier.values.count { $0.count == 2 }))
        #expect(byIdentifier.values.allSatisfy { $0.count <= 2 && $0[0].event == $0[$0.count - 1].event })
    }

    @Test(
        "late outcomes keep their time, and arrive within the lateness",
        arguments: [(0.2, 150...250), (1.0, 1000...1000)])
    func late(_ rate: Double, _ expected: ClosedRange<Int>) throws {
        let delays = outcomes(try events { ($0.late, $0.lateness) = (rate, 90_000) })
            .map { $0.time.milliseconds - $0.event.time.milliseconds }
        #expect(expected.contains(delays.count { $0 > 0 }))
        #expect(delays.allSatisfy { $0 <= 90_000 })
        #expect(delays.contains { $0 > 60_000 })
    }

    @Test("one fault's rate moves neither the subjects nor the other faults")
    func independent() throws {
        let some = Set(outcomes(try events { $0.lost = 0.3 }).map(\.event.identifier))
        let more = Set(
            outcomes(try events { ($0.lost, $0.late, $0.duplicated, $0.jitter) = (0.3, 0.5, 0.5, 9) }).map(
                \.event.identifier))
        #expect(some == more)
        let plain = Set(try events { _ in }.map { String(decoding: $0.event.text(.shoe), as: UTF8.self) })
        #expect(
            Set(
                try events { ($0.late, $0.jitter) = (1, 500) }.map {
                    String(decoding: $0.event.text(.shoe), as: UTF8.self)
                }) == plain)
    }
}

extension Event {
    fileprivate var isOutcome: Bool {
        if case .outcome = self { true } else { false }
    }

    fileprivate var identifier: String {
        switch self {
        case .measurement(let event): event.identifier
        case .outcome(let event): event.identifier
        }
    }

    fileprivate var time: Timestamp {
        switch self {
        case .measurement(let event): event.time
        case .outcome(let event): event.time
        }
    }

    fileprivate var timestampText: String? {
        switch self {
        case .measurement(let event): event.timestampText
        case .outcome(let event): event.timestampText
        }
    }
}

extension SimulatedLevel {
    static let small = SimulatedLevel(
        name: "small",
        predictors: [
            NormalDistribution(mean: 22, standardDeviation: 1), NormalDistribution(mean: 8, standardDeviation: 0.5),
        ], coefficients: [1.4, 0.1], noise: NormalDistribution(mean: 0, standardDeviation: 0.1))

    static let large = SimulatedLevel(
        name: "large",
        predictors: [
            NormalDistribution(mean: 30, standardDeviation: 1.5), NormalDistribution(mean: 10, standardDeviation: 0.5),
        ], coefficients: [1.5, 0.2], noise: NormalDistribution(mean: 0, standardDeviation: 0.1))
}
