/// Long work of many small steps, of a thread that stands behind: after every so many of them others go first.
package struct Piecework {
    private let stepsMax: Int
    private var steps = 0

    package init(steps: Int) { stepsMax = steps }

    /// To be called after each step.
    package mutating func step() {
        steps += 1
        guard steps >= stepsMax else { return }
        steps = 0
        ThreadPriority.giveWay()
    }
}
