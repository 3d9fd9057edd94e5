import Documents
import Testing

@testable import ModelService

@Suite("The choice of rows")
struct RowChoiceTests {
    @Test(
        "a choice is read from its text",
        arguments: [
            ("newest:50", .newest(50)), ("per-district:50", .perLevel(50)),
            ("mixed:50:10", .mixed(newest: 50, floor: 10)), ("newest:1", .newest(1)),
            ("newest:1000000", .newest(1_000_000)), ("auto", .auto),
        ] as [(String, RowChoice)])
    func text(_ text: String, _ expected: RowChoice) throws {
        #expect(try RowChoice(text, factor: "district") == expected)
        #expect(expected.text(factor: "district") == text)
    }

    @Test(
        "another text is refused, and the message says what is accepted",
        arguments: [
            "", "newest", "newest:", "newest:0", "newest:-1", "newest:50:10", "newest:1000001", "newest:5x", "50",
            "per-species:50", "per-district:50:1", "mixed:50", "mixed:50:", "mixed::10", "Newest:50", "newest: 50",
            "auto:50", "auto:",
        ])
    func badText(_ text: String) {
        let error = #expect(throws: RowChoiceError.self) { try RowChoice(text, factor: "district") }
        #expect(error?.description.contains("per-district:N") == true)
    }

    /// What a choice means, row by row.
    private static func chosen(_ choice: RowChoice, of newestFirst: [Observation]) -> [Observation] {
        newestFirst.indices.filter { index in
            let level = newestFirst[index].level
            let place = newestFirst[..<index].count { $0.level == level }
            return switch choice {
            case .newest(let count): index < count
            case .perLevel(let count): level != nil && place < count
            case .mixed(let count, let floor): index < count || level != nil && place < floor
            case .auto: false
            }
        }.map { newestFirst[$0] }
    }

    @Test("rows are those that the choice means", arguments: 1...30 as ClosedRange<UInt64>)
    func rows(seed: UInt64) throws {
        var mixer = seed
        let rows = (0..<120).map { index in
            mixer = mixer &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var row = Observation.flats(index + 1)[index]
            let draw = Int(mixer >> 33) % 40
            row.level = draw == 0 ? nil : draw < 3 ? "rare" : draw < 20 ? "north" : index < 60 ? "old" : "south"
            return row
        }
        let newestFirst = Array(rows.reversed())
        for choice in [
            RowChoice.newest(20), .newest(500), .perLevel(1), .perLevel(15), .perLevel(500),
            .mixed(newest: 20, floor: 5), .mixed(newest: 20, floor: 30), .mixed(newest: 500, floor: 3),
        ] {
            // But for rows without a level, which are passed over.
            let usable = newestFirst.filter { $0.level != nil }
            let chosen = try choice.rows(of: UsableRows(store: MemoryStore(rows), rule: RowRule(.flats)))
            let expected = Self.chosen(choice, of: usable).map(\.identity)
            #expect(Array(chosen.newestIdentities) == expected, "seed \(seed), \(choice)")
            // The same of rows that are in memory already.
            let pool = RowPool(newestFirst: usable, rule: RowRule(.flats))
            let places = choice.places(in: pool, before: pool.count).map { usable[usable.count - 1 - $0] }
            #expect(places.reversed() == Self.chosen(choice, of: usable), "seed \(seed), \(choice)")
        }
    }

    @Test("a level that stopped coming is forgotten by the newest rows, and by neither of the others")
    func forgetting() throws {
        let rows =
            Observation.flats(100, districts: ["north"])
            + Observation.flats(170).suffix(70).map { row in
                var row = row
                row.level = "south"
                return row
            }
        func levels(_ choice: RowChoice) throws -> [String] {
            let usable = UsableRows(store: MemoryStore(rows), rule: RowRule(.flats))
            return TrainingRows(try choice.rows(of: usable), specification: .flats).levels
        }
        #expect(try levels(.newest(50)) == ["south"])
        #expect(try levels(.perLevel(50)) == ["north", "south"])
        #expect(try levels(.mixed(newest: 50, floor: 10)) == ["north", "south"])
    }
}
