/// Tells whether an object has a member already. A few names are looked for one by one, which is quickest; of very many, as
/// only an attacker sends them, that would take hours.
struct MemberNames {
    private static let fewMax = 32
    private var many: Set<String> = []

    /// - Parameter members: those before it.
    /// - Returns: whether it was there.
    mutating func add(_ name: String, to members: [JSON.Member]) -> Bool {
        guard members.count > Self.fewMax else { return members.contains { $0.name == name } }
        if many.isEmpty { many = Set(members.map(\.name)) }
        return !many.insert(name).inserted
    }

    /// Of members with one name the last.
    static func lastOfEach(_ members: [JSON.Member]) -> [JSON.Member] {
        var names: Set<String> = []
        return members.reversed().filter { names.insert($0.name).inserted }.reversed()
    }
}

extension JSON {
    /// An object of these members, of which the last counts where several have one name.
    package static func object(lastOfEach members: [Member]) -> JSON { .object(MemberNames.lastOfEach(members)) }
}
