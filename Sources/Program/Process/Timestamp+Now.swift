package import Documents
import Foundation

extension Timestamp {
    /// The machine's clock: the one place where it is read for the time of day.
    package static var now: Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }
}
