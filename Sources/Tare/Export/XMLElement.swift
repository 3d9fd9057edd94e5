/// An element of an XML document.
struct XMLElement {
    let name: String
    let attributes: [(name: String, value: String)]
    let children: [XMLElement]
    let content: String?

    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [XMLElement] = []) {
        self.name = name
        self.attributes = attributes.map { ($0.key, $0.value) }
        self.children = children
        content = nil
    }

    init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], content: String) {
        self.name = name
        self.attributes = attributes.map { ($0.key, $0.value) }
        children = []
        self.content = content
    }

    /// As a document, an element a line.
    var document: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text(indentation: 0) }

    private func text(indentation: Int) -> String {
        let space = String(repeating: " ", count: indentation)
        let head = space + "<" + name + attributes.map { " \($0.name)=\"\(Self.escaped($0.value))\"" }.joined()
        if let content { return "\(head)>\(Self.escaped(content))</\(name)>\n" }
        guard !children.isEmpty else { return "\(head)/>\n" }
        return "\(head)>\n" + children.map { $0.text(indentation: indentation + 1) }.joined() + "\(space)</\(name)>\n"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
