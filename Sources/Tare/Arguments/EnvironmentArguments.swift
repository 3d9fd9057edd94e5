import ArgumentParser
import Documents

/// Gives every option of every command a second source: `--initial-model` reads `TARE_INITIAL_MODEL` where it is not
/// given on the command line. One rule for all, so that no option can be forgotten.
struct EnvironmentArguments {
    /// An option or flag of a command, as `--experimental-dump-help` lists it.
    private struct Option {
        let name: String
        let isFlag: Bool

        var variable: String { "TARE_" + name.uppercased().replacing("-", with: "_") }
    }

    private let commands: [String: [Option]]

    init(of root: any ParsableCommand.Type) {
        // The parser's own list of what it accepts; without it, the environment is not read.
        let help = try? JSON(parsing: root._dumpHelp())
        let subcommands = help?["command"]?["subcommands"]?.elements ?? []
        commands = Dictionary(
            subcommands.map { ($0["commandName"]?.text ?? "", Self.options($0)) },
            uniquingKeysWith: { first, _ in first })
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
    func variables(
        for given: [String], in environment: [String: String], read: (String) throws -> String
    ) throws -> [String: String] {
        let names = Set((given.first.flatMap { commands[$0] } ?? []).map(\.variable))
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
    func arguments(_ given: [String], environment: [String: String]) throws -> [String] {
        guard let command = given.first else { return given }
        var added: [String] = []
        for (option, value) in taken(given, environment) {
            if !option.isFlag {
                added.append("--\(option.name)=\(value)")
            } else if try isOn(value, option) {
                added.append("--\(option.name)")
            }
        }
        return [command] + added + given.dropFirst()
    }

    /// The command line with `--count -3` as `--count=-3`: the parser takes what begins with a hyphen for another option, and would
    /// say that the value is missing.
    func joined(_ arguments: [String]) -> [String] {
        let options = Set((arguments.first.flatMap { commands[$0] } ?? []).filter { !$0.isFlag }.map { "--\($0.name)" })
        var joined: [String] = []
        for (place, argument) in arguments.enumerated() {
            let isValue =
                place > 0 && options.contains(arguments[place - 1]) && argument.wholeMatch(of: #/-[0-9.].*/#) != nil
            if isValue { joined[joined.count - 1] += "=\(argument)" } else { joined.append(argument) }
        }
        return joined
    }

    /// The variables behind those options that a message about the command line names, for whoever never typed them.
    func variables(behind message: String, given: [String], environment: [String: String]) -> [String] {
        let words = message.split { !$0.isLetter && $0 != "-" }
        return taken(given, environment).map(\.option).filter { words.contains("--\($0.name)") }.map(\.variable)
    }

    private func taken(_ given: [String], _ environment: [String: String]) -> [(option: Option, value: String)] {
        guard let command = given.first, let options = commands[command] else { return [] }
        return options.compactMap { option in
            guard !isGiven(option, in: given), let value = environment[option.variable], !value.isEmpty else {
                return nil
            }
            return (option, value)
        }
    }

    private func isGiven(_ option: Option, in arguments: [String]) -> Bool {
        arguments.prefix { $0 != "--" }.contains { $0 == "--\(option.name)" || $0.hasPrefix("--\(option.name)=") }
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
