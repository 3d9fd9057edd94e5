import ArgumentParser
import Foundation

@main
struct TareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tare",
        abstract: "Keeps a small regression honest: predict, observe, judge, retrain.",
        discussion: """
            Every option also reads an environment variable: TARE_PORT for --port, TARE_INITIAL_MODEL for \
            --initial-model. What stands on the command line comes first.
            """,
        version: "1.0.0",
        subcommands: [
            ServeCommand.self, StreamCommand.self, SimulateCommand.self, FitCommand.self, BacktestCommand.self,
            DemoCommand.self,
        ])

    static func main() {
        do {
            let arguments = try EnvironmentArguments(of: self).arguments(
                Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch {
            exit(withError: error)
        }
    }
}
