import ArgumentParser

@main
struct TareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tare")
}
