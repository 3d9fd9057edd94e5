/// Bounds of what documents may hold, for all who read them.
package enum DocumentLimits {
    /// The longest identifier of a subject that is accepted, in Unicode scalars.
    package static let identifierCharactersMax = 256

    /// When an event may have happened, in milliseconds: from 1970 to the end of the year 9999. Beyond it the sums of times
    /// and spans might not fit.
    package static let eventTimes: ClosedRange<Int64> = 0...253_402_300_799_999
}
