import Documents
import Yams

/// Why the contract's template cannot be filled.
struct ContractTemplateError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Fills the template of the contract, as the head of `contract.yaml` says.
struct ContractTemplate {
    /// By the names that stand behind `!made`; nil leaves the member or the element out.
    let values: [String: JSON?]
    /// By the names that stand in braces; nil leaves the member or the element out.
    let words: [String: String?]

    /// - Returns: nil where the node is to be left out.
    func filled(_ node: Node) throws -> JSON? {
        switch node {
        case .scalar(let scalar) where node.tag.description == "!made": try value(scalar.string)
        case .scalar(let scalar) where node.tag.description == "!words": try text(scalar.string).map { .string($0) }
        case .mapping(let mapping): .object(try mapping.flatMap { try members($0.key, $0.value) })
        case .sequence(let sequence): .array(try sequence.compactMap(filled))
        case .scalar, .alias: JSON(yaml: node)
        }
    }

    private func members(_ key: Node, _ node: Node) throws -> [JSON.Member] {
        if key.scalar?.string == "<<" { return try filled(node)?.members ?? [] }
        let name =
            if key.tag.description == "!words" { try text(key.scalar?.string ?? "") } else { key.scalar?.string }
        // The name is filled first: where a member has no name, its value need not be fillable.
        guard let name, let value = try filled(node) else { return [] }
        return [JSON.Member(name, value)]
    }

    private func value(_ name: String) throws -> JSON? {
        guard let value = values[name] else { throw ContractTemplateError("nothing makes '!made \(name)'") }
        return value
    }

    /// The text with its words in place of their names.
    private func text(_ text: String) throws -> String? {
        var parts = text.split(separator: "{", omittingEmptySubsequences: false)[...]
        var filled = String(parts.removeFirst())
        for part in parts {
            let halves = part.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, let word = words[String(halves[0])] else {
                throw ContractTemplateError("there is no word for '{\(halves[0])}'")
            }
            guard let word else { return nil }
            filled += word + halves[1]
        }
        while filled.last?.isWhitespace == true { filled.removeLast() }
        return filled
    }
}
