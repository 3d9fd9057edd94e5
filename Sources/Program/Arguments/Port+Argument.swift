import ArgumentParser

/// A port as it is typed after an option.
@Sendable package func readPort(_ text: String) throws -> UInt16 {
    guard let port = UInt16(text) else { throw ValidationError("accepted is a number from 0 to \(UInt16.max)") }
    return port
}
