/// Lengths of time in words.
enum Span {
    /// `2914000 days`, `1 h 0 min`, `5 min 3 s`, `12 s`, `250 ms`.
    /// - Parameter milliseconds: its sign does not matter.
    static func words(_ milliseconds: Int64) -> String {
        let magnitude = Int64(clamping: milliseconds.magnitude)
        let seconds = magnitude / 1000
        return switch seconds {
        case 172_800...: "\(seconds / 86_400) days"
        case 3600...: "\(seconds / 3600) h \(seconds / 60 % 60) min"
        case 60...: "\(seconds / 60) min \(seconds % 60) s"
        case 1...: "\(seconds) s"
        default: "\(magnitude) ms"
        }
    }
}
