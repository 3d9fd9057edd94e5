package import Documents

/// How far back in event time a pipeline remembers: what a source must deliver anew to make the same state again.
package struct PipelineMemory: Sendable, Equatable {
    /// Records from this time on may still be joined; nil where none came.
    package var joinsFrom: Timestamp?
    /// The largest time of an evaluation, which says what windows are open; nil where there was none.
    package var evaluatedThrough: Timestamp?

    package init(joinsFrom: Timestamp?, evaluatedThrough: Timestamp?) {
        self.joinsFrom = joinsFrom
        self.evaluatedThrough = evaluatedThrough
    }
}
