import ArgumentParser
import Testing

@testable import Main
@testable import Program

@Suite("Options from the environment")
struct EnvironmentArgumentsTests {
    private struct Root: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "root", subcommands: [Child.self])
    }

    private struct Child: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "child")

        @Option var outPort = 1
        @Flag var loud = false
        @Argument var file: String?
    }

    private static func arguments(_ given: [String], _ environment: [String: String]) throws -> [String] {
        try EnvironmentArguments(of: Root.self, for: given).arguments(environment: environment)
    }

    @Test("an option that is not given is read from its variable; what is given comes first")
    func options() throws {
        let environment = ["TARE_OUT_PORT": "5", "TARE_FILE": "x", "TARE_OTHER": "y", "OUT_PORT": "6"]
        #expect(try Self.arguments(["child", "f"], environment) == ["child", "--out-port=5", "f"])
        #expect(try Self.arguments(["child", "--out-port", "7"], environment) == ["child", "--out-port", "7"])
        #expect(try Self.arguments(["child", "--out-port=7"], environment) == ["child", "--out-port=7"])
        #expect(try Self.arguments(["child"], ["TARE_OUT_PORT": ""]) == ["child"])
        #expect(try Self.arguments([], environment) == [])
        #expect(try Self.arguments(["--help"], environment) == ["--help"])
    }

    @Test("a value may stand in a file that a variable names; both together are refused, and an option's own name wins")
    func files() throws {
        func variables(_ variables: [String: String], _ given: [String] = ["child"]) throws -> [String: String] {
            try EnvironmentArguments(of: Root.self, for: given).variables(in: variables) { "\($0) read\n" }
        }
        #expect(try variables(["TARE_OUT_PORT_FILE": "p"])["TARE_OUT_PORT"] == "p read")
        #expect(try variables(["TARE_OUT_PORT_FILE": ""])["TARE_OUT_PORT"] == nil)
        #expect(try variables(["TARE_FILE_FILE": "p"])["TARE_FILE"] == nil)
        #expect(try variables(["TARE_OUT_PORT_FILE": "p"], ["other"])["TARE_OUT_PORT"] == nil)
        let error = #expect(throws: ValidationError.self) {
            try variables(["TARE_OUT_PORT_FILE": "p", "TARE_OUT_PORT": "1"])
        }
        #expect(error?.message == "TARE_OUT_PORT and TARE_OUT_PORT_FILE are both set; one is accepted")
        let serve = try EnvironmentArguments(of: TareCommand.self, for: ["serve"])
            .variables(in: ["TARE_TOKEN_FILE": "t"]) { _ in throw CancellationError() }
        #expect(serve == ["TARE_TOKEN_FILE": "t"])
    }

    @Test("a flag's variable is true or false", arguments: [("1", true), ("TRUE", true), ("no", false), ("0", false)])
    func flags(_ value: String, _ isOn: Bool) throws {
        #expect(try Self.arguments(["child"], ["TARE_LOUD": value]) == ["child"] + (isOn ? ["--loud"] : []))
    }

    @Test("a flag's variable that is neither is named")
    func badFlag() {
        do {
            _ = try Self.arguments(["child"], ["TARE_LOUD": "perhaps"])
            Issue.record("was accepted")
        } catch { #expect("\(error)".contains("TARE_LOUD is 'perhaps'")) }
    }

    @Test("a message about an option that was never typed leads to its variable")
    func variables() {
        func behind(_ message: String, _ given: [String]) -> [String] {
            EnvironmentArguments(of: Root.self, for: given).variables(
                behind: message, environment: ["TARE_OUT_PORT": "x", "TARE_LOUD": "true"])
        }
        let message = "The value 'x' is invalid for '--out-port <out-port>'"
        #expect(behind(message, ["child"]) == ["TARE_OUT_PORT"])
        #expect(behind(message, ["child", "--out-port", "x"]) == [])
        #expect(behind("Unknown option '--out'", ["child"]) == [])
    }

    @Test(
        "a number below 0 is the value of the option before it",
        arguments: [
            (["child", "--out-port", "-3", "f"], ["child", "--out-port=-3", "f"]),
            (["child", "--out-port", "-.5"], ["child", "--out-port=-.5"]),
            (["child", "--out-port", "-x"], ["child", "--out-port", "-x"]),
            (["child", "--loud", "-3"], ["child", "--loud", "-3"]),
            (["child", "-"], ["child", "-"]), ([], []),
        ] as [([String], [String])])
    func joined(_ given: [String], _ joined: [String]) {
        #expect(EnvironmentArguments(of: Root.self, for: given).joined(given) == joined)
    }

    @Test("every option of every command of this program can be read")
    func ours() throws {
        let given = try EnvironmentArguments(of: TareCommand.self, for: ["serve"]).arguments(
            environment: ["TARE_PORT": "0", "TARE_INITIAL_MODEL": "m.json", "TARE_STORE": "sqlite:x"])
        #expect(Set(given.dropFirst()) == ["--port=0", "--initial-model=m.json", "--store=sqlite:x"])
    }
}
