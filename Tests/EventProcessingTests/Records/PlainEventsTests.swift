import Documents
import EventTesting
import Specification
import Testing

@testable import EventProcessing

@Suite("Events that are read without a tree")
struct PlainEventsTests {
    private static let names = [
        #""Fish_Id""#, #""Species""#, #""Length""#, #""Height""#, #""Weight""#, #""Timestamp""#, #""Note""#,
        #""fish_id""#, #""Lengt\u0068""#,
    ]
    private static let values = [
        "95", "95.5", "-0", "-0.0", "0", "1e400", "12345678901234567890123", "9223372036854775808", "null", "true",
        #""salmon""#, #""zwölf""#, #""a\nb""#, #""""#, #""17""#, "[1]", #"{"a":1}"#, "01",
        #""2021-06-09T06:20:00.000Z""#, #""2021-06-09 08:20+02:00""#, "1623219600000",
        "\"\(String(repeating: "x", count: 300))\"",
    ]

    /// A line as the machines write it, of which each part may be another.
    private static func line(oddness: Double, _ random: inout Xoshiro256) -> [UInt8] {
        func isOdd(_ random: inout Xoshiro256) -> Bool { Double.random(in: 0..<1, using: &random) < oddness }
        var members = [(#""Fish_Id""#, #""1""#), (#""Species""#, #""salmon""#)]
        members +=
            Bool.random(using: &random)
            ? [(#""Length""#, "86.37"), (#""Height""#, "18.74")] : [(#""Weight""#, "4.5238")]
        members.append((#""Timestamp""#, #""2021-06-09T06:20:00.000Z""#))
        if isOdd(&random) { members.shuffle(using: &random) }
        if isOdd(&random) { members.removeLast(Int.random(in: 1...3, using: &random)) }
        let texts = members.map { name, value in
            let name = isOdd(&random) ? names.randomElement(using: &random)! : name
            return "\(name):\(isOdd(&random) ? values.randomElement(using: &random)! : value)"
        }
        var line = Array("{\(texts.joined(separator: ","))}".utf8)
        if isOdd(&random) { line += [0x20, 0x7D, 0xFF].randomElement(using: &random).map { [$0] } ?? [] }
        if isOdd(&random) { line.insert([0x20, 0xEF, 0x2C].randomElement(using: &random) ?? 0, at: 0) }
        return line
    }

    @Test(
        "are those that the reader of all JSON reads, and no others", arguments: [0, 0.05, 0.3],
        [ModelSpecification.fish, .flats, .shoe])
    func same(oddness: Double, specification: ModelSpecification) throws {
        let reader = EventReader(specification: specification, names: .exact)
        var plain = try #require(PlainEvents(reader))
        var (random, count) = (Xoshiro256(seed: 11), 0)
        for _ in 0..<4000 {
            let line = Self.line(oddness: oddness, &random)
            guard let event = plain.event(line) else { continue }
            count += 1
            try #require(try event == reader.event(line: line), "\(String(decoding: line, as: UTF8.self))")
        }
        // The lines are those of fish.
        #expect(count > 100 || specification != .fish)
        #expect(count == 4000 || specification != .fish || oddness > 0)
    }

    @Test("a name in another case is for a reader that finds it", arguments: [FieldNames.anyCase, .anySpelling])
    func anyCase(_ names: FieldNames) {
        #expect(PlainEvents(EventReader(specification: .fish, names: names)) == nil)
    }
}
