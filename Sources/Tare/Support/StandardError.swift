import Foundation

enum StandardError {
    /// One call of `write`, so that the lines of several threads do not mix.
    @Sendable static func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
