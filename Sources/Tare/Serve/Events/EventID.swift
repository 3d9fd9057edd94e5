/// What names an event: the run of the server, and the number of the event in it. It is written `RUN-NUMBER`.
struct EventID: Equatable, CustomStringConvertible {
    let run: String
    let number: Int

    init(run: String, number: Int) {
        self.run = run
        self.number = number
    }

    /// Nil for what no server wrote.
    init?(_ text: String) {
        let halves = text.split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count == 2, (1...20).contains(halves[0].count),
            halves[0].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }),
            let number = Int(halves[1]), number >= 0
        else { return nil }
        self.init(run: String(halves[0]), number: number)
    }

    var description: String { "\(run)-\(number)" }
}
