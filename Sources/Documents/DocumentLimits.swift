/// Bounds of what documents may hold, for all who read them.
package enum DocumentLimits {
    /// The longest identifier of a subject that is accepted, in Unicode scalars.
    package static let identifierCharactersMax = 256

    /// The longest text that is read of a stored row, in bytes: room for an identifier of the longest characters.
    package static let storedTextBytesMax = 4 * identifierCharactersMax

    /// When an event may have happened, in milliseconds: from 1970 to the end of the year 9999. Beyond it the sums of times
    /// and spans might not fit.
    package static let eventTimes: ClosedRange<Int64> = 0...253_402_300_799_999
}
