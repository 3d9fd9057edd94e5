package import ArgumentParser

/// The commands of those who work beside the server, or without one.
package enum CompanionCommands {
    package static let stream: any ParsableCommand.Type = StreamCommand.self
    package static let simulate: any ParsableCommand.Type = SimulateCommand.self
    package static let backtest: any ParsableCommand.Type = BacktestCommand.self
    package static let status: any ParsableCommand.Type = StatusCommand.self

    /// - Parameter root: the whole program, whose commands the demo plays in processes of its own.
    package static func demo<Root: ParsableCommand>(of root: Root.Type) -> any ParsableCommand.Type {
        DemoCommand<Root>.self
    }
}
