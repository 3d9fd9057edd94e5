import Documents
import Testing

@testable import EventProcessing

@Suite("The guard of a machine's times")
struct TimeGuardTests {
    private static let hour: Int64 = 3_600_000
    private static let year9999: Int64 = 253_402_300_799_999

    /// What a guard does with events, told as numbers of events counted from 1.
    private struct Play {
        var passed: [Int] = []
        var heldAt: [Int] = []
        var rejected: [Int] = []
        var rewoundAt: [Int] = []
        var guarding: TimeGuard<Int>

        init(_ rules: TimeRules = TimeRules()) { guarding = TimeGuard(rules) }

        mutating func take(_ number: Int, _ subject: String, _ time: Int64) {
            guard let verdict = guarding.admit(number, of: subject, at: Timestamp(milliseconds: time)) else {
                passed.append(number)
                return
            }
            if verdict.heldAhead != nil { heldAt.append(number) }
            if verdict.isRewound { rewoundAt.append(number) }
            passed += verdict.passed
            rejected += verdict.rejected.map(\.element)
        }

        /// One event each two seconds, each of a subject of its own.
        mutating func factory(_ numbers: ClosedRange<Int>, from time: Int64 = 0) {
            for number in numbers { take(number, "\(number)", time + Int64(number) * 2000) }
        }
    }

    @Test("events that follow each other pass at once, late ones too", arguments: [0, -hour, -30 * hour])
    func plain(_ late: Int64) {
        var play = Play()
        play.factory(1...10)
        play.take(11, "late", late)
        #expect(play.passed == Array(1...11) && play.heldAt.isEmpty && !play.guarding.isHolding)
    }

    @Test(
        "a single date far ahead is held, makes no time pass, and is found wrong when many others have come",
        arguments: [hour, 24 * hour, year9999])
    func single(_ ahead: Int64) {
        var play = Play()
        play.factory(1...10)
        play.take(11, "wrong", min(ahead + 20_000, Self.year9999))
        play.factory(12...110)
        #expect(play.heldAt == [11] && play.rejected.isEmpty)
        play.factory(111...111)
        #expect(play.rejected == [11])
        #expect(play.passed == (1...111).filter { $0 != 11 } && !play.guarding.isHolding)
        #expect(play.guarding.newest == 222_000)
    }

    @Test("one subject alone confirms nothing, however often it comes")
    func oneSubject() {
        var play = Play()
        play.factory(1...5)
        for number in 6...20 { play.take(number, "wrong", Self.hour) }
        #expect(play.heldAt == Array(6...20) && play.passed == Array(1...5))
    }

    @Test(
        "when enough subjects are ahead, time moves on and what was held is played in its order", arguments: [1, 3, 5])
    func confirmed(_ subjects: Int) {
        var rules = TimeRules()
        rules.subjects = subjects
        var play = Play(rules)
        play.factory(1...10)
        play.factory(11...30, from: 8 * Self.hour)
        #expect(play.passed == Array(1...30))
        #expect(play.heldAt == Array(11..<(10 + subjects)))
        #expect(play.rejected.isEmpty)
    }

    @Test("of a wrong date and a night, the night is confirmed and the wrong date still held")
    func both() {
        var play = Play()
        play.factory(1...10)
        play.take(11, "wrong", Self.year9999)
        play.factory(12...15, from: 8 * Self.hour)
        #expect(play.passed == Array(1...10) + [12, 13, 14, 15] && play.guarding.isHolding)
        play.factory(16...120, from: 8 * Self.hour)
        #expect(play.rejected == [11])
    }

    @Test("subjects that come an hour apart pass too, some events later")
    func sparse() {
        var play = Play()
        for number in 1...20 { play.take(number, "\(number)", Int64(number) * Self.hour) }
        #expect(play.passed == Array(1...18) && play.rejected.isEmpty)
        #expect(play.guarding.finish().passed == [19, 20])
    }

    @Test("time that comes within reach by itself confirms what was held")
    func reached() {
        var play = Play()
        play.factory(1...10)
        play.take(11, "early", 20_000 + 310_000)
        play.factory(12...20)
        #expect(play.passed == Array(1...15).filter { $0 != 11 } + [11] + Array(16...20))
    }

    @Test("where the very first events are the wrong ones, they are held after all", arguments: [1, 2])
    func rewound(_ wrong: Int) {
        var play = Play()
        for number in 1...wrong { play.take(number, "wrong \(number)", Self.year9999) }
        play.factory(wrong + 1...wrong + 120)
        #expect(play.rewoundAt == [wrong + 3])
        #expect(play.passed == Array(1...wrong) + Array(wrong + 1...wrong + 120))
        #expect(play.rejected == Array(1...wrong))
    }

    @Test("a start in the far past is left as soon as enough subjects are ahead of it")
    func pastStart() {
        var play = Play()
        play.take(1, "wrong", -50 * 365 * 24 * Self.hour)
        play.factory(2...10)
        #expect(play.passed == Array(1...10) && play.rewoundAt.isEmpty && play.rejected.isEmpty)
    }

    @Test("at the end, what nothing came after passes; what was contradicted does not")
    func end() {
        var play = Play()
        play.factory(1...10)
        play.take(11, "wrong", Self.year9999)
        play.factory(12...15)
        play.take(16, "last", 9 * Self.hour)
        let verdict = play.guarding.finish()
        #expect(verdict.passed == [16] && verdict.rejected.map(\.element) == [11])
        #expect(!play.guarding.isHolding)
    }

    @Test("what is held is bounded: the oldest are given up")
    func bounded() {
        var rules = TimeRules()
        rules.heldMax = 10
        var play = Play(rules)
        play.factory(1...5)
        for number in 6...30 { play.take(number, "wrong", Self.hour) }
        #expect(play.rejected == Array(6...20))
    }

    @Test(
        "without wrong dates nothing is lost and nothing is held back for ever, whatever the gaps and the disorder",
        arguments: 1...40)
    func property(_ seed: Int) {
        var random = Xoshiro256(seed: UInt64(seed))
        var play = Play()
        var time: Int64 = 0
        for number in 1...400 {
            time +=
                Int.random(in: 0..<50, using: &random) == 0
                ? Int64.random(in: 0...40 * Self.hour, using: &random) : 2000
            play.take(number, "\(number / 2)", time - Int64.random(in: 0...20_000, using: &random))
        }
        let rest = play.guarding.finish()
        #expect(Set(play.passed + rest.passed) == Set(1...400) && play.rejected.isEmpty && rest.rejected.isEmpty)
        #expect(play.passed.count + rest.passed.count == 400 && rest.passed.count <= 6)
    }
}

@Suite("The comparison of two clocks")
struct ClockComparisonTests {
    @Test("an offset is told once ten subjects in a row missed each other, and again only after a pair has met")
    func told() {
        var clocks = ClockComparison()
        func miss(_ count: Int) -> [Int64] { (0..<count).compactMap { clocks.noteMiss(3_610_000 + Int64($0)) } }
        #expect(miss(9).isEmpty)
        clocks.noteMatch()
        #expect(miss(9).isEmpty)
        #expect(miss(30) == [3_610_004])
        clocks.noteMatch()
        #expect(miss(10) == [3_610_005])
    }
}
