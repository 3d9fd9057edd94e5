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
            DemoCommand.self, CheckCommand.self,
        ])

    static func main() {
        StandardStreams.secure()
        do {
            var command = try parse()
            try command.run()
        } catch {
            exit(withError: error)
        }
    }

    private static func parse() throws -> any ParsableCommand {
        let given = Array(CommandLine.arguments.dropFirst())
        let variables = ProcessInfo.processInfo.environment
        let environment = EnvironmentArguments(of: self)
        let arguments = try environment.arguments(given, environment: variables)
        do {
            return try parseAsRoot(arguments)
        } catch {
            for name in environment.variables(behind: message(for: error), given: given, environment: variables) {
                StandardError.say("From the environment: \(name)")
            }
            throw error
        }
    }
}
