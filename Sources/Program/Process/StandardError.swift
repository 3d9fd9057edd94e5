import Glibc

package enum StandardError {
    @Sendable package static func say(_ text: String) { StandardStreams.say(text, on: STDERR_FILENO) }
}
