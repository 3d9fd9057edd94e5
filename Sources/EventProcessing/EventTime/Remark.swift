package import Documents

/// Something about the stream that people should know at once.
package enum Remark: Sendable, Equatable {
    /// It is dated so far ahead of all others of its machine, in milliseconds, and waits until others confirm that time.
    /// Less than 0: behind the first ones, of which one must be wrong.
    case held(Event, ahead: Int64)
    /// So many that were held are played: others confirm that time has come so far.
    case confirmed(count: Int, through: Timestamp)
    /// Nothing is joined: outcomes come so much later than measurements of the same subjects, in milliseconds, by their
    /// machines' clocks.
    case clocksApart(Int64, within: Int64)
}

extension Remark: CustomStringConvertible {
    package var description: String {
        switch self {
        case .held(let event, let ahead):
            "held: \(event.kind) \(event.identifier) is dated \(event.time), \(Span.words(ahead)) "
                + (ahead < 0 ? "before those so far" : "ahead of all others")
                + "; it waits until others confirm that time"
        case .confirmed(let count, let time): "time has come to \(time): \(count) held events are confirmed and played"
        case .clocksApart(let offset, let within):
            "nothing is joined: outcomes are dated \(Span.words(offset)) \(offset < 0 ? "before" : "after") the "
                + "measurements of the same subjects, and \(Span.words(within)) may lie between them (--within); "
                + "set the machines' clocks"
        }
    }
}
