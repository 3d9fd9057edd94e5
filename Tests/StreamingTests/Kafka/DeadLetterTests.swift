import EventTesting
import Testing

@testable import EventProcessing
@testable import Streaming

@Suite("Dead letters")
struct DeadLetterTests {
    private func letter(key: Int, value: Int) -> Record {
        Record(
            topic: "dead", time: 5, key: Array(repeating: 1, count: key), value: Array(repeating: 2, count: value),
            headers: [Record.Header("reason", "not JSON")])
    }

    @Test("one that is too large loses its value first, then its key, and says how long it was")
    func cut() throws {
        var sizes: [[Int]] = []
        var next: Record? = letter(key: 3, value: 9)
        while let current = next {
            sizes.append([current.key?.count ?? 0, current.value?.count ?? 0])
            #expect(current.headers.first?.value == "not JSON")
            if sizes.count > 1 {
                #expect(current.headers.count == 2)
                #expect(current.headers.last == Record.Header("cut-from-bytes", "12"))
            }
            next = DeadLetter.cut(current)
        }
        #expect(sizes == [[3, 9], [3, 4], [3, 2], [3, 1], [3, 0], [1, 0], [0, 0]])
    }
}
