import ArgumentParser

/// Not for people: any command of this program that must not outlive the demo.
struct DemoChildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "child", shouldDisplay: false)

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    func run() throws {
        Lifeline.watch()
        TareCommand.main(arguments)
    }
}
