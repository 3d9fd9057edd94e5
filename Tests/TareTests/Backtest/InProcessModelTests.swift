import Documents
import ModelService
import Regression
import Streaming
import Testing

@testable import Tare

@Suite("The model of a backtest")
struct InProcessModelTests {
    private let first: ModelVersion
    private let model: InProcessModel

    init() throws {
        first = try ModelVersion(
            fitting: TrainingRows(oldestFirst: Fish.rows(60, levels: ["salmon"]), specification: .fish),
            time: Timestamp(milliseconds: 1_622_620_132_137), parent: nil, trigger: .null)
        model = InProcessModel(first, rows: RowSelection(newest: 50))
    }

    @Test("it predicts as the server does, and says where a species is unseen")
    func predict() {
        let salmon = model.predict(predictors: [86, 18], level: "salmon")
        #expect(salmon.value == first.estimate(predictors: [86, 18], level: "salmon").value)
        #expect(salmon.isLevelSeen && salmon.modelTime == "2021-06-02 07:48:52")
        #expect(!model.predict(predictors: [86, 18], level: "walleye").isLevelSeen)
        #expect(ModelStatement(model.model())?.rows == 60)
    }

    @Test("it is fitted on the newest rows by time, each once, whatever order they came in")
    func train() throws {
        let rows = Fish.rows(120, levels: ["salmon", "walleye"])
        let documents = rows.map { $0.document(.fish) }
        try model.record(documents.reversed() + documents)
        #expect(model.train(["why": "test"])["status"] == "retrained")
        let expected = try ModelVersion(
            fitting: TrainingRows(oldestFirst: rows.suffix(50), specification: .fish), time: first.time, parent: nil,
            trigger: .null)
        #expect(model.model()["rowsHash"]?.text == expected.rowsHash)
        #expect(model.model()["trigger"] == ["why": "test"])
        let time = model.model()["time"]
        #expect(model.train(.null)["status"] == "retrained")
        #expect(model.model()["time"] != time, "two models must not bear the same time")
    }

    @Test("too few rows are no reason to fail, and a row that is none is refused while the others are kept")
    func refusals() throws {
        #expect(model.train(.null)["reason"] == "not_enough_rows")
        let documents = Fish.rows(50, levels: ["salmon"]).map { $0.document(.fish) }
        #expect(throws: ModelClientError.self) { try model.record([["Species": "salmon"]] + documents) }
        #expect(model.train(.null)["status"] == "retrained")
    }

    @Test(
        "a selection of rows is newest and a number", arguments: ["newest", "newest:0", "newest:x", "50", "oldest:5"])
    func selection(_ text: String) {
        #expect(RowSelection(argument: text) == nil)
        #expect(RowSelection(argument: "newest:7")?.description == "newest:7")
    }
}
