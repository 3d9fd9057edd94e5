import ModelService
import Streaming

/// A database that is asked until it answers: said once when that begins and once when it is over.
final class PatientDatabase {
    private let name: String
    private let clock: any StreamClock
    private let notices: any RunNotices
    private var backoff = Backoff()
    private var isAway = false

    init(name: String, clock: any StreamClock, notices: any RunNotices) {
        self.name = name
        self.clock = clock
        self.notices = notices
    }

    var isStopping: Bool { clock.isStopping }

    /// Asks once, and waits a while where the database is away.
    /// - Returns: nil where it is.
    /// - Throws: what asking again would not change.
    func ask<Answer>(_ question: () throws(StoreError) -> Answer) throws(StoreError) -> Answer? {
        do {
            let answer = try question()
            if isAway { notices.say("\(name) is back") }
            isAway = false
            backoff = Backoff()
            return answer
        } catch let error where error.kind == .unavailable {
            if !isAway { notices.say("waiting for \(name): \(error)") }
            isAway = true
            clock.wait(backoff.next(fraction: Double.random(in: 0...1)))
            return nil
        }
    }
}
