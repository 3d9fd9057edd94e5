import Documents
import Foundation
import Specification
import Testing

@testable import ModelService

@Suite("The state of the servers and its changes")
struct StateLogTests {
    private let folder = NSTemporaryDirectory() + "tare-state-\(UUID().uuidString)"
    private var file: URL { URL(filePath: "\(folder)/\(ModelDirectory.stateName)") }
    private var text: [UInt8] { get throws { [UInt8](try Data(contentsOf: file)) } }
    private var names: Set<String> {
        Set(((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.contains(".json") })
    }

    private func model(_ second: Int64) throws -> ModelVersion {
        try ModelVersionTests.model(
            Observation.flats(20), time: ModelVersionTests.time.advanced(byMilliseconds: second * 1000))
    }

    /// The state after so many trainings, each with a model and an answer.
    private func train(
        _ directory: ModelDirectory, _ count: Int
    ) throws -> (state: ServingState, models: [ModelVersion]) {
        var state = try directory.state(otherThan: 0) ?? ServingState()
        var models: [ModelVersion] = []
        for _ in 0..<count {
            let model = try model(state.revision)
            state = state.successor
            state.activate(model.version, since: .sequence(state.revision))
            state.remember(
                [TriggerIdentity(text: "window \(state.revision)", isLasting: true)],
                answer: ["status": "retrained", "version": .string(model.version)], holding: .always, at: model.time)
            #expect(try directory.replaceState(with: state, keeping: model))
            models.append(model)
        }
        return (state, models)
    }

    @Test("each change is a line behind the ones before it, others follow it, and an end leaves one line")
    func appended() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (directory, other) = (ModelDirectory(path: folder), ModelDirectory(path: folder))
        var before: [UInt8] = []
        for count in 1...3 {
            let (state, models) = try train(directory, 1)
            let now = try text
            #expect(now.starts(with: before) && now.count(where: { $0 == StateChange.separator }) == count)
            #expect(try other.state(otherThan: Int64(count - 1)) == state)
            #expect(try other.state(otherThan: Int64(count)) == nil)
            #expect(try other.model(models[0].version) == models[0])
            before = now
        }
        // The other one may be the next.
        let (state, _) = try train(other, 1)
        #expect(try directory.state(otherThan: 3) == state)
        directory.close()
        #expect(try text == state.text)
        #expect(try other.state(otherThan: 3) == state && names.count == 4)
    }

    @Test("the oldest answers are forgotten alike by whoever reads the changes")
    func forgotten() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let directory = ModelDirectory(path: folder)
        let (state, _) = try train(directory, TriggerMemory.answersMax + 20)
        let read = try #require(try ModelDirectory(path: folder).state(otherThan: 0))
        #expect(read == state && read.memory.texts.count == TriggerMemory.answersMax)
        #expect(try directory.tidy())
        #expect(try text == state.text && !directory.tidy())
        #expect(names.count == TriggerMemory.answersMax + 20)
    }

    @Test(
        "a change that was cut off anywhere, as by a crash, is none, its model is none, and the next one takes its place"
    )
    func cutOff() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (first, kept) = try train(ModelDirectory(path: folder), 1)
        let begin = try text.count
        let (_, lost) = try train(ModelDirectory(path: folder), 1)
        let whole = try text
        try FileManager.default.removeItem(atPath: "\(folder)/\(lost[0].version).json")
        for end in [begin, begin + 1, begin + 20, begin + 60, begin + 100, whole.count - 40, whole.count - 1] {
            try Data(whole[..<end]).write(to: file)
            let directory = ModelDirectory(path: folder)
            #expect(try directory.state(otherThan: 0) == first)
            #expect(try directory.model(lost[0].version) == nil)
        }
        let directory = ModelDirectory(path: folder)
        let (state, models) = try train(directory, 1)
        #expect(try ModelDirectory(path: folder).state(otherThan: 0) == state)
        #expect(names == Set((kept + models).map { "\($0.version).json" }))
    }

    @Test("a change that was whole once and is cut off since, as its model shows, is damage")
    func shortened() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try train(ModelDirectory(path: folder), 2)
        try Data(text.dropLast(100)).write(to: file)
        #expect(throws: StoreError.self) { try ModelDirectory(path: folder).state(otherThan: 0) }
    }

    @Test("no byte of a state with changes can be changed unnoticed")
    func everyByte() throws {
        var states = [ServingState()]
        for number in 1...2 {
            var next = states[number - 1].successor
            next.remember(
                [TriggerIdentity(text: "\(number)", isLasting: true)], answer: ["status": "refused"],
                holding: .always, at: ModelVersionTests.time)
            states.append(next)
        }
        let text =
            states[0].text + StateChange.text(of: states[1], since: states[0], keeping: nil)
            + StateChange.text(of: states[2], since: states[1], keeping: nil)
        #expect(try StateLog(text: text).state == states[2])
        for index in text.indices {
            for bit in 0..<8 {
                var changed = text
                changed[index] ^= 1 << bit
                #expect(throws: ModelDocumentError.self, "byte \(index), bit \(bit)") { try StateLog(text: changed) }
            }
        }
    }

    /// What a crash, or a power cut, leaves of the file of a model that came with a change.
    enum Remains: CaseIterable {
        case nothing, half, zeros
    }

    @Test(
        "a model whose change is durable is there, whatever became of its own file, and gets it again",
        arguments: Remains.allCases)
    func remains(of remains: Remains) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (state, models) = try train(ModelDirectory(path: folder), 2)
        let own = URL(filePath: "\(folder)/\(models[1].version).json")
        let whole = try Data(contentsOf: own)
        switch remains {
        case .nothing: try FileManager.default.removeItem(at: own)
        case .half: try whole.prefix(whole.count / 2).write(to: own)
        case .zeros: try Data(count: whole.count + 10).write(to: own)
        }
        let directory = ModelDirectory(path: folder)
        #expect(try directory.model(models[1].version) == models[1])
        directory.removeLeftovers()
        #expect(try Data(contentsOf: own) == whole && text == state.text)
        #expect(try directory.versions(before: nil, limit: 9) == [models[1].version, models[0].version])
    }

    @Test("a model that is removed stays so, though the change that brought it still stood in the state")
    func removed() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let directory = ModelDirectory(path: folder)
        let (_, models) = try train(directory, 3)
        try directory.remove([models[0].version])
        directory.close()
        ModelDirectory(path: folder).removeLeftovers()
        #expect(try directory.model(models[0].version) == nil && names.count == 2)
    }

    @Test(
        "that a state cannot be read is told by the looks at it, and is no failed write, which another write would have to end"
    )
    func unreadable() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let directory = ModelDirectory(path: folder)
        _ = try train(directory, 130)
        try Data("garbage".utf8).write(to: file)
        for directory in [directory, ModelDirectory(path: folder)] {
            let isTidied = try directory.tidy()
            #expect(!isTidied)
        }
        #expect(throws: StoreError.self) { try directory.state(otherThan: 0) }
        #expect(try Data(contentsOf: file) == Data("garbage".utf8))
    }

    @Test("who has no lock makes no file of a model, which may have been removed meanwhile")
    func withoutLock() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let directory = ModelDirectory(path: folder)
        let (_, models) = try train(directory, 1)
        var writer = ModelWriter()
        let written = try writer.write(models[0]).model
        let wasThere = try directory.syncApart(written)
        try FileManager.default.removeItem(atPath: "\(folder)/\(written.version).json")
        let isThere = try directory.syncApart(written)
        let isMade = try ModelDirectory(path: folder).syncApart(written)
        #expect(wasThere && !isThere && !isMade && names.isEmpty)
    }

    @Test(
        "a model under the hidden name that servers gave it before gets its own where a state told of it, and goes where none did"
    )
    func formerNames() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (_, kept) = try train(ModelDirectory(path: folder), 2)
        let (told, untold) = (try model(7), try model(8))
        for (model, revision) in [(told, 2), (untold, 3)] {
            try Data(model.document.indented).write(
                to: URL(filePath: "\(folder)/.\(model.version).json.\(revision).pending"))
        }
        ModelDirectory(path: folder).removeLeftovers()
        #expect(names == Set((kept + [told]).map { "\($0.version).json" }))
    }
}
