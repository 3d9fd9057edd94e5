import Glibc

enum StandardError {
    @Sendable static func say(_ text: String) { StandardStreams.say(text, on: STDERR_FILENO) }
}
