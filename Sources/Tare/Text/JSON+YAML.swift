import Documents
import Yams

extension JSON {
    /// Keeps the order of the members, which Yams' own conversion to dictionaries would lose.
    init(yaml node: Node) {
        switch node {
        case .mapping(let mapping):
            self = .object(mapping.map { JSON.Member($0.key.string ?? "", JSON(yaml: $0.value)) })
        case .sequence(let sequence): self = .array(sequence.map { JSON(yaml: $0) })
        case .scalar, .alias: self = Self.scalar(node)
        }
    }

    private static func scalar(_ node: Node) -> JSON {
        if node.tag.description == Tag.Name.str.rawValue { return .string(node.string ?? "") }
        if node.null != nil { return .null }
        if let flag = node.bool { return .bool(flag) }
        if let integer = node.int { return .integer(Int64(integer)) }
        if let number = node.float, number.isFinite { return .number(number) }
        return .string(node.string ?? "")
    }

    /// The same in YAML.
    var yaml: Node {
        switch self {
        case .object(let members):
            .mapping(Node.Mapping(members.map { (Self.node($0.name), $0.value.yaml) }))
        case .array(let elements): .sequence(Node.Sequence(elements.map(\.yaml)))
        case .string(let text): Self.node(text)
        case .null: Node("null", Tag(.null))
        case .integer, .number, .bool: Node(compact)
        }
    }

    /// Several lines as they are; in quotes what would be read as a number, a time or another value that is no text.
    private static func node(_ text: String) -> Node {
        if text.contains("\n") { return Node(text, Tag(.str), .literal) }
        let isPlain = Node(text).tag.description == Tag.Name.str.rawValue
        return Node(text, Tag(.str), isPlain ? .any : .doubleQuoted)
    }
}
