import ArgumentParser
import Foundation
import Testing

@testable import Tare

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

    @Test("the help of the demo shows no command that nobody can use")
    func demo() {
        let help = TareCommand.helpMessage(for: DemoCommand.self)
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
