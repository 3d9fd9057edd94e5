/// Who may try again after wrong tokens: each address has some tries at once, and gets further ones at a steady pace. Of
/// an address nothing but one time is kept, and of a bounded number of addresses.
struct FailureLimiter<Address: Hashable> {
    /// Until one more wrong token is looked at.
    private let pause: Duration
    /// What the pauses of all tries but one add up to.
    private let allowance: Duration
    /// Addresses that are remembered. Beyond, those are forgotten whose pause is over soonest.
    static var addressesMax: Int { 4096 }

    /// When each address has all its tries again.
    private var paidOff: [Address: ContinuousClock.Instant] = [:]

    /// - Parameter triesMax: wrong tokens that are looked at at once, and within a minute.
    init(triesMax: Int) {
        pause = .seconds(60) / triesMax
        allowance = pause * (triesMax - 1)
    }

    var count: Int { paidOff.count }

    /// How long an address must wait until a token of its is looked at; nil where it need not.
    func wait(for address: Address, at now: ContinuousClock.Instant) -> Duration? {
        guard let paidOff = paidOff[address] else { return nil }
        let wait = paidOff - now - allowance
        return wait > .zero ? wait : nil
    }

    /// Takes note of a wrong token that was looked at.
    mutating func note(_ address: Address, at now: ContinuousClock.Instant) {
        let begin = paidOff[address].map { max($0, now) } ?? now
        if paidOff[address] == nil, paidOff.count >= Self.addressesMax { forget(at: now) }
        paidOff[address] = begin + pause
    }

    /// Makes room: for half of the addresses at once, as each look goes through all.
    private mutating func forget(at now: ContinuousClock.Instant) {
        paidOff = paidOff.filter { $0.value > now }
        guard paidOff.count >= Self.addressesMax else { return }
        let kept = paidOff.sorted { $0.value > $1.value }.prefix(Self.addressesMax / 2)
        paidOff = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
