package import ArgumentParser
import Documents

/// Gives every option of every command a second source: `--initial-model` reads `TARE_INITIAL_MODEL` where it is not
/// given on the command line. One rule for all, so that no option can be forgotten.
package struct EnvironmentArguments {
    /// An option or flag of a command, as `--experimental-dump-help` lists it.
    private struct Option {
        let name: String
        let isFlag: Bool

        var variable: String { "TARE_" + name.uppercased().replacing("-", with: "_") }
    }

    /// Those of a command: the parser's own list of what it accepts, of this command alone. Made when it is asked for, as it
    /// takes milliseconds, and mostly no variable is set.
    private final class OptionList {
        private let command: (any ParsableCommand.Type)?
        private(set) lazy var all = EnvironmentArguments.options(
            command.flatMap { try? JSON(parsing: $0._dumpHelp()) }?["command"] ?? .null)

        init(of command: (any ParsableCommand.Type)?) { self.command = command }
    }

    /// The command line as it was typed.
    private let given: [String]
    private let list: OptionList

    /// - Parameter given: begins with the name of one of the root's subcommands; of another one nothing is added to it.
    package init(of root: any ParsableCommand.Type, for given: [String]) {
        self.given = given
        list = OptionList(of: root.configuration.subcommands.first { $0._commandName == given.first })
    }

    /// Those that a variable may be meant for: none where none is set.
    private func options(in environment: [String: String]) -> [Option] {
        environment.keys.contains { $0.hasPrefix("TARE_") } ? list.all : []
    }

    private static func options(_ command: JSON) -> [Option] {
        (command["arguments"]?.elements ?? []).compactMap { argument in
            let names = argument["names"]?.elements ?? []
            guard let kind = argument["kind"]?.text, kind != "positional",
                let name = names.first(where: { $0["kind"] == "long" })?["name"]?.text, name != "help",
                name != "version"
            else { return nil }
            return Option(name: name, isFlag: kind == "flag")
        }
    }

    /// The environment with the values that stand in files: where `TARE_STORE_FILE` names one, `TARE_STORE` is its text.
    /// - Throws: `ValidationError` where both are set, and what `read` throws.
    package func variables(
        in environment: [String: String], read: (String) throws -> String
    ) throws -> [String: String] {
        let names = Set(options(in: environment).map(\.variable))
        var environment = environment
        for name in names.sorted() {
            let fileVariable = "\(name)_FILE"
            // It may be an option's own variable.
            guard !names.contains(fileVariable), let path = environment[fileVariable], !path.isEmpty else { continue }
            guard environment[name]?.isEmpty ?? true else {
                throw ValidationError("\(name) and \(fileVariable) are both set; one is accepted")
            }
            environment[name] = try read(path).trimmed
        }
        return environment
    }

    /// The command line with what the environment adds to it.
    /// - Throws: `ValidationError` for a flag's variable that is neither true nor false.
    package func arguments(environment: [String: String]) throws -> [String] {
        var added: [String] = []
        for (option, value) in taken(from: environment) {
            if !option.isFlag {
                added.append("--\(option.name)=\(value)")
            } else if try isOn(value, option) {
                added.append("--\(option.name)")
            }
        }
        return given.prefix(1) + added + given.dropFirst()
    }

    /// The command line with `--count -3` as `--count=-3`: the parser takes what begins with a hyphen for another option, and would
    /// say that the value is missing.
    package func joined(_ arguments: [String]) -> [String] {
        guard arguments.contains(where: Self.isNegative) else { return arguments }
        let names = Set(list.all.filter { !$0.isFlag }.map { "--\($0.name)" })
        var joined: [String] = []
        for (place, argument) in arguments.enumerated() {
            if place > 0, names.contains(arguments[place - 1]), Self.isNegative(argument) {
                joined[joined.count - 1] += "=\(argument)"
            } else {
                joined.append(argument)
            }
        }
        return joined
    }

    private static func isNegative(_ argument: String) -> Bool {
        argument.first == "-" && argument.dropFirst().first.map { "0123456789.".contains($0) } ?? false
    }

    /// The variables behind those options that a message about the command line names, for whoever never typed them.
    package func variables(behind message: String, environment: [String: String]) -> [String] {
        let words = message.split { !$0.isLetter && $0 != "-" }
        return taken(from: environment).map(\.option).filter { words.contains("--\($0.name)") }.map(\.variable)
    }

    private func taken(from environment: [String: String]) -> [(option: Option, value: String)] {
        options(in: environment).compactMap { option in
            guard !isGiven(option), let value = environment[option.variable], !value.isEmpty else {
                return nil
            }
            return (option, value)
        }
    }

    private func isGiven(_ option: Option) -> Bool {
        given.prefix { $0 != "--" }.contains { $0 == "--\(option.name)" || $0.hasPrefix("--\(option.name)=") }
    }

    private func isOn(_ value: String, _ option: Option) throws -> Bool {
        switch value.lowercased() {
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default:
            throw ValidationError("\(option.variable) is '\(value)'; accepted are true and false")
        }
    }
}
