import ArgumentParser
import Companion
import Foundation
import Program
import Tare

struct TareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tare",
        abstract: "Keeps a small regression honest: predict, observe, judge, retrain.",
        discussion: """
            Every option also reads an environment variable: TARE_PORT for --port, TARE_INITIAL_MODEL for \
            --initial-model. What stands on the command line comes first. TARE_STORE_FILE names a file that holds what \
            --store is to be, so that a password stands in no list of processes; and so for every option.
            """,
        version: Release.version,
        subcommands: [
            ModelCommands.serve, CompanionCommands.stream, CompanionCommands.simulate, ModelCommands.fit,
            CompanionCommands.backtest, ModelCommands.specification, ModelCommands.contract, ModelCommands.export,
            CompanionCommands.demo(of: TareCommand.self), ModelCommands.check, CompanionCommands.status,
        ])

    static func main() {
        StandardStreams.secure()
        let given = Array(CommandLine.arguments.dropFirst())
        Secrets.eraseFromListOfProcesses()
        var secrets = Secrets(in: given)
        if !secrets.isEmpty { StandardError.say(secretAdvice) }
        do {
            let environment = EnvironmentArguments(of: self, for: given)
            let variables = try environment.variables(in: ProcessInfo.processInfo.environment) { path in
                try SecretFile(reading: path, bytesMax: 1 << 17).text
            }
            let arguments = environment.joined(try environment.arguments(environment: variables))
            secrets = Secrets(in: arguments)
            var command = try parse(arguments, environment, variables)
            try command.run()
        } catch {
            end(with: error, hiding: secrets)
        }
    }

    private static let secretAdvice =
        "A secret on the command line stands in the shell's history, and for a moment in the list of processes: put the "
        + "option's value into a file, and the file's name into TARE_…_FILE (TARE_STORE_FILE for --store)."

    /// As the parser ends a process, but for secrets, which it would repeat.
    private static func end(with error: any Error, hiding secrets: Secrets) -> Never {
        let code = exitCode(for: error)
        let message = AcceptedValues.told(in: fullMessage(for: error))
        if !message.isEmpty {
            StandardStreams.say(
                code.isSuccess ? message : secrets.hidden(in: message),
                on: code.isSuccess ? STDOUT_FILENO : STDERR_FILENO)
        }
        Foundation.exit(code.rawValue)
    }

    private static func parse(
        _ arguments: [String], _ environment: EnvironmentArguments, _ variables: [String: String]
    ) throws -> any ParsableCommand {
        do {
            return try parseAsRoot(arguments)
        } catch {
            for name in environment.variables(behind: message(for: error), environment: variables) {
                StandardError.say("From the environment: \(name)")
            }
            throw error
        }
    }
}
