import ArgumentParser
import Foundation
import Testing

@testable import Companion
@testable import Main

@Suite("What a person can get wrong on a command line")
struct MistakesTests {
    @Test(
        "an option that cannot be used is refused with what was given and what is accepted",
        arguments: [
            (["serve", "--port", "-1"], ["'-1'", "accepted is a number from 0 to 65535"]),
            (["serve", "--port", "70000"], ["'70000'", "accepted is a number from 0 to 65535"]),
            (["demo", "--port", "http"], ["'http'", "accepted is a number from 0 to 65535"]),
            (["stream", "--metrics-port", "65536"], ["'65536'", "accepted is a number from 0 to 65535"]),
            (["stream", "--threshold", "-1"], ["'-1'", "accepted is a number above 0"]),
            (["stream", "--threshold=0"], ["'0'", "accepted is a number above 0"]),
            (["backtest", "simulator", "--threshold=-1"], ["-1", "accepted is a number above 0"]),
            (["backtest", "friedman:abrupt", "--plan", "salmon:3"], ["--plan is for the source simulator"]),
        ] as [([String], [String])])
    func options(_ arguments: [String], _ words: [String]) {
        do {
            _ = try TareCommand.parseAsRoot(arguments)
            Issue.record("\(arguments) was taken")
        } catch {
            let message = TareCommand.fullMessage(for: error)
            for word in words { #expect(message.contains(word), "\(message)") }
            #expect(TareCommand.exitCode(for: error) == .validationFailure)
        }
    }

    /// What the program says to what is typed, as a process: its own message, and how it ends.
    private static let typed: [([String], String, Int32)] = [
        (["nonsense"], "Unexpected argument 'nonsense'", 64),
        (["serve", "--prot", "1"], "Unknown option '--prot'. Did you mean '--port'?", 64),
        (["serve", "--store", "foo:bar"], "'foo:bar' is no store; sqlite:PATH, mongodb://", 64),
        (["serve", "--rows", "newest:x"], "'newest:x' is no choice of rows. Accepted are auto, newest:N", 64),
        (
            ["serve", "--gate", "maybe"],
            "'maybe' is invalid for '--gate <gate>'. Please provide one of 'on' and 'off'", 64
        ),
        (["serve", "--train-cooldown", "-1"], "given -1", 64),
        (["serve", "--keep", "0"], "--keep must be at least 1, given 0", 64),
        (["serve", "--tls-key", "x.pem"], "--tls-certificate and --tls-key belong together; one is missing", 64),
        (["serve", "--host", "0.0.0.0"], "--token-file FILE says who may do what", 64),
        (["stream", "--server", "ftp://x"], "Accepted is http://HOST:PORT or https://HOST:PORT", 64),
        (["stream", "--source", "kafka://"], "'kafka://' names no brokers; accepted are simulator, FILE", 64),
        (["stream", "--source", "nofile"], "nofile cannot be opened: No such file or directory", 1),
        (["stream", "--roles", "eat"], "'eat' is no role; accepted are predict, join, window, record, trigger", 64),
        (
            ["stream", "--grace", "x"],
            "'x' is invalid for '--grace <span>'; accepted is a length of time, such as 500ms", 64
        ),
        (["stream", "--speed", "-1"], "'-1' is invalid for '--speed <factor>'; accepted is a number above 0", 64),
        (["stream", "--model", "nofile"], "cannot open nofile: No such file or directory", 1),
        (["simulate", "--plan", "salmon"], "'salmon' is not a name and a count. Accepted is NAME:COUNT", 64),
        (["simulate", "--count", "-3"], "-3", 64),
        (["simulate", "--start", "yesterday"], "'yesterday' is not a time; accepted is ISO 8601", 64),
        (["simulate", "--interval", "soon"], "accepted is a length of time, such as 500ms", 64),
        (["fit"], "Missing expected argument '<file>'", 64),
        (["fit", "nofile"], "cannot read nofile: there is no such file or folder", 1),
        (["fit", "."], "cannot read .: it is a folder", 1),
        (["fit", "x.csv", "--tolerance", "7"], "--tolerance must be from 1e-14 up to 1, given 7.0", 64),
        (["fit", "x.csv", "--time", "now"], "'now' is not a time; accepted is ISO 8601", 64),
        (["backtest", "nofile"], "nofile cannot be opened: No such file or directory", 1),
        (
            ["backtest", "friedman:x"], "accepted are FILE, kcat:FILE, simulator, friedman:abrupt and friedman:gradual",
            64
        ),
        (["backtest", "simulator", "--seeds", "0"], "--seeds is 0; accepted is 1 to 10000", 64),
        (["specification", "nofile"], "cannot read nofile: there is no such file or folder", 1),
        (["contract", "nofile"], "cannot open nofile: No such file or directory", 1),
        (["export", "x.json"], "Missing expected argument '--to <to>'", 64),
        (["export", "x.json", "--to", "x"], "Please provide one of 'pmml', 'sql', 'r' or 'json'", 64),
        (["export", "nofile", "--to", "r"], "cannot read nofile: there is no such file or folder", 1),
        (["demo", "--speed", "0"], "--speed is 0.0; accepted is a factor above 0", 64),
        (["demo", "--seed", "-1"], "'-1' is invalid for '--seed <n>'; accepted is a whole number from 0 up", 64),
        (["check", "--store", "x:y"], "'x:y' is no store", 64),
        (["status", "--server", "x"], "Accepted is http://HOST:PORT or https://HOST:PORT", 64),
        (["status", "--error-max", "x"], "'x' is invalid for '--error-max <error>'; accepted is a number above 0", 64),
        (["status", "--server", "http://127.0.0.1:1"], "no connection: Connection refused", 2),
    ]

    @Test("what is typed wrongly is answered with what was given and what is accepted", arguments: typed)
    func answers(_ arguments: [String], _ words: String, _ status: Int32) throws {
        let result = try TareProcess.run(arguments)
        #expect(result.status == status && (result.errors + result.output).contains(words), "\(result)")
    }

    @Test("every command has mistakes in the table")
    func commands() {
        let names = TareCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
        #expect(Set(Self.typed.compactMap(\.0.first)).isSuperset(of: names))
    }

    @Test("the help of the demo shows no command that nobody can use")
    func demo() {
        let help = TareCommand.helpMessage(for: DemoCommand<TareCommand>.self)
        #expect(help.contains("tare demo [--speed <factor>]") && !help.contains("<subcommand>"), "\(help)")
    }

    @Test(
        "a file of which nothing is of use ends the command with an error that says so",
        arguments: [
            ("x,y\n1,2\n,3\n,4\n", ["fit", "--formula", "y ~ x"], "2 of the 3 rows of"),
            ("x,y\n", ["fit", "--formula", "y ~ x"], "has no numbers"),
            ("", ["fit", "--formula", "y ~ x"], "is empty"),
            ("", ["backtest"], "nothing of the source could be evaluated"),
            ("a,b\n1,2\n", ["backtest"], "nothing of the source could be evaluated"),
        ] as [(String, [String], String)])
    func files(_ text: String, _ command: [String], _ words: String) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "tare-mistake-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try TareProcess.run([command[0], file.path] + command.dropFirst())
        #expect(result.status != 0 && result.errors.contains(words), "\(result)")
    }
}
