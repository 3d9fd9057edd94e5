import Documents
import Testing

@testable import ModelService

@Suite("The memory of triggers")
struct TriggerMemoryTests {
    private static let start = Timestamp(milliseconds: 1_623_245_967_971)

    private func window(_ number: Int) -> TriggerIdentity {
        TriggerIdentity([.integer(Int64(number))], isLasting: true)
    }
    private func range(_ number: Int) -> TriggerIdentity {
        TriggerIdentity([.integer(Int64(number))], isLasting: false)
    }

    @Test("a trigger that was answered gets that answer, and no other does")
    func answered() {
        var memory = TriggerMemory()
        memory.remember([window(1)], answer: "one", holding: .always, at: Self.start)
        #expect(memory.answer(to: [window(1)], at: Self.start, end: nil) == "one")
        #expect(memory.answer(to: [window(2)], at: Self.start, end: nil) == nil)
        #expect(memory.answer(to: [], at: Self.start, end: nil) == nil)
        // The same parts, but another kind of identity.
        #expect(memory.answer(to: [range(1)], at: Self.start, end: nil) == nil)
    }

    @Test("a batch is known where every trigger in it is, however they came; what is known keeps its answer")
    func batches() {
        var memory = TriggerMemory()
        memory.remember([window(1), window(2)], answer: "first", holding: .always, at: Self.start)
        #expect(memory.answer(to: [window(2)], at: Self.start, end: nil) == "first")
        #expect(memory.answer(to: [window(2), window(3)], at: Self.start, end: nil) == nil)
        memory.remember([window(2), window(3)], answer: "second", holding: .always, at: Self.start)
        #expect(memory.answer(to: [window(1)], at: Self.start, end: nil) == "first")
        #expect(memory.answer(to: [window(2)], at: Self.start, end: nil) == "first")
        #expect(memory.answer(to: [window(2), window(3)], at: Self.start, end: nil) == "second")
    }

    @Test("what a later trigger may share counts as a repeat for five minutes, a window for good")
    func brief() {
        var memory = TriggerMemory()
        memory.remember([range(1)], answer: "range", holding: .always, at: Self.start)
        memory.remember([window(1)], answer: "window", holding: .always, at: Self.start)
        for (elapsed, isKnown) in [(0 as Int64, true), (299_999, true), (300_000, false), (86_400_000, false)] {
            let now = Self.start.advanced(byMilliseconds: elapsed)
            #expect((memory.answer(to: [range(1)], at: now, end: nil) == "range") == isKnown, "\(elapsed)")
            #expect(memory.answer(to: [window(1)], at: now, end: nil) == "window")
        }
        let later = Self.start.advanced(byMilliseconds: 400_000)
        memory.remember([range(1)], answer: "again", holding: .always, at: later)
        #expect(memory.answer(to: [range(1)], at: later, end: nil) == "again")
    }

    @Test("what holds until rows come is the answer only where the rows are the same")
    func untilRows() {
        var memory = TriggerMemory()
        memory.remember([window(1)], answer: "refused", holding: .untilRows(.sequence(50)), at: Self.start)
        #expect(memory.answer(to: [window(1)], at: Self.start, end: .sequence(50)) == "refused")
        #expect(memory.answer(to: [window(1)], at: Self.start, end: .sequence(51)) == nil)
        #expect(memory.answer(to: [window(1)], at: Self.start, end: nil) == nil)
        memory.remember([window(1)], answer: "again", holding: .untilRows(.sequence(51)), at: Self.start)
        #expect(memory.answer(to: [window(1)], at: Self.start, end: .sequence(51)) == "again")
        memory.remember([window(1)], answer: "served", holding: .always, at: Self.start)
        #expect(memory.answer(to: [window(1)], at: Self.start, end: .sequence(99)) == "served")
    }

    @Test("of what an earlier version remembered, only models that went into service are answers still")
    func earlierVersion() throws {
        let text = """
            {"format":"tare-state/1","revision":4,"active":"20210609T133927971Z-bc8c7298","trainedAt":null,"newestRow":null,
             "answered":[
              {"time":"2021-06-09T13:39:27.971Z","triggers":["a"],"briefTriggers":[],"answer":{"status":"skipped"}},
              {"time":"2021-06-09T13:39:27.971Z","triggers":["b"],"briefTriggers":[],"answer":{"status":"refused"}},
              {"time":"2021-06-09T13:39:27.971Z","triggers":["c"],"briefTriggers":[],"answer":{"status":"retrained"}}]}
            """
        let state = try ServingState(document: try JSON(parsing: text))
        #expect(state.active == "20210609T133927971Z-bc8c7298")
        let known = ["a", "b", "c"].filter { text in
            let identity = TriggerIdentity(text: text, isLasting: true)
            return state.memory.answer(to: [identity], at: Self.start, end: .sequence(0)) != nil
        }
        #expect(known == ["c"])
    }

    @Test("whatever comes, it stays of bounded size, and the newest are those that are known")
    func bounded() throws {
        var memory = TriggerMemory()
        for number in 0..<1000 {
            memory.remember([window(number)], answer: JSON(number), holding: .always, at: Self.start)
        }
        #expect(try JSON(parsing: [UInt8](jsonArray: memory.texts)).elements?.count == TriggerMemory.answersMax)
        #expect(memory.answer(to: [window(999)], at: Self.start, end: nil) == 999)
        #expect(memory.answer(to: [window(0)], at: Self.start, end: nil) == nil)
        for batch in 1...50 {
            memory.remember(
                (0..<500).map { window(batch * 1000 + $0) }, answer: JSON(batch), holding: .always, at: Self.start)
        }
        let entries = try #require(try JSON(parsing: [UInt8](jsonArray: memory.texts)).elements)
        let kept = entries.reduce(0) { $0 + ($1["triggers"]?.elements?.count ?? 0) }
        #expect(kept <= TriggerMemory.identitiesMax && kept > TriggerMemory.identitiesMax - 500)
        #expect(memory.answer(to: [window(50_499)], at: Self.start, end: nil) == 50)
    }

    @Test("a state is read back from its document, and what is none is named")
    func document() throws {
        var state = ServingState().successor
        state.noteTraining(of: try ModelVersionTests.model(Observation.flats(20)), newestRow: "row")
        state.activate(
            "20210609T133927971Z-bc8c7298", since: .time(Self.start), isOnProbation: true, rollback: ["rows": 10])
        state.remember([window(1), range(2)], answer: ["status": "retrained"], holding: .always, at: Self.start)
        state.remember([window(2)], answer: ["status": "refused"], holding: .untilRows(.sequence(7)), at: Self.start)
        state.remember([window(3)], answer: ["status": "restored"], holding: .always, at: Self.start)
        #expect(try ServingState(text: state.text) == state)
        for name in ["format", "revision", "since", "onProbation", "trainedAt", "answered"] {
            let members = try #require(try JSON(parsing: state.text).members)
            let wrong = JSON.object(members.map { $0.name == name ? JSON.Member(name, "no such thing") : $0 })
            do {
                _ = try ServingState(document: wrong)
                Issue.record("\(name) was not missed")
            } catch { #expect("\(error)".contains("state.\(name)")) }
        }
    }
}
