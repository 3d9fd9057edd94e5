import Glibc
import HTTPServer
import Logging

/// What stands before the routes of `tare serve`, and how it is read anew while the server runs.
struct Guards {
    /// Sees each request before its body; nil where everybody is let in, so that it costs nothing.
    let admit: (@Sendable (HTTPRequest) -> HTTPResponse?)?
    private let control: AccessControl?
    private let log: Logger

    /// - Throws: `TokenFileProblem`.
    init(_ options: AccessOptions, routes: Routes, _ log: Logger) throws {
        self.log = log
        guard let path = options.tokenFile else {
            control = nil
            admit = nil
            return
        }
        let control = try AccessControl(file: path, wrongTokensMax: options.wrongTokensMax) { log.warning("\($0)") }
        log.info("\(control.summary)")
        self.control = control
        _ = ReloadSignal.descriptor
        admit = { request in
            routes.role(for: request).flatMap { control.refusal(of: request, needing: $0) }
        }
    }

    /// Returns when the process is to end. SIGHUP does not mean that where there is something to be read anew.
    func waitForStop() {
        while StopSignals.received == nil {
            guard let control else {
                _ = StopSignals.wait(milliseconds: -1)
                continue
            }
            let reload = pollfd(fd: ReloadSignal.descriptor, events: CShort(POLLIN), revents: 0)
            _ = StopSignals.wait(for: [reload], milliseconds: -1)
            if ReloadSignal.take() { read(control) }
        }
    }

    private func read(_ control: AccessControl) {
        do throws(TokenFileProblem) {
            try control.reload()
            log.notice("read again: \(control.summary)")
        } catch {
            log.error("SIGHUP: the tokens of before stay: \(error)")
        }
    }
}
