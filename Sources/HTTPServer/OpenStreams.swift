import Glibc
import Threading

/// The streams that are open, and how many there may be.
final class OpenStreams: Sendable {
    private struct State {
        var streams: [ObjectIdentifier: HTTPStream] = [:]
        var isClosed = false
        var slow = RepeatedNotice()
    }

    private let state = Lock(State())
    private let max: Int
    private let statistics: HTTPStatistics

    init(max: Int, statistics: HTTPStatistics) {
        self.max = max
        self.statistics = statistics
    }

    /// - Returns: nil where no further stream may be opened.
    func open(on descriptor: Int32) -> HTTPStream? {
        let stream = HTTPStream(descriptor: descriptor, bytesMax: HTTPLimits.streamBytesMax) { [weak self] reason in
            self?.note(reason)
        }
        return state.withLock { state in
            guard !state.isClosed, state.streams.count < max else { return nil }
            state.streams[ObjectIdentifier(stream)] = stream
            return stream
        }
    }

    /// The library is done with it.
    func remove(_ stream: HTTPStream) {
        stream.detach()
        state.withLock { _ = $0.streams.removeValue(forKey: ObjectIdentifier(stream)) }
    }

    var all: [HTTPStream] { state.withLock { Array($0.streams.values) } }

    /// Ends all of them in order, and lets no other begin.
    func close() {
        let open = state.withLock { state in
            state.isClosed = true
            return Array(state.streams.values)
        }
        for stream in open { stream.finish() }
    }

    private func note(_ reason: HTTPStream.Break) {
        guard reason == .slow else { return }
        statistics.noteClose(.response)
        state.withLock { $0.slow.note() }
    }

    /// What is to be told of streams that were closed, now and then.
    func dueNotice(at now: ContinuousClock.Instant) -> String? {
        state.withLock { state in
            state.slow.due(at: now).map {
                "closed \($0.count) streams (\($0.total) since the start) whose clients did not read what was sent"
            }
        }
    }
}
