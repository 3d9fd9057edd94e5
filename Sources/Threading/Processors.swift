import CScheduling

/// The processors of this machine.
package enum Processors {
    /// On how many of them the system may run the thread that asks; at least one.
    package static var allowed: Int { max(1, Int(tare_allowed_processors())) }
}
