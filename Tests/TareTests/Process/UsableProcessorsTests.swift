import Foundation
import Testing

@testable import Tare

@Suite("The processors that a process may use")
struct UsableProcessorsTests {
    @Test(
        "are those that it is allowed, and no more than its groups leave of them, a part counted as one",
        arguments: [
            (8, [], 8), (8, [2.5], 3), (8, [4, 1, 2], 1), (2, [16], 2), (8, [0.1], 1), (0, [], 1), (1, [1e300], 1),
        ] as [(Int, [Double], Int)])
    func count(allowed: Int, quotas: [Double], expected: Int) {
        #expect(UsableProcessors(allowed: allowed, quotas: quotas).count == expected)
    }

    @Test(
        "a group's quota is read as Linux writes it",
        arguments: [
            ("max 100000\n", nil), ("150000 100000\n", 1.5), ("50000 100000", 0.5), ("", nil), ("100000", nil),
            ("0 100000", nil), ("100000 0", nil), ("-1 100000", nil), ("1 2 3", nil), ("nan 1", nil),
        ] as [(String, Double?)])
    func quota(text: String, expected: Double?) {
        #expect(UsableProcessors.quota(text) == expected)
    }

    @Test(
        "the groups around a group count too",
        arguments: [
            ("0::/", ["/c"]),
            ("0::/system.slice/tare.service\n", ["/c", "/c/system.slice", "/c/system.slice/tare.service"]),
            ("3:cpuset:/a\n1:cpu:/b\n0::/d\n", ["/c", "/c/d"]), ("1:cpu:/b\n", []), ("", []),
        ])
    func folders(text: String, expected: [String]) {
        #expect(UsableProcessors.folders(text, root: "/c") == expected)
    }

    @Test("a server that is put on one processor says that it begins with one thread")
    func pinned() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
        process.arguments = ["-c", "0", TareProcess.path.path, "serve", "--help"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let help = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(help.contains("one for each processor that the process may use. (default: 1)"))
    }
}
