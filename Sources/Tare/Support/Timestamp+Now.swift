import Documents
import Foundation

extension Timestamp {
    /// The machine's clock: the one place where it is read for the time of day.
    static var now: Timestamp { Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))) }
}

extension Error {
    /// What went wrong with a file, in a sentence without the machinery around it.
    var plainText: String {
        guard let error = self as? CocoaError else { return "\(self)" }
        return switch error.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file or folder"
        case .fileReadNoPermission, .fileWriteNoPermission: "that is not permitted"
        case .fileWriteOutOfSpace: "the disk is full"
        default: error.localizedDescription
        }
    }
}
