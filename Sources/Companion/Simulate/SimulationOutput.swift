/// Where what `tare simulate` tells goes to. Calls wait for room, and hear a stop signal meanwhile.
protocol SimulationOutput {
    associatedtype Item

    /// Takes it; it may stay here until `flush`.
    mutating func append(_ item: Item) throws -> OutputOutcome

    /// Waits until everything so far has arrived.
    mutating func flush() throws -> OutputOutcome
}

enum OutputOutcome: Equatable {
    case written
    /// The reader has gone, or a stop signal came: time to end in silence.
    case ended
}

extension PatientOutput: SimulationOutput {}
