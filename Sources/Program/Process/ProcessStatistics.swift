import Foundation
import Glibc

/// What the system knows of this process.
package struct ProcessStatistics: Equatable {
    let cpuSeconds: Double
    let residentBytes: Int
    let virtualBytes: Int
    /// Seconds since 1970.
    let startTime: Double
    let openDescriptors: Int
    let descriptorsMax: Int

    /// - Parameters:
    ///   - stat: `/proc/self/stat`, as proc(5) has it.
    ///   - systemStat: `/proc/stat`.
    /// - Returns: nil where they are not of that form.
    init?(
        stat: String, systemStat: String, ticksPerSecond: Int, pageBytes: Int, openDescriptors: Int,
        descriptorsMax: Int
    ) {
        // The program's name stands in parentheses, and may hold any.
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ").map { Int($0) }
        let boot = systemStat.split(separator: "\n").first { $0.hasPrefix("btime ") }
        // Counted from 1, the first behind the name is field 3.
        guard fields.count > 21, let user = fields[11], let system = fields[12], let start = fields[19],
            let virtual = fields[20], let pages = fields[21], let boot = boot.flatMap({ Double($0.dropFirst(6)) })
        else { return nil }
        cpuSeconds = Double(user + system) / Double(ticksPerSecond)
        residentBytes = pages * pageBytes
        virtualBytes = virtual
        startTime = boot + Double(start) / Double(ticksPerSecond)
        self.openDescriptors = openDescriptors
        self.descriptorsMax = descriptorsMax
    }

    /// Nil where the system does not tell.
    package static var now: ProcessStatistics? {
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let systemStat = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        else { return nil }
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return ProcessStatistics(
            stat: stat, systemStat: systemStat, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)),
            pageBytes: sysconf(Int32(_SC_PAGESIZE)), openDescriptors: descriptors.count,
            descriptorsMax: Int(clamping: limit.rlim_cur))
    }
}
