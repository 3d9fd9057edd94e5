/// A path with segments left open, written as in `openapi.yaml`: `/models/{version}/activate`.
struct PathPattern {
    private enum Segment: Equatable {
        case fixed(Substring)
        case open
    }

    private let segments: [Segment]

    /// Nil where no segment of the path is left open.
    init?(_ path: String) {
        segments = Self.segments(of: path).map { $0.hasPrefix("{") && $0.hasSuffix("}") ? .open : .fixed($0) }
        guard segments.contains(.open) else { return nil }
    }

    /// What stands in the open segments, in their order; nil where the path is another one.
    func values(in path: String) -> [String]? {
        let given = Self.segments(of: path)
        guard given.count == segments.count else { return nil }
        var values: [String] = []
        for (segment, text) in zip(segments, given) {
            switch segment {
            case .fixed(text): continue
            case .open where !text.isEmpty: values.append(String(text))
            default: return nil
            }
        }
        return values
    }

    private static func segments(of path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }
}
