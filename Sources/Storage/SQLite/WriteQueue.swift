import Dispatch
import Threading

/// Where writers meet: whoever comes first writes what has gathered, at once, and answers for all of it. A disk that syncs
/// 700 times a second then takes the rows of many writers each time.
///
/// No thread is of its own: the writer that leads hands over to the first that came meanwhile.
final class WriteQueue<Work: Sendable, Answer: Sendable>: Sendable {
    private final class Writer: Sendable {
        let work: Work
        let size: Int
        /// Raised once there is an answer, or once it is this writer that leads.
        let turn = DispatchSemaphore(value: 0)
        let answer = Lock<Answer?>(nil)

        init(_ work: Work, size: Int) {
            self.work = work
            self.size = size
        }
    }

    /// In the order in which they came. The first of them leads.
    private let writers = Lock<[Writer]>([])
    private let batchMax: Int
    private let write: @Sendable ([Work]) -> [Answer]

    /// - Parameters:
    ///   - batchMax: how large a batch of more than one piece of work may be, as the sum of their sizes.
    ///   - write: does the pieces of work, and answers each. It is never called twice at a time.
    init(batchMax: Int, write: @escaping @Sendable ([Work]) -> [Answer]) {
        self.batchMax = batchMax
        self.write = write
    }

    /// How many writers are here, the one that leads included.
    var count: Int { writers.withLock(\.count) }

    /// Blocks until the work is done.
    func answer(to work: Work, size: Int) -> Answer {
        let writer = Writer(work, size: size)
        let leads = writers.withLock { writers in
            writers.append(writer)
            return writers.count == 1
        }
        if !leads { writer.turn.wait() }
        if let answer = writer.answer.withLock({ $0 }) { return answer }
        return lead()
    }

    /// - Returns: the answer to the first writer, which is the one that calls.
    private func lead() -> Answer {
        let batch = writers.withLock { first(of: $0) }
        let answers = write(batch.map(\.work))
        precondition(answers.count == batch.count, "one answer for each piece of work")
        for (writer, answer) in zip(batch.dropFirst(), answers.dropFirst()) { writer.answer.withLock { $0 = answer } }
        let next = writers.withLock { writers in
            writers.removeFirst(batch.count)
            return writers.first
        }
        next?.turn.signal()
        for writer in batch.dropFirst() { writer.turn.signal() }
        return answers[0]
    }

    private func first(of writers: [Writer]) -> [Writer] {
        var size = 0
        let end = writers.firstIndex { writer in
            size += writer.size
            return size > batchMax
        }
        return Array(writers[..<max(1, end ?? writers.count)])
    }
}
