import ArgumentParser

/// Not for people: any command of this program that must not outlive the demo.
///
/// The root is a parameter, as it knows this target and not the other way round.
struct DemoChildCommand<Root: ParsableCommand>: ParsableCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: "child", shouldDisplay: false) }

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    func run() throws {
        Lifeline.watch()
        Root.main(arguments)
    }
}
