import Foundation
import Program

/// The sentences around the story that know a real address.
struct DemoWords {
    /// What a person types for this program.
    let program: String

    func server(_ address: String) -> [String] {
        ["  server  \(address)", "  docs    \(address)/__docs__/", ""]
    }

    /// - Parameter address: of the server, where it is still there.
    func next(address: String?) -> [String] {
        let base = address ?? "http://127.0.0.1:8000"
        let steps = [
            "curl '\(base)/prediction?length=95&height=18&species=walleye'",
            "curl \(base)/model",
            "\(program) simulate --plan walleye:60 --speed 60 | \(program) stream --server \(base) --source -",
        ]
        let head: [String]
        if address == nil {
            head = [
                "What to try next:", "", "  \(program) demo --hold    # this factory, whose server then stays",
                "  \(program) serve          # a server of your own; then, in another terminal:",
            ]
        } else {
            head = ["The server stays at \(base) until Ctrl-C. What to try next:", ""]
        }
        return [""] + head + steps.map { "  \($0)" } + ["", "\(base)/__docs__/ in a browser tries every route."]
    }
}

extension TerminalStyle {
    static var ofStandardOutput: TerminalStyle {
        let width = Terminal.size(of: STDOUT_FILENO)?.columns ?? (isatty(STDOUT_FILENO) == 1 ? 80 : nil)
        return TerminalStyle(terminalWidth: width, environment: ProcessInfo.processInfo.environment)
    }
}
