import Documents
import Foundation
import Testing

@testable import ModelService

@Suite("The folder of models")
struct ModelDirectoryTests {
    private let folder = NSTemporaryDirectory() + "tare-models-\(UUID().uuidString)"

    private func model(_ second: Int64) throws -> ModelVersion {
        try ModelVersionTests.model(
            Observation.flats(20), time: ModelVersionTests.time.advanced(byMilliseconds: second * 1000))
    }

    private func newest(_ directory: ModelDirectory) throws -> (model: ModelVersion?, skipped: [String]) {
        var skipped: [String] = []
        let model = try directory.newest { skipped.append($0) }
        return (model, skipped)
    }

    @Test("the newest model that can be read is the current one; others are named and skipped")
    func newestThatCanBeRead() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let directory = ModelDirectory(path: folder + "/deep/er")
        #expect(try newest(directory).model == nil)
        let models = try (0..<3).map(model)
        for model in models { try directory.save(model) }
        #expect(try newest(directory).model == models[2])
        // A file cut short, as after a crash without the sync; and one of something else.
        let path = "\(directory.path)/\(models[2].version).json"
        let whole = try Data(contentsOf: URL(filePath: path))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: path))
        try Data("{}".utf8).write(to: URL(filePath: "\(directory.path)/zzz.json"))
        let (model, skipped) = try newest(directory)
        #expect(model == models[1])
        #expect(skipped.count == 2 && skipped[0].contains("zzz.json") && skipped[1].contains(models[2].version))
    }

    @Test(
        "a state that another server wrote in the same tick of the clock, into the same file and as long, is told from the last"
    )
    func sameTick() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let directory = ModelDirectory(path: folder)
        var state = ServingState().successor
        #expect(try directory.replaceState(with: state))
        directory.close()
        let path = "\(folder)/serving.state"
        var before = stat()
        #expect(unsafe stat(path, &before) == 0)
        #expect(try directory.state(otherThan: 1) == nil)
        state = state.successor
        try OpenFile(path).write(state.text)
        var times = [before.st_atim, before.st_mtim]
        #expect(unsafe utimensat(AT_FDCWD, path, &times, 0) == 0)
        #expect(Int(before.st_size) == state.text.count)
        #expect(try directory.state(otherThan: 1) == state)
        #expect(try !directory.replaceState(with: state))
        #expect(try directory.replaceState(with: state.successor))
    }

    @Test("a state that bears two names, as a power cut may leave it, is not written over in its place")
    func twoNames() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let directory = ModelDirectory(path: folder)
        let first = ServingState().successor
        #expect(try directory.replaceState(with: first))
        let state = folder + "/serving.state"
        let bytes = try Data(contentsOf: URL(filePath: state))
        try FileManager.default.linkItem(atPath: state, toPath: folder + "/.serving.state.spare")
        // A third name, through which the old file can still be looked at.
        try FileManager.default.linkItem(atPath: state, toPath: folder + "/witness")
        directory.close()
        #expect(try Data(contentsOf: URL(filePath: state)) == Data(first.text))
        #expect(try Data(contentsOf: URL(filePath: folder + "/witness")) == bytes)
        #expect(try ModelDirectory(path: folder).state(otherThan: 0) == first)
    }

    @Test("what a crash leaves of a file that was being written is never taken for a model")
    func leftover() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let directory = ModelDirectory(path: folder)
        let model = try model(0)
        try directory.save(model)
        let late = try self.model(1)
        try Data(late.document.indented.prefix(100)).write(
            to: URL(filePath: "\(folder)/.\(late.version).json.1.partial"))
        #expect(try newest(directory).model == model)
        #expect(try newest(directory).skipped.isEmpty)
    }

    @Test("a state that cannot be written leaves no model of its own")
    func notReplaced() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // The spare file that the state is written to is in the way.
        try FileManager.default.createDirectory(
            atPath: "\(folder)/.serving.state.spare", withIntermediateDirectories: true)
        let directory = ModelDirectory(path: folder)
        #expect(throws: StoreError.self) {
            try directory.replaceState(with: ServingState().successor, keeping: try model(0))
        }
        #expect(try directory.versions(before: nil, limit: 9).isEmpty)
    }

    @Test("a folder that cannot be written is an error that names it")
    func notWritable() throws {
        let directory = ModelDirectory(path: "/dev/null/models")
        do {
            try directory.save(try model(0))
            Issue.record("was saved")
        } catch { #expect("\(error)".contains("/dev/null/models")) }
    }
}
