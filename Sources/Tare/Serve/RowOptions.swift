import ArgumentParser
import ModelService

/// What `tare serve` asks of a row.
struct RowOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Seconds by which the time of a row may be ahead of this server's clock. Later ones are answered with 422, and \
            left out of trainings where others wrote them into the database.
            """, valueName: "seconds"))
    var clockSkewSecondsMax = ModelService.Settings().clockSkewSecondsMax

    @Flag(
        help: """
            Take levels of the grouping factor for one that differ in case or surrounding space only, such as North and north. Without it they \
            are two, and answers point such a pair out.
            """)
    var foldCase = false

    private static let secondsMax = 31_536_000

    func validate() throws {
        guard (0...Self.secondsMax).contains(clockSkewSecondsMax) else {
            throw ValidationError(
                "--clock-skew-seconds-max must be from 0 to \(Self.secondsMax), given \(clockSkewSecondsMax)")
        }
    }

    func apply(to settings: inout ModelService.Settings) {
        settings.clockSkewSecondsMax = clockSkewSecondsMax
        settings.foldsCase = foldCase
    }
}
