import ArgumentParser

/// Whether a new model must do better than the one before: the option `--gate`, of `tare serve` and `tare backtest` alike.
package enum TrainingGate: String, ExpressibleByArgument, CaseIterable { case on, off }
