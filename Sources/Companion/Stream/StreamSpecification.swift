import ArgumentParser
import Documents
import EventProcessing
import ModelService
import Program
import Regression
import Specification
import Streaming

extension StreamCommand {
    /// What the events are about: of `--model` that of the file, else what the server says, so that nothing is said twice.
    ///
    /// Servers that do not know the question, as the original's, are of the worked example, and so is a run that asks no
    /// server. One that is away is waited for.
    func specification(notices: any RunNotices) throws -> ModelSpecification {
        if let model { return try ModelDirectory.read(file: model).specification }
        // Into a database rows are written without a server.
        let asksServer = source.isMongo ? roles.contains(.trigger) : roles.needModel
        guard source != .simulator, asksServer else { return .builtIn }
        let asked = CurlModelClient(
            server: access.server, specification: .builtIn, credentials: try access.credentials())
        let clock = SystemClock()
        var isAway = false
        var backoff = Backoff()
        while true {
            do throws(ModelClientError) {
                let document = try asked.specificationDocument()
                if isAway { notices.say("the model server is back") }
                return try read(document)
            } catch {
                switch error {
                case .refused(200, let reason): throw StreamFailure(description: reason)
                case .refused: return .builtIn
                case .unavailable(let reason):
                    if !isAway { notices.say("waiting for the model server: \(reason)") }
                    isAway = true
                }
            }
            clock.wait(backoff.next(fraction: .random(in: 0...1)))
            if clock.isStopping { throw ExitCode.success }
        }
    }

    private func read(_ document: JSON) throws(ModelClientError) -> ModelSpecification {
        do throws(ModelDocumentError) {
            return try ModelSpecification(document: document)
        } catch {
            throw .refused(status: 200, "GET /specification: \(error)")
        }
    }
}
