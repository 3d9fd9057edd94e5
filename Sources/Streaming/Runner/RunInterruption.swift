/// Why a run ends before its input.
package enum RunInterruption: Error, Equatable {
    case stopped
    case output(LineOutputError)
}
