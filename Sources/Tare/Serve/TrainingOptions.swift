import ArgumentParser
import ModelService

/// How often `tare serve` trains, and how many models it keeps.
struct TrainingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Seconds after a training in which no other runs.", valueName: "seconds"))
    var trainCooldown = 0

    @Option(help: ArgumentHelp("Rows that must be new since the last training.", valueName: "n"))
    var trainNewRows = 0

    @Option(
        help: ArgumentHelp(
            "Models that are kept, the one that serves and its parent always among them. Default: all.", valueName: "n")
    )
    var keep: Int?

    func validate() throws {
        guard (0...Self.secondsMax).contains(trainCooldown) else {
            throw ValidationError("--train-cooldown must be from 0 to \(Self.secondsMax), given \(trainCooldown)")
        }
        guard (0...Self.rowsMax).contains(trainNewRows) else {
            throw ValidationError("--train-new-rows must be from 0 to \(Self.rowsMax), given \(trainNewRows)")
        }
        guard keep ?? 1 >= 1 else { throw ValidationError("--keep must be at least 1, given \(keep ?? 0)") }
    }

    private static let secondsMax = 31_536_000
    private static let rowsMax = 100_000

    var settings: ModelService.Settings {
        var settings = ModelService.Settings()
        settings.rules.cooldownSeconds = trainCooldown
        settings.rules.newRowsMin = trainNewRows
        settings.retention = Retention(keep: keep)
        return settings
    }
}
