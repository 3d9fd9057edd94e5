/// A path with one segment left open, written as in `openapi.yaml`: `/models/{version}/activate`.
struct PathPattern {
    private let head: String
    private let tail: String

    /// Nil where no segment of the path is left open.
    init?(_ path: String) {
        guard let open = path.firstIndex(of: "{"), let end = path[open...].firstIndex(of: "}") else { return nil }
        head = String(path[..<open])
        tail = String(path[path.index(after: end)...])
    }

    /// What stands in the open segment; nil where the path is another one.
    func value(in path: String) -> String? {
        guard path.hasPrefix(head), path.hasSuffix(tail), path.utf8.count > head.utf8.count + tail.utf8.count else {
            return nil
        }
        let value = path.dropFirst(head.count).dropLast(tail.count)
        return value.contains("/") ? nil : String(value)
    }
}
