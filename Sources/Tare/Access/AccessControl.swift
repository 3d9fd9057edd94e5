import Foundation
import HTTPServer
import ModelService
import Program
import Synchronization
import Threading

/// Lets requests in by their tokens. The tokens can be read anew while requests are served.
final class AccessControl: Sendable {
    private struct State {
        /// The last one is in use. Those before it are kept, as a request may still be looking at one: some kilobytes for
        /// each time that the file is read.
        var tables: [TokenTable]
        var failures: FailureLimiter<IPAddress>
        var wrongTokens = RepeatedNotice()
        var wrongRoles = RepeatedNotice()
    }

    private let path: String
    private let state: Lock<State>
    /// The table in use, unmanaged: to count a reference that all threads share costs each request more than the
    /// comparison of the tokens.
    private let current: Atomic<UInt>
    private let warn: @Sendable (String) -> Void

    /// - Parameters:
    ///   - path: of the file of tokens.
    ///   - wrongTokensMax: of one address within a minute.
    /// - Throws: `TokenFileProblem`.
    init(
        file path: String, wrongTokensMax: Int, warn: @escaping @Sendable (String) -> Void
    ) throws(TokenFileProblem) {
        self.path = path
        self.warn = warn
        let table = try Self.read(path, warn)
        current = Atomic(Self.address(of: table))
        state = Lock(State(tables: [table], failures: FailureLimiter(triesMax: wrongTokensMax)))
    }

    /// Which tokens there are, without their secrets.
    var summary: String {
        let tokens = state.withLock { $0.tables.last?.tokens ?? [] }
        return "\(tokens.count) tokens of \(path): "
            + tokens.map(\.description).joined(separator: ", ").shortened(to: 400)
    }

    /// Reads the file anew; where it is broken, the tokens of before stay.
    func reload() throws(TokenFileProblem) {
        let table = try Self.read(path, warn)
        state.withLock { $0.tables.append(table) }
        current.store(Self.address(of: table), ordering: .releasing)
    }

    private static func address(of table: TokenTable) -> UInt {
        UInt(bitPattern: unsafe Unmanaged.passUnretained(table).toOpaque())
    }

    private func withTable<Result>(_ body: (TokenTable) -> Result) -> Result {
        guard let pointer = unsafe UnsafeRawPointer(bitPattern: current.load(ordering: .acquiring)) else {
            preconditionFailure("a table is there from the start")
        }
        return unsafe Unmanaged<TokenTable>.fromOpaque(pointer)._withUnsafeGuaranteedRef(body)
    }

    /// The token that a request shows, for whoever names those who asked; nil where it shows none of these.
    func token(of request: HTTPRequest) -> AccessToken? {
        let header = request.headerBytes("authorization")
        guard case .secret(let secret) = Credentials(value: header.first, count: header.count) else { return nil }
        return withTable { table in table.index(of: secret.span).map { table.tokens[$0] } }
    }

    /// - Returns: the answer to a request that is not let in, and the name that it has in the log.
    func refusal(of request: HTTPRequest, needing role: Role) -> (id: String, answer: HTTPResponse)? {
        let header = request.headerBytes("authorization")
        let credentials = Credentials(value: header.first, count: header.count)
        let decision = withTable { table in
            AccessDecision(for: role, credentials, among: table) {
                state.withLock { $0.failures.wait(for: request.client.host, at: .now) }
            }
        }
        if decision == .allowed { return nil }
        let id = RequestID.given(in: request) ?? RequestID.made()
        var answer = RequestContext.$id.withValue(id) { refusal(decision, of: request, needing: role).response }
        answer.name(id)
        return (id, answer)
    }

    private func refusal(_ decision: AccessDecision, of request: HTTPRequest, needing role: Role) -> Problem {
        switch decision {
        case .allowed, .nobody: return AccessProblem.nobody(role)
        case .forbidden(let token):
            noteWrongRole(token, request)
            return AccessProblem.forbidden(token, role)
        case .wrongToken:
            noteWrongToken(request.client, isLookedAt: true)
            return AccessProblem.wrongToken
        case .limited(let wait):
            noteWrongToken(request.client, isLookedAt: false)
            return AccessProblem.limited(wait)
        }
    }

    private func noteWrongToken(_ client: IPAddress, isLookedAt: Bool) {
        let due = state.withLock { state in
            if isLookedAt { state.failures.note(client.host, at: .now) }
            state.wrongTokens.note()
            return state.wrongTokens.due(at: .now)
        }
        guard let due else { return }
        warn(
            "refused \(due.count) requests with a wrong token (\(due.total) since the start), the last from \(client)")
    }

    private func noteWrongRole(_ token: AccessToken, _ request: HTTPRequest) {
        let due = state.withLock { state in
            state.wrongRoles.note()
            return state.wrongRoles.due(at: .now)
        }
        guard let due else { return }
        warn(
            "refused \(due.count) requests whose token does not allow them (\(due.total) since the start), the last "
                + "\(request.method) \(request.path.shortened()) by \(token)")
    }
}

// MARK: - The file

extension AccessControl {
    private static func read(
        _ path: String, _ warn: @Sendable (String) -> Void
    ) throws(TokenFileProblem) -> TokenTable {
        let file = try SecretFile(reading: path, bytesMax: TokenFile.bytesMax)
        if file.isReadableByOthers { warn("\(path) can be read by every user of this machine: chmod 600 \(path)") }
        do throws(TokenFileProblem) {
            let table = try TokenFile.tokens(in: file.text)
            let short = table.tokens.filter(\.isShort).map(\.name)
            if !short.isEmpty {
                warn(
                    "tokens of \(path) that can be guessed, as they have fewer than \(AccessToken.longSecretBytes) "
                        + "characters: \(short.joined(separator: ", ").shortened(to: 200)); better: openssl rand -hex 16"
                )
            }
            return table
        } catch {
            throw TokenFileProblem("\(path): \(error)")
        }
    }
}

/// The answers to those who are not let in.
enum AccessProblem {
    static func nobody(_ role: Role) -> Problem {
        Problem(
            401,
            "this needs a token that may \(role.rawValue); accepted is Authorization: Bearer TOKEN, or Basic with the "
                + "token as password", headers: challenges(error: nil))
    }

    static let wrongToken = Problem(
        401,
        "the credentials are not accepted: a token of this server is, as Authorization: Bearer TOKEN, or as the "
            + "password of Basic", headers: challenges(error: "invalid_token"))

    static func forbidden(_ token: AccessToken, _ role: Role) -> Problem {
        Problem(403, "the token \(token.name) may \(token.role.rawValue); this needs one that may \(role.rawValue)")
    }

    static func limited(_ wait: Duration) -> Problem {
        let seconds = max(1, Int((wait / .seconds(1)).rounded(.up)))
        return Problem(
            429, "too many wrong tokens came from this address; the next is looked at in \(seconds) s",
            headers: [HTTPField("Retry-After", "\(seconds)")])
    }

    /// RFC 6750, 3 and RFC 7617, 2.
    private static func challenges(error: String?) -> [HTTPField] {
        let reason = error.map { ", error=\"\($0)\"" } ?? ""
        return [
            HTTPField("WWW-Authenticate", "Bearer realm=\"tare\"\(reason)"),
            HTTPField("WWW-Authenticate", "Basic realm=\"tare\", charset=\"UTF-8\""),
        ]
    }
}
