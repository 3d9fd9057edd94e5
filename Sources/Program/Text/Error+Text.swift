import Foundation

extension Error {
    /// What went wrong with a file, in a sentence without the machinery around it.
    package var plainText: String {
        guard let error = self as? CocoaError else { return "\(self)" }
        return switch error.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file or folder"
        case .fileReadUnknown: "it is a folder, or no file that can be read"
        case .fileReadNoPermission, .fileWriteNoPermission: "that is not permitted"
        case .fileWriteOutOfSpace: "the disk is full"
        default: error.localizedDescription
        }
    }
}
