import Documents
import Foundation
import Testing

/// What rows that come fast cost the page and the server. `TARE_PAGE_SECONDS=60` plays them for so long, and the figures are
/// printed.
@Suite(
    "The page under load", .enabled(if: Browser.isInstalled, "chromium is not installed: Scripts/setup browser"),
    .timeLimit(.minutes(40)))
struct PageLoadTests {
    private static let seconds = ProcessInfo.processInfo.environment["TARE_PAGE_SECONDS"].flatMap { Int($0) } ?? 4
    private static let rowsPerSecond = 1000
    private static let rowsPerRequest = 100

    private struct Figures {
        let browserSeconds: Double
        let heapBytes: Int
        let serverSeconds: Double

        init(_ browser: Browser, _ server: LiveServer) throws {
            browserSeconds = try browser.busySeconds()
            heapBytes = try browser.heapBytes()
            let name = "process_cpu_seconds_total "
            let line = try server.get("/metrics").text.split(separator: "\n").first { $0.hasPrefix(name) }
            serverSeconds = line.flatMap { Double($0.dropFirst(name.count)) } ?? .nan
        }
    }

    @Test(
        "keeps up with 1,000 rows a second over 10,000 points: it stays live, shows the newest row, and does not grow")
    func thousandRowsASecond() throws {
        try withLiveFolder { folder in
            let server = try LiveServer(folder: folder)
            let browser = try Browser()
            try browser.resize(width: 1240, height: 1180)
            try browser.go(to: "http://127.0.0.1:\(server.port)/")
            try browser.wait(for: "window.tare?.connection === 'live'")
            try browser.value(
                of: """
                    document.querySelector("#count").value = "10000";
                    document.querySelector("#count").dispatchEvent(new Event("change"))
                    """)
            var sent = 0
            func send(_ count: Int, every pause: Duration) throws {
                let start = ContinuousClock.now
                for number in 0..<count / Self.rowsPerRequest {
                    let due = start + pause * number
                    while ContinuousClock.now < due { usleep(1000) }
                    try server.record((sent..<sent + Self.rowsPerRequest).map { PageStoryTests.row($0) })
                    sent += Self.rowsPerRequest
                }
                let last = 1_623_245_000_000 + (sent - 1) * 10
                try browser.wait(for: "tare.data[0].at(-1) * 1000 === \(last) && tare.connection === 'live'", within: 5)
            }
            try send(12_000, every: .zero)
            let before = try Figures(browser, server)
            try send(Self.seconds * Self.rowsPerSecond, every: .seconds(1) * Self.rowsPerRequest / Self.rowsPerSecond)
            let after = try Figures(browser, server)
            #expect(try browser.value(of: "tare.points.count") == 10_000)
            #expect(after.heapBytes < before.heapBytes + 8 << 20)
            #expect(browser.complaints.isEmpty)
            func share(_ figure: KeyPath<Figures, Double>) -> Int {
                Int((100 * (after[keyPath: figure] - before[keyPath: figure]) / Double(Self.seconds)).rounded())
            }
            print(
                "\(Self.seconds) s of \(Self.rowsPerSecond) rows a second: browser \(share(\.browserSeconds)) % of a core,"
                    + " heap \(before.heapBytes >> 10) kB before and \(after.heapBytes >> 10) kB after;"
                    + " server \(share(\.serverSeconds)) % of a core")
        }
    }
}
