import ArgumentParser
package import Documents

/// A time as it is typed after an option.
@Sendable package func readTimestamp(_ text: String) throws -> Timestamp {
    guard let time = Timestamp(text) else {
        throw ValidationError("'\(text)' is not a time; accepted is ISO 8601, such as 2021-06-09T06:20:00Z")
    }
    return time
}
