import Foundation
import Program

/// The demo's processes and its folder. When it goes, they go.
final class DemoTroupe {
    enum Interruption: Error, Equatable, CustomStringConvertible {
        case signal(CInt)
        /// Nobody reads the story any more.
        case readerGone
        /// What did not happen, and what the process said.
        case failure(String)

        var description: String {
            switch self {
            case .signal(let number): "stopped by signal \(number)"
            case .readerGone: "stopped, because nobody reads on"
            case .failure(let reason): reason
            }
        }
    }

    let folder: URL
    private let lifeline: Lifeline
    private let executable: String
    private let launch: [String]
    private var children: [ChildProcess] = []

    /// - Parameter launch: what stands before each child's arguments.
    init(executable: String = "/proc/self/exe", launch: [String] = ["tare", "demo", "child"]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tare-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        lifeline = try Lifeline()
        self.executable = executable
        self.launch = launch
    }

    deinit { dismiss() }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func start(_ name: String, _ arguments: [String]) throws -> ChildProcess {
        // A setting meant for other commands must not change the story.
        let environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TARE_") }
        let child = try ChildProcess(
            name: name, executable: executable, arguments: launch + arguments,
            environment: environment.map { "\($0.key)=\($0.value)" }, lifeline: lifeline, errors: path("\(name).log"))
        children.append(child)
        return child
    }

    /// Ends the children, the last that came first, and removes the folder.
    func dismiss() {
        while let child = children.popLast() { child.stop() }
        try? FileManager.default.removeItem(at: folder)
    }
}

// MARK: - Waiting

extension DemoTroupe {
    /// Reads lines until `body` says that it has heard enough, or the child's output ends.
    /// - Parameters:
    ///   - others: children that must not end meanwhile.
    ///   - silenceSecondsMax: how long nothing may come.
    /// - Returns: false where the output ended first.
    @discardableResult
    func read(
        _ child: ChildProcess, besides others: [ChildProcess] = [], silenceSecondsMax: Int,
        _ body: (String) throws -> Bool
    ) throws -> Bool {
        var reader = ChildLines(descriptor: child.output)
        let clock = ContinuousClock()
        var deadline = clock.now + .seconds(silenceSecondsMax)
        while true {
            let lines = reader.lines()
            for line in lines where try body(line) { return true }
            if reader.isAtEnd { return false }
            if !lines.isEmpty { deadline = clock.now + .seconds(silenceSecondsMax) }
            try look(after: others)
            guard clock.now < deadline else {
                throw failure("nothing came from \(child.name) for \(silenceSecondsMax) s", of: child)
            }
            _ = StopSignals.wait(
                for: [pollfd(fd: child.output, events: CShort(POLLIN), revents: 0)], milliseconds: 200)
        }
    }

    /// Waits for a child to end by itself, with status 0.
    func finish(_ child: ChildProcess, secondsMax: Int) throws {
        try read(child, silenceSecondsMax: secondsMax) { _ in false }
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(secondsMax)
        while child.poll() == nil {
            guard clock.now < deadline else { throw failure("\(child.name) does not end", of: child) }
            try look(after: [])
            _ = StopSignals.wait(milliseconds: 10)
        }
        guard child.exit == .status(0) else { throw ended(child) }
    }

    /// Waits until a stop signal comes.
    func hold(_ child: ChildProcess) throws {
        while StopSignals.received == nil {
            try look(after: [child])
            _ = StopSignals.wait(milliseconds: 200)
        }
    }

    private func look(after children: [ChildProcess]) throws {
        if let signal = StopSignals.received { throw Interruption.signal(signal) }
        for child in children where child.poll() != nil { throw ended(child) }
    }

    func ended(_ child: ChildProcess) -> Interruption {
        failure("\(child.name) ended with \(child.poll()?.description ?? "its output closed")", of: child)
    }

    /// The reason, and the last lines that the child wrote to stderr.
    private func failure(_ reason: String, of child: ChildProcess) -> Interruption {
        let log = (try? String(contentsOfFile: path("\(child.name).log"), encoding: .utf8)) ?? ""
        let tail = log.split(separator: "\n").suffix(10).map { "\n  \($0)" }.joined()
        return .failure(reason + (tail.isEmpty ? "" : "; it said:" + tail))
    }
}
