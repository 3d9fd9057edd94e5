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
        memory.remember([window(1)], answer: "one", at: Self.start)
        #expect(memory.answer(to: [window(1)], at: Self.start) == "one")
        #expect(memory.answer(to: [window(2)], at: Self.start) == nil)
        #expect(memory.answer(to: [], at: Self.start) == nil)
        // The same parts, but another kind of identity.
        #expect(memory.answer(to: [range(1)], at: Self.start) == nil)
    }

    @Test("a batch is known where every trigger in it is, however they came; what is known keeps its answer")
    func batches() {
        var memory = TriggerMemory()
        memory.remember([window(1), window(2)], answer: "first", at: Self.start)
        #expect(memory.answer(to: [window(2)], at: Self.start) == "first")
        #expect(memory.answer(to: [window(2), window(3)], at: Self.start) == nil)
        memory.remember([window(2), window(3)], answer: "second", at: Self.start)
        #expect(memory.answer(to: [window(1)], at: Self.start) == "first")
        #expect(memory.answer(to: [window(2)], at: Self.start) == "first")
        #expect(memory.answer(to: [window(2), window(3)], at: Self.start) == "second")
    }

    @Test("what a later trigger may share counts as a repeat for five minutes, a window for good")
    func brief() {
        var memory = TriggerMemory()
        memory.remember([range(1)], answer: "range", at: Self.start)
        memory.remember([window(1)], answer: "window", at: Self.start)
        for (elapsed, isKnown) in [(0 as Int64, true), (299_999, true), (300_000, false), (86_400_000, false)] {
            let now = Self.start.advanced(byMilliseconds: elapsed)
            #expect((memory.answer(to: [range(1)], at: now) == "range") == isKnown, "\(elapsed)")
            #expect(memory.answer(to: [window(1)], at: now) == "window")
        }
        let later = Self.start.advanced(byMilliseconds: 400_000)
        memory.remember([range(1)], answer: "again", at: later)
        #expect(memory.answer(to: [range(1)], at: later) == "again")
    }

    @Test("whatever comes, it stays of bounded size, and the newest are those that are known")
    func bounded() throws {
        var memory = TriggerMemory()
        for number in 0..<1000 { memory.remember([window(number)], answer: JSON(number), at: Self.start) }
        #expect(memory.document.elements?.count == TriggerMemory.answersMax)
        #expect(memory.answer(to: [window(999)], at: Self.start) == 999)
        #expect(memory.answer(to: [window(0)], at: Self.start) == nil)
        for batch in 1...50 {
            memory.remember((0..<500).map { window(batch * 1000 + $0) }, answer: JSON(batch), at: Self.start)
        }
        let kept = try #require(memory.document.elements).reduce(0) { $0 + ($1["triggers"]?.elements?.count ?? 0) }
        #expect(kept <= TriggerMemory.identitiesMax && kept > TriggerMemory.identitiesMax - 500)
        #expect(memory.answer(to: [window(50_499)], at: Self.start) == 50)
    }

    @Test("a state is read back from its document, and what is none is named")
    func document() throws {
        var state = ServingState().successor
        state.noteTraining(of: try ModelVersionTests.model(Observation.flats(20)), newestRow: "row")
        state.activate("20210609T133927971Z-bc8c7298")
        state.remember([window(1), range(2)], answer: ["status": "retrained"], at: Self.start)
        #expect(try ServingState(document: try JSON(parsing: state.document.bytes)) == state)
        for name in ["format", "revision", "trainedAt", "answered"] {
            let members = try #require(state.document.members)
            let wrong = JSON.object(members.map { $0.name == name ? JSON.Member(name, true) : $0 })
            do {
                _ = try ServingState(document: wrong)
                Issue.record("\(name) was not missed")
            } catch { #expect("\(error)".contains("state.\(name)")) }
        }
    }
}
