import Documents
import EventProcessing
import ModelService
import Regression
import Specification
import Streaming
import Testing

@testable import Companion
@testable import Program

@Suite("The model of a backtest")
struct InProcessModelTests {
    private let first: ModelVersion
    private let model: InProcessModel
    private static let ungated: ModelService.Settings = {
        var settings = ModelService.Settings()
        settings.isGated = false
        return settings
    }()

    init() throws {
        first = try ModelVersion(
            fitting: TrainingRows(oldestFirst: Fish.rows(60, levels: ["salmon"]), specification: .fish),
            time: Timestamp(milliseconds: 1_622_620_132_137), parent: nil, trigger: .null)
        model = InProcessModel(first, settings: ModelService.Settings())
    }

    @Test("it predicts as the server does, and says where a species is unseen")
    func predict() throws {
        let salmon = try model.predict(predictors: [86, 18], levels: ["salmon"])
        #expect(salmon.value == first.estimate(predictors: [86, 18], levels: ["salmon"])?.value)
        #expect(salmon.isLevelSeen && salmon.modelTime == "2021-06-02 07:48:52")
        #expect(try !model.predict(predictors: [86, 18], levels: ["walleye"]).isLevelSeen)
        #expect(ModelStatement(model.model())?.rows == 60)
    }

    @Test("it is fitted on the newest rows by time, each once, whatever order they came in")
    func train() throws {
        let model = InProcessModel(first, settings: Self.ungated)
        let rows = Fish.rows(120, levels: ["salmon", "walleye"])
        let documents = rows.map { $0.document(.fish).bytes }
        try model.record(documents.reversed() + documents)
        #expect(try model.train(["why": "test"])["status"] == "retrained")
        let expected = try ModelVersion(
            fitting: TrainingRows(oldestFirst: rows.suffix(50), specification: .fish), time: first.time, parent: nil,
            trigger: .null)
        #expect(model.model()["rowsHash"]?.text == expected.rowsHash)
        #expect(model.model()["trigger"] == ["why": "test"])
        let time = model.model()["time"]
        #expect(try model.train(.null)["status"] == "retrained")
        #expect(model.model()["time"] != time, "two models must not bear the same time")
    }

    @Test("too few rows are no reason to fail, and a row that is none is refused while the others are kept")
    func refusals() throws {
        let model = InProcessModel(first, settings: Self.ungated)
        #expect(try model.train(.null)["reason"] == "not_enough_rows")
        let documents = Fish.rows(50, levels: ["salmon"]).map { $0.document(.fish).bytes }
        #expect(throws: ModelClientError.self) { try model.record([Array(#"{"Species":"salmon"}"#.utf8)] + documents) }
        #expect(try model.train(.null)["status"] == "retrained")
    }

    @Test("the gate refuses what is not better, and a trigger that comes again gets its answer again, as on the server")
    func gate() throws {
        try model.record(Fish.rows(120, levels: ["salmon", "walleye"]).map { $0.document(.fish).bytes })
        let trigger: JSON = ["WindowStart": 1_622_620_000_000, "Species": "walleye"]
        let won = try model.train(trigger)
        #expect(won["status"] == "retrained" && won["verdict"]?["winner"] == "challenger")
        #expect(try model.train(trigger) == won)
        let lost = try model.train(.null)
        #expect(lost["status"] == "refused" && lost["reason"] == "not_better")
        #expect(model.model()["version"] == won["version"])
    }

    @Test("rows are chosen as the server's are", arguments: ["newest", "newest:0", "newest:x", "50", "oldest:5"])
    func selection(_ text: String) throws {
        #expect(throws: RowChoiceError.self) { try RowSelection(text) }
        #expect(try RowSelection("newest:7").choice == .newest(7))
        #expect(try RowSelection("per-species:7").count == 7 && RowSelection("mixed:7:9").count == 9)
    }

    @Test("rows in memory are kept once, by time and identity, and those without a time count as the oldest")
    func rows() throws {
        var rows = Fish.rows(6, levels: ["salmon", "walleye"])
        rows[4].timestamp = nil
        let store = MemoryRows()
        #expect(store.record(rows.reversed()).newCount == 6 && store.record(rows).newCount == 0)
        #expect(store.newest(9) == [rows[5], rows[3], rows[2], rows[1], rows[0], rows[4]])
        let walleye = rows.filter { $0.level == "walleye" }.suffix(2)
        #expect(try store.newestOfEachLevel(2).filter { $0.level == "walleye" } == walleye.reversed())
    }
}
