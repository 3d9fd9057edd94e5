import Documents
import ModelService
import Specification
import Testing

private let fish = ObservationFixture.fish
private let complete = ObservationFixture.complete

@Suite struct ObservationIdentityTests {
    private func varied(_ change: (inout Observation) -> Void) -> Observation {
        var row = complete
        change(&row)
        return row
    }

    @Test("the identity of an identified row is its time and its identifier")
    func identified() {
        #expect(complete.identity == #"["2021-06-09T13:39:27.971Z","101"]"#)
        #expect(varied { $0.predicted = 9 }.identity == complete.identity)
        #expect(varied { $0.actual = nil }.identity == complete.identity)
    }

    @Test("another identifier or another time is another row")
    func different() {
        #expect(varied { $0.identifier = "102" }.identity != complete.identity)
        #expect(varied { $0.timestamp = Timestamp(milliseconds: 0) }.identity != complete.identity)
    }

    @Test("the identity of a row without identifier is its content")
    func content() {
        let row = varied { $0.identifier = nil }
        #expect(
            row.identity == """
                ["2021-06-09T13:39:27.971Z",null,"salmon",[90.632,20.51],4.7606,4.6587,0.022,"2021-06-02 07:48:52"]
                """)
    }

    static let changes: [@Sendable (inout Observation) -> Void] = [
        { $0.level = "walleye" }, { $0.level = nil }, { $0.predictors[0] = 1 }, { $0.predictors[1] = nil },
        { $0.predicted = nil }, { $0.actual = 1 }, { $0.error = nil }, { $0.modelTime = nil }, { $0.timestamp = nil },
        { $0.predictors = [20.51, 90.632] },
    ]

    @Test("any change of content is another row where there is no identifier", arguments: changes.indices)
    func contentDiffers(index: Int) {
        let row = varied { $0.identifier = nil }
        var changed = row
        Self.changes[index](&changed)
        #expect(changed.identity != row.identity)
    }

    @Test("no two rows share an identity whatever their texts hold")
    func noCollision() {
        let identifiers = ["a\",\"b", "a", "", "null", "é", "e\u{301}", "a\u{0}b", "a\u{0}c", "🐟"]
        let rows = identifiers.map { identifier in varied { $0.identifier = identifier } }
        let keys = Set(rows.map { Array($0.identity.utf8) })
        #expect(keys.count == identifiers.count)
        #expect(!rows.contains { $0.identity.utf8.contains(0) })
    }

    @Test("a row read back from its document has the identity it was written with")
    func survivesStorage() throws {
        for row in [complete, varied { $0.identifier = nil }] {
            let read = Observation(row: try JSON(parsing: row.document(fish).compact), specification: fish)
            #expect(read.identity == row.identity)
        }
    }
}
