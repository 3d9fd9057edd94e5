import Dispatch
import HTTPServer
import Testing
import Threading

@testable import Program
@testable import Tare

@Suite("The contract's files")
struct ContractFilesTests {
    private struct Responder: HTTPResponder {
        let waiting: CheckedContinuation<HTTPResponse, Never>

        func respond(_ response: HTTPResponse) { waiting.resume(returning: response) }
    }

    private static func answer(_ route: Routes.Route) async -> HTTPResponse? {
        switch route.handler(HTTPRequest(method: "GET", path: route.path)) {
        case .now(let response): return response
        case .stream: return nil
        case .later(let start):
            return await withCheckedContinuation { waiting in start(Responder(waiting: waiting)) }
        }
    }

    /// It takes as long as the rest of a server's start.
    @Test("the contract is made for the first who asks, and once")
    func madeOnce() async {
        let count = Lock(0)
        let files = ContractFiles(
            {
                count.withLock { $0 += 1 }
                return ContractFiles.Texts(yaml: [1], json: [2])
            }, policy: "")
        let routes = files.routes
        // What was begun beside the start would show by then.
        DispatchQueue.global().sync {}
        try? await Task.sleep(for: .milliseconds(50))
        #expect(count.withLock { $0 } == 0)
        for (route, body) in [(routes[0], [1]), (routes[1], [2]), (routes[0], [1])] as [(Routes.Route, [UInt8])] {
            let response = await Self.answer(route)
            #expect(response?.body == body)
        }
        #expect(count.withLock { $0 } == 1)
    }
}
