import Foundation
import Testing
import Threading

@Suite("A thread of its own")
struct ThreadTests {
    @Test("bears its name, and has ended once it was joined")
    func name() throws {
        let name = Lock("")
        let thread = try #require(
            OwnThread("tare-named") {
                let text = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
                name.withLock { $0 = text ?? "" }
            })
        thread.join()
        #expect(name.withLock { $0 } == "tare-named\n")
    }

    @Test("may run on as many processors as Linux lists")
    func processors() throws {
        let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") })
        // Such as 0-3,8.
        let list = line.dropFirst("Cpus_allowed_list:".count).trimmingCharacters(in: .whitespaces)
        let count = list.split(separator: ",").reduce(0) { sum, part in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            return sum + ends[ends.count - 1] - ends[0] + 1
        }
        #expect(Processors.allowed == count)
    }
}
