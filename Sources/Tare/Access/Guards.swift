import Documents
import Foundation
import Glibc
import HTTPServer
import Logging
import Program

/// What stands before the routes of `tare serve`, and how it is read anew while the server runs.
struct Guards {
    /// Sees each request before its body; nil where everybody is let in, so that it costs nothing.
    let admit: (@Sendable (HTTPRequest) -> HTTPResponse?)?
    /// Makes the answer to what the server refuses before a route sees it.
    let refuse: @Sendable (HTTPRefusal, HTTPRequest?) -> HTTPResponse
    /// Nil for plain HTTP.
    let tls: TLSCredentials?
    private let control: AccessControl?
    private let files: TLSFiles?
    private let log: Logger

    /// - Parameters:
    ///   - control: nil where everybody is let in.
    ///   - access: nil where it is switched off.
    init(
        _ options: AccessOptions, _ control: AccessControl?, routes: Routes, _ access: AccessLog?, _ log: Logger
    ) throws(TLSProblem) {
        self.log = log
        self.control = control
        files = options.tlsFiles
        tls = try files.map { files throws(TLSProblem) in try Self.credentials(files, log) }
        admit = control.map { control in
            log.info("\(control.summary)")
            return { request in
                routes.role(for: request).flatMap { role in
                    control.refusal(of: request, needing: role).map { id, response in
                        access?.noteRefusal(of: request, route: routes.path(for: request), response, id: id)
                        return response
                    }
                }
            }
        }
        refuse = { refusal, request in
            let id = request.flatMap(RequestID.given) ?? RequestID.made()
            var response = Problem(refusal.status, refusal.detail).response
            response.name(id)
            log.debug(
                "refused",
                metadata: [
                    "status": .stringConvertible(refusal.status), "reason": "\(refusal.detail)",
                    "\(LineLogHandler.requestField)": "\(id)",
                ])
            access?.noteRefusal(of: request, route: request.flatMap(routes.path), response, id: id)
            return response
        }
        if hasFiles { _ = ReloadSignal.descriptor }
    }

    /// Whether there is something that can be read anew.
    private var hasFiles: Bool { control != nil || files != nil }

    /// Returns when the process is to end. SIGHUP does not mean that where there is something to be read anew.
    func waitForStop(of server: HTTPServer) {
        while StopSignals.received == nil {
            guard hasFiles else {
                _ = StopSignals.wait(milliseconds: -1)
                continue
            }
            let reload = pollfd(fd: ReloadSignal.descriptor, events: CShort(POLLIN), revents: 0)
            _ = StopSignals.wait(for: [reload], milliseconds: -1)
            if ReloadSignal.take() { readAgain(for: server) }
        }
    }

    private func readAgain(for server: HTTPServer) {
        do throws(TokenFileProblem) {
            try control?.reload()
            if let control { log.notice("SIGHUP: read again: \(control.summary)") }
        } catch {
            log.error("SIGHUP: the tokens of before stay: \(error)")
        }
        guard let files else { return }
        do throws(TLSProblem) {
            server.renew(try Self.credentials(files, log))
            log.notice("SIGHUP: new connections get the certificate that \(files.certificate) holds now")
        } catch {
            log.error("SIGHUP: the certificate of before stays: \(error)")
        }
    }

    /// A certificate that is over, or soon will be, is used all the same: who renews it is told.
    private static let secondsBeforeExpiry = 14 * 86_400

    private static func credentials(_ files: TLSFiles, _ log: Logger) throws(TLSProblem) -> TLSCredentials {
        let credentials = try TLSCredentials(files)
        if let expiry = credentials.expiry, Double(expiry - secondsBeforeExpiry) < Date().timeIntervalSince1970 {
            let end = Timestamp(milliseconds: Int64(expiry) * 1000)
            log.warning("the certificate of \(files.certificate) is good until \(end) only")
        }
        return credentials
    }
}
