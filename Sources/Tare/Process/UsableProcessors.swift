import Foundation
import Threading

/// How many processors this process may use at a time. A thread more than that answers nobody sooner: the threads only wait
/// for one another, for a millisecond and more each time.
struct UsableProcessors: Sendable {
    /// Those that the scheduler may put a thread on (`taskset`, `CPUAffinity=`).
    let allowed: Int
    /// What groups of processes that this one is in leave of them, each in processors; none where they limit nothing.
    let quotas: [Double]

    /// At least one. A part of a processor counts as one.
    var count: Int {
        max(1, Int(quotas.reduce(Double(allowed)) { min($0, $1.rounded(.up)) }))
    }

    /// What `cpu.max` of a control group says (Linux's version 2; `CPUQuota=` of systemd, `--cpus` of Docker): so many
    /// microseconds in each so many. Nil where it limits nothing.
    static func quota(_ text: String) -> Double? {
        let numbers = text.split(whereSeparator: \.isWhitespace).map { Double($0) }
        guard numbers.count == 2, let time = numbers[0], let period = numbers[1], time > 0, period > 0 else {
            return nil
        }
        return time / period
    }

    /// The folders of a group and those around it, from a line `0::/system.slice/tare.service` of `/proc/self/cgroup`.
    static func folders(_ text: String, root: String = "/sys/fs/cgroup") -> [String] {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else { return [] }
        let names = line.dropFirst("0::/".count).split(separator: "/")
        return (0...names.count).map { count in names.prefix(count).reduce(root) { $0 + "/" + $1 } }
    }
}

extension UsableProcessors {
    /// Of this process, at the start.
    static let ofProcess = UsableProcessors(
        allowed: Processors.allowed,
        quotas: folders(text(of: "/proc/self/cgroup") ?? "").compactMap { text(of: $0 + "/cpu.max").flatMap(quota) })

    private static func text(of path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}
