package import Documents

/// How far back in event time a pipeline remembers: what a source must deliver anew to make the same state again.
package struct PipelineMemory: Sendable, Equatable {
    /// Records from this time on may still be joined; nil where none came.
    package var joinsFrom: Timestamp?
    /// The largest time of an evaluation, which says what windows are open; nil where there was none.
    package var evaluatedThrough: Timestamp?
    /// The largest time that is believed; nil where every time is, or none came.
    package var believedThrough: Timestamp?
    /// Whether events are held because their time is not believed.
    package var isHolding = false
    /// Whether too few events have come for any time to be believed: nothing of this is to be kept.
    package var isBeginning = false

    package init(joinsFrom: Timestamp?, evaluatedThrough: Timestamp?) {
        self.joinsFrom = joinsFrom
        self.evaluatedThrough = evaluatedThrough
    }
}
