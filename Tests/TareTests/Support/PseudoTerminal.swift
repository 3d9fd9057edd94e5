import Foundation
import Glibc

/// A terminal of the test's own, and a program of this build on it.
final class PseudoTerminal {
    private let master: CInt
    private let slave: CInt
    private let process = Process()
    private(set) var output = ""
    private let before: [UInt8]

    /// `TIOCSPTLCK` and `TIOCGPTN` of ioctl_tty(2), which Swift does not import.
    private static let (lockRequest, numberRequest): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

    /// - Parameter errors: where stderr goes; nil for the terminal.
    init(_ arguments: [String], columns: UInt16 = 100, rows: UInt16 = 30, errors: URL? = nil) throws {
        master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (lock, number): (CInt, CInt) = (0, 0)
        guard master >= 0, unsafe ioctl(master, Self.lockRequest, &lock) == 0,
            unsafe ioctl(master, Self.numberRequest, &number) == 0
        else { throw LiveServer.Failure(description: "no terminal: errno \(errno)") }
        let name = "/dev/pts/\(number)"
        slave = unsafe open(name, O_RDWR | O_NOCTTY)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = unsafe ioctl(slave, UInt(TIOCSWINSZ), &size)
        before = Self.modes(of: slave)
        let terminal = FileHandle(fileDescriptor: slave)
        process.executableURL = TareProcess.path
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging([
            "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "MONGOC_DISABLE_SHM": "1", "NO_COLOR": "", "COLUMNS": "",
        ]) { $1 }
        (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, terminal)
        if let errors { try Data().write(to: errors) }
        process.standardError = try errors.map { try FileHandle(forWritingTo: $0) } ?? terminal
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        close(slave)
        close(master)
    }

    private static func modes(of descriptor: CInt) -> [UInt8] {
        var modes = termios()
        unsafe tcgetattr(descriptor, &modes)
        return unsafe withUnsafeBytes(of: modes) { unsafe Array($0) }
    }

    /// Whether the terminal's modes are those from before the program.
    var isAsBefore: Bool { Self.modes(of: slave) == before }

    func send(_ signal: CInt) { kill(process.processIdentifier, signal) }

    /// Reads on until these words have come, or the program has ended.
    func shows(_ words: String, within seconds: Double = 30) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while !output.contains(words), Date() < deadline {
            let isOver = !process.isRunning
            if !read(), isOver { break }
        }
        return output.contains(words)
    }

    /// Gives the program a sixth of the time until these words have come, or it has ended: so short work takes long on any
    /// machine.
    func slow(until words: String) {
        let deadline = Date(timeIntervalSinceNow: 60)
        while process.isRunning, !output.contains(words), Date() < deadline {
            send(SIGSTOP)
            _ = read()
            send(SIGCONT)
            usleep(10_000)
        }
    }

    /// Reads until the program has ended, which is made to after a minute.
    /// - Returns: its status, or that of a shell for one that a signal ended.
    func finish() -> Int32 {
        let deadline = Date(timeIntervalSinceNow: 60)
        while process.isRunning {
            _ = read()
            if Date() > deadline { send(SIGKILL) }
        }
        while read() {}
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }

    /// - Returns: false where nothing came for a moment.
    private func read() -> Bool {
        var input = pollfd(fd: master, events: CShort(POLLIN), revents: 0)
        guard unsafe poll(&input, 1, 50) > 0 else { return false }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe Glibc.read(master, &bytes, bytes.count)
        guard count > 0 else { return false }
        output += String(decoding: bytes.prefix(count), as: UTF8.self)
        return true
    }
}
