import ArgumentParser
import ModelService
import Program

/// What `tare serve` trains on, how often, what it asks of a new model, and how many models it keeps.
struct TrainingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The rows that a model is fitted on: newest:N, per-group:N (or with the name of the factor), mixed:NEWEST:FLOOR, the newest \
            and at least FLOOR of each group, or auto: fits on 50 to 1600 rows compete. Default: newest:50.
            """, valueName: "choice"),
        transform: { try RowSelection($0) })
    var rows = RowSelection.standard

    @Option(
        help: """
            Whether a new model must do better than the one that serves, on rows that it was not fitted on, and is taken \
            back where its first rows show that it does not.
            """)
    var gate = TrainingGate.on

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
        try pace.check()
        guard keep ?? 1 >= 1 else { throw ValidationError("--keep must be at least 1, given \(keep ?? 0)") }
    }

    private var pace: TrainingPace { TrainingPace(cooldownSeconds: trainCooldown, newRowsMin: trainNewRows) }

    var settings: ModelService.Settings {
        var settings = ModelService.Settings()
        settings.rows = rows.choice
        settings.isGated = gate == .on
        settings.rules = pace.rules
        settings.retention = Retention(keep: keep)
        return settings
    }
}
