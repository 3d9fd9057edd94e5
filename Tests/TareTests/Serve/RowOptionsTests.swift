import ArgumentParser
import ModelService
import Testing

@testable import Tare

@Suite("What tare serve asks of a row")
struct RowOptionsTests {
    private static func settings(_ arguments: [String]) throws -> ModelService.Settings {
        var settings = ModelService.Settings()
        try RowOptions.parse(arguments).apply(to: &settings)
        return settings
    }

    @Test("five minutes ahead of the clock, and names as they are written, unless somebody says otherwise")
    func defaults() throws {
        let plain = try Self.settings([])
        #expect(plain.clockSkewSecondsMax == 300 && !plain.foldsCase)
        let given = try Self.settings(["--clock-skew-seconds-max", "0", "--fold-case"])
        #expect(given.clockSkewSecondsMax == 0 && given.foldsCase)
    }

    @Test("a span below 0 or above a year is refused with what is accepted", arguments: ["-1", "31536001"])
    func refused(seconds: String) {
        let error = #expect(throws: (any Error).self) { try Self.settings(["--clock-skew-seconds-max=\(seconds)"]) }
        let message = error.map { RowOptions.message(for: $0) } ?? ""
        #expect(message.contains("must be from 0 to 31536000, given \(seconds)"), "\(message)")
    }
}
