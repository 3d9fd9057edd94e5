import Glibc

/// A process that this one started and will end: its output is read through a pipe, its complaints go to a file.
///
/// `posix_spawn` and not Foundation's `Process`, which leaves the parent's signal mask and ignored signals to the child,
/// cannot give it a process group of its own nor a lifeline, and reaps on a thread of its own. Here `waitpid` is called
/// by the owner alone, so there is no zombie once `stop` has returned.
@safe final class ChildProcess {
    enum Exit: Equatable, CustomStringConvertible {
        case status(CInt)
        case signal(CInt)

        var description: String {
            switch self {
            case .status(let number): "status \(number)"
            case .signal(let number): "signal \(number)"
            }
        }
    }

    let name: String
    /// The reading end of the child's stdout; it never blocks.
    let output: CInt
    private let pid: pid_t
    private(set) var exit: Exit?

    /// - Parameters:
    ///   - arguments: the first is the program's name for itself.
    ///   - lifeline: becomes the child's descriptor `Lifeline.descriptor`.
    ///   - errors: a file that the child's stderr is appended to.
    init(
        name: String, executable: String, arguments: [String], environment: [String], lifeline: Lifeline, errors: String
    ) throws(ChildProcessError) {
        let pipe = try CloseOnExecPipe()
        defer { close(pipe.writer) }
        _ = fcntl(pipe.reader, F_SETFL, O_NONBLOCK)
        self.name = name
        output = pipe.reader

        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, pipe.writer, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, lifeline.reader, Lifeline.descriptor)
        Self.isolate(&attributes)

        var pid: pid_t = 0
        let code = unsafe withCStrings(arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                unsafe posix_spawn(&pid, executable, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else {
            close(pipe.reader)
            throw ChildProcessError(name: name, errno: code)
        }
        self.pid = pid
    }

    deinit {
        stop()
        close(output)
    }

    /// A group of its own, so that the terminal's Ctrl-C reaches only the parent, which then ends its children in order;
    /// and every signal as a fresh process has it.
    private static func isolate(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(&attributes, CShort(flags))
    }
}

// MARK: - Ending

extension ChildProcess {
    /// How it ended, where it has.
    func poll() -> Exit? { wait(WNOHANG) }

    /// Asks it to end, and ends it where it has not after a while. Returns when it is gone.
    func stop(patienceMilliseconds: Int = 5000) {
        guard exit == nil else { return }
        kill(-pid, SIGTERM)
        let clock = ContinuousClock()
        let deadline = clock.now + .milliseconds(patienceMilliseconds)
        while poll() == nil, clock.now < deadline { usleep(10_000) }
        guard exit == nil else { return }
        kill(-pid, SIGKILL)
        _ = wait(0)
    }

    private func wait(_ options: CInt) -> Exit? {
        if let exit { return exit }
        var status: CInt = 0
        var result: pid_t
        repeat { result = unsafe waitpid(pid, &status, options) } while result < 0 && errno == EINTR
        guard result == pid else { return nil }
        // The layout of a status on Linux; the macros W... are not imported.
        let signal = status & 0x7F
        exit = signal == 0 ? .status((status >> 8) & 0xFF) : .signal(signal)
        return exit
    }
}

struct ChildProcessError: Error, Equatable, CustomStringConvertible {
    let name: String
    let errno: CInt

    var description: String {
        unsafe "\(name) cannot be started: \(strerror(errno).map { unsafe String(cString: $0) } ?? "errno \(errno)")"
    }
}

/// The texts as C's array of them, ended by a null, for the time of the call.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe body(&pointers)
}
