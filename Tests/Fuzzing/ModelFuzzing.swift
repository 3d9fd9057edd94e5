import Documents
import Regression
import Specification

@testable import ModelService
@testable import Program
@testable import Tare

extension FuzzTarget {
    static let model = FuzzTarget(
        name: "model",
        promise:
            "a model document with a checksum that fits is refused in words, or predicts, and is written and read again "
            + "to the byte",
        seeds: { try models.get().map(\.document.bytes) },
        words: [
            "\"format\":\"tare-model/2\"", "\"format\":\"tare-model/1\"", "\"coefficients\":{", "\"carriedBy\":{",
            "\"specification\":{", "\"levels\":[", "\"rows\":9223372036854775807", "null", "1.0E308", "~", "log(", "^2",
        ],
        check: { input in
            guard let document = try? JSON(parsing: input) else { return }
            _ = read(document)
            let members = (document.members ?? []).filter { $0.name != Seal.member }
            guard let model = read(Seal.close(members).document) else { return }
            for level in [model.levels.first ?? "", "another"] {
                let predictors = [Double](repeating: 12.5, count: model.specification.predictors.count)
                let levels = model.specification.factors.map { _ in level }
                _ = model.estimate(predictors: predictors, levels: levels)
                _ = try? model.interval(predictors: predictors, levels: levels, confidence: 0.95)
                _ = model.contributions(predictors: predictors, levels: levels)
            }
            guard document["format"] == "tare-model/2" else { return }
            let written = model.document
            guard let again = read(written) else { throw BrokenPromise(description: "refused: \(written.compact)") }
            try hold(again.document.bytes == written.bytes, "\(written.compact) is \(again.document.compact)")
        })

    private static func read(_ document: JSON) -> ModelVersion? { try? ModelVersion(document: document) }

    /// One of two levels, one of one, and one with a column that others carry.
    private static let models = Result<[ModelVersion], any Error> {
        let rows = (0..<24).map { index in
            let (length, height) = (60 + Double(index * 7 % 53), 10 + Double(index * 3 % 11))
            return Observation(
                level: index % 2 == 0 ? "salmon" : "walleye", predictors: [length, height],
                actual: 0.05 * length + 0.02 * height + Double(index % 5) / 10,
                timestamp: Timestamp(milliseconds: Int64(index) * 1000))
        }
        let collinear = rows.map { row in
            var row = row
            row.predictors[1] = row.predictors[0].map { $0 / 2 }
            return row
        }
        return try [rows, rows.filter { $0.level == "salmon" }, collinear].map { rows in
            try ModelVersion(
                fitting: TrainingRows(oldestFirst: rows, specification: .builtIn),
                time: Timestamp(milliseconds: 1_622_620_132_137), parent: nil, trigger: ["why": "\u{1F41F}"])
        }
    }
}

// MARK: - State

extension FuzzTarget {
    static let state = FuzzTarget(
        name: "state",
        promise:
            "a state with a checksum that fits is refused in words, or can be changed, and is written and read again "
            + "alike",
        seeds: {
            [
                ServingState().text, exampleState.text,
                ServingState().text + StateChange.text(of: exampleState, since: ServingState(), keeping: nil),
            ]
        },
        words: [
            "\"format\":\"tare-state/2\"", "\"format\":\"tare-state/1\"", "\"revision\":9223372036854775807",
            "\"since\":{\"sequence\":", "\"since\":{\"time\":", "\"untilRows\":\"always\"", "\"triggers\":[", "null",
            "\"format\":\"tare-change/1\"", "\"forgotten\":1", "\"answered\":[", "\"model\":null",
        ],
        check: { input in
            _ = try? StateLog(text: input)
            guard let document = try? JSON(parsing: input), let members = document.members else { return }
            let text = ByteSeal.close(.object(members.filter { $0.name != Seal.member }))
            guard members.contains(where: { $0.name != Seal.member }), let state = try? ServingState(text: text) else {
                return
            }
            try hold(try ServingState(text: state.text) == state, "\(state) is read back as another")
            var next = state.successor
            next.activate("20210602T074852137Z-00000000", since: .sequence(1), isOnProbation: true)
            next.remember(
                [TriggerIdentity(text: "t", isLasting: true)], answer: ["status": "retrained"], holding: .always,
                at: Timestamp(milliseconds: 0))
            try hold(try ServingState(text: next.text) == next, "\(next) is read back as another")
            let lines = state.text + StateChange.text(of: next, since: state, keeping: nil)
            let log = try StateLog(text: lines)
            try hold(log.state == next && log.byteCount == lines.count, "the change to \(next) is read back as another")
            _ = try? StateChange.read(text, on: next)
        })

    private static let exampleState: ServingState = {
        var state = ServingState().successor
        state.activate("20210602T074852137Z-1f2e3d4c", since: .sequence(12))
        state.activate(
            "20210602T084852137Z-1f2e3d4c", since: .time(Timestamp(milliseconds: 5)), isOnProbation: true,
            rollback: ["winner": "parent"])
        state.remember(
            [TriggerIdentity(text: "a", isLasting: true), TriggerIdentity(text: "b", isLasting: false)],
            answer: ["status": "refused"], holding: .untilRows(.sequence(3)), at: Timestamp(milliseconds: 7))
        return state
    }()
}

// MARK: - Journal

extension FuzzTarget {
    private static let exampleJournal =
        JournalText.head(store: "sqlite:a") + JournalText.lines([["Length": 95], ["Length": 96]])
        + JournalText.lines([["Species": "salmon"]])

    static let journal = FuzzTarget(
        name: "journal",
        promise: "of a journal the whole lines are read and the others counted; what is appended behind them is read",
        seeds: { [exampleJournal, exampleJournal.dropLast(), JournalText.head(store: "")] },
        words: ["\n", ",\"checksum\":\"crc32c:", "{\"rows\":[", "{\"format\":\"tare-journal/1\",\"store\":\""],
        check: { input in
            let contents = JournalContents(input)
            try hold(contents.wholeBytes <= input.count, "\(contents.wholeBytes) of \(input.count) bytes are whole")
            let appended = input.prefix(contents.wholeBytes) + JournalText.lines([["Length": 97], ["Length": 98]])
            let after = JournalContents(Array(appended))
            try hold(
                after.rows == contents.rows + 2 && after.damagedLines == contents.damagedLines
                    && after.wholeBytes == appended.count, "two rows make \(contents) \(after)")
        })
}

// MARK: - Damage

extension FuzzTarget {
    /// The input is a list of changes, each of four bytes: which file, where in it (two bytes), and what is done.
    static let damage = FuzzTarget(
        name: "damage", promise: "a file that differs from what was written is refused, or says the same",
        seeds: { [[0, 0, 9, 1], [1, 0, 40, 2, 1, 1, 0, 0], [2, 0, 60, 255], [0, 3, 1, 7]] }, words: [],
        check: { input in
            let model = try models.get()[0]
            var files = [model.document.indented, exampleState.text, exampleJournal]
            let whole = files
            for start in stride(from: 0, to: input.count - 3, by: 4) {
                let file = Int(input[start]) % files.count
                change(&files[file], at: Int(input[start + 1]) << 8 | Int(input[start + 2]), by: input[start + 3])
            }
            if let document = try? JSON(parsing: files[0]), let read = read(document) {
                try hold(read == model, "the model is another: \(document.compact)")
            }
            if let state = try? ServingState(text: files[1]) {
                try hold(state == exampleState, "the state is another: \(state)")
            }
            let (contents, good) = (JournalContents(files[2]), JournalContents(whole[2]))
            let kept = files[2].split(separator: 0x0A).filter { JournalText.rows(in: $0) != nil }
            try hold(
                contents.rows <= good.rows && kept.allSatisfy(whole[2].split(separator: 0x0A).contains),
                "the journal holds other rows")
        })

    private static func change(_ file: inout [UInt8], at place: Int, by kind: UInt8) {
        guard !file.isEmpty else { return }
        let index = place % file.count
        switch kind {
        case 0: file.removeSubrange(index...)
        case 1: file.remove(at: index)
        default: file[index] ^= kind
        }
    }
}
