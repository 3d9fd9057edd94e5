/// When the time of an event is believed.
package struct TimeRules: Sendable, Equatable {
    /// In milliseconds: how far ahead of all others of its machine an event may be dated and be believed at once.
    package var leap: Int64 = 300_000
    /// That time has come so far is confirmed by so many subjects.
    package var subjects = 3
    /// An event that is held is dated wrong where so many others have come since that are not.
    package var others = 100
    /// How many events of a machine are held; beyond it the oldest is taken for wrong.
    var heldMax = 1000

    package init() {}
}
