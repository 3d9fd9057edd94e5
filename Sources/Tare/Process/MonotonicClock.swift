import Glibc

/// The clock by which requests are timed: `ContinuousClock` costs more, and every request pays.
enum MonotonicClock {
    /// Since some time in the past.
    static var nanoseconds: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
