import EventProcessing

/// A stage says what it has to say under its role's name, and shows no progress: its input has no end.
final class StageNotices: RunNotices {
    private let role: Roles
    private let write: StageConnections.Say

    init(_ role: Roles, _ write: @escaping StageConnections.Say) {
        self.role = role
        self.write = write
    }

    func say(_ text: String, about request: String?) { write("\(role): \(text)", request) }

    func show(_ progress: RunProgress) {}
}
