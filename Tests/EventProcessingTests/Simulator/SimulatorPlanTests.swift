import Testing

@testable import EventProcessing

@Suite("The simulator's plan")
struct SimulatorPlanTests {
    @Test("stages come in order with their counts")
    func stages() throws {
        let plan = try SimulatorPlan("salmon:2,walleye:1,salmon:1")
        #expect(
            (0..<plan.count).map { plan.level(at: $0, fraction: 0.99) } == ["salmon", "salmon", "walleye", "salmon"])
    }

    @Test(
        "a mixture chooses by its shares, whatever they add up to",
        arguments: [
            (0.0, "a"), (0.24, "a"), (0.26, "b"), (0.74, "b"), (0.76, "c"), (Double(1).nextDown, "c"),
        ])
    func mixture(_ fraction: Double, _ expected: String) throws {
        #expect(try SimulatorPlan("a=1+b=2+c=1:10").level(at: 9, fraction: fraction) == expected)
    }

    @Test("a plan's text is read back as the same plan", arguments: ["salmon:60,walleye:60", "a=9.0+b=0.5:10,c:1"])
    func text(_ text: String) throws {
        #expect(try SimulatorPlan(text).description == text)
    }

    @Test(
        "anything else is refused with what was given and what is accepted",
        arguments: [
            ("", "''"), ("salmon", "'salmon'"), ("salmon:", "''"), ("salmon:0", "'0'"), ("salmon:-1", "'-1'"),
            ("salmon:1.5", "'1.5'"), (":5", "':5'"), ("salmon:60,", "''"), ("a:1,,b:1", "''"), ("a:1:2", "'a:1:2'"),
            ("a=0+b=1:5", "'a=0'"), ("a=x+b=1:5", "'a=x'"), ("a+b:5", "'a'"), ("a=inf+b=1:5", "'a=inf'"),
            ("a=1+a=2:5", "'a=1+a=2:5'"), ("a=1=2:5", "'a=1=2'"), ("=1:5", "'=1:5'"),
            ("salmon:9999999999", "'9999999999'"),
        ])
    func refused(_ text: String, _ named: String) {
        let error = #expect(throws: SimulatorPlanError.self) { try SimulatorPlan(text) }
        #expect(error?.description.contains(named) == true, "\(String(describing: error))")
        #expect(error?.description.contains("Accepted is NAME:COUNT") == true)
    }

    @Test("a level that nothing is known of is refused with those that are")
    func unknownLevel() throws {
        let plan = try SimulatorPlan("small:1,trout:1")
        let error = #expect(throws: SimulatorPlanError.self) {
            try SubjectSequence(levels: [.small, .large], plan: plan, count: nil, seed: 1)
        }
        #expect(error?.description.hasPrefix("nothing is known of 'trout', only of small, large") == true)
    }
}
