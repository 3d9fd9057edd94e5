import ArgumentParser
package import ModelService

/// The options `--train-cooldown` and `--train-new-rows`, of `tare serve` and `tare backtest` alike.
package struct TrainingPace {
    let cooldownSeconds: Int
    let newRowsMin: Int

    package init(cooldownSeconds: Int, newRowsMin: Int) {
        self.cooldownSeconds = cooldownSeconds
        self.newRowsMin = newRowsMin
    }

    private static let secondsMax = 31_536_000
    private static let rowsMax = 100_000

    package func check() throws {
        guard (0...Self.secondsMax).contains(cooldownSeconds) else {
            throw ValidationError("--train-cooldown must be from 0 to \(Self.secondsMax), given \(cooldownSeconds)")
        }
        guard (0...Self.rowsMax).contains(newRowsMin) else {
            throw ValidationError("--train-new-rows must be from 0 to \(Self.rowsMax), given \(newRowsMin)")
        }
    }

    package var rules: TrainingRules {
        var rules = TrainingRules()
        rules.cooldownSeconds = cooldownSeconds
        rules.newRowsMin = newRowsMin
        return rules
    }
}
