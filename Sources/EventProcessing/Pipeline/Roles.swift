/// The parts that a process plays. Each can be on alone, in the place of one part of the original pipeline.
package struct Roles: OptionSet, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Asks the model for each measurement: the original's Streams client.
    package static let predict = Roles(rawValue: 1)
    /// Joins predictions with the truth: ksqlDB's stream.
    package static let join = Roles(rawValue: 2)
    /// Gathers the errors and finds drift: ksqlDB's table.
    package static let window = Roles(rawValue: 4)
    /// Stores joined rows for training: the MongoDB sink.
    package static let record = Roles(rawValue: 8)
    /// Asks for a training: the HTTP sink.
    package static let trigger = Roles(rawValue: 16)

    package static let all: Roles = [.predict, .join, .window, .record, .trigger]

    package static let names: [(name: String, role: Roles)] = [
        ("predict", .predict), ("join", .join), ("window", .window), ("record", .record), ("trigger", .trigger),
    ]

    /// Whether the model server is needed.
    package var needModel: Bool { !isDisjoint(with: [.predict, .record, .trigger]) }
}

extension Roles: CustomStringConvertible {
    package var description: String {
        Self.names.filter { contains($0.role) }.map(\.name).joined(separator: ",")
    }
}
