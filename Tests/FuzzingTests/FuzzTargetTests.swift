import SeededTesting
import Testing

@testable import Fuzzing

@Suite("What is fuzzed")
struct FuzzTargetTests {
    @Test("keeps its promise for the examples, and for many that differ from them a little", arguments: FuzzTarget.all)
    func promises(target: FuzzTarget) throws {
        var random = SeededGenerator(seed: 1)
        for seed in try target.seeds() {
            try target.check(seed)
            for _ in 0..<100 { try target.check(Mutation.changed(seed, words: target.words, using: &random)) }
        }
    }

    @Test("has a name of its own, and examples") func list() throws {
        #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count)
        for target in FuzzTarget.all { #expect(try !target.seeds().isEmpty) }
    }
}

extension FuzzTarget: CustomTestStringConvertible {
    public var testDescription: String { name }
}

/// Changes bytes as a fuzzer does, without looking at what comes of it.
private enum Mutation {
    static func changed(_ seed: [UInt8], words: [String], using random: inout SeededGenerator) -> [UInt8] {
        var bytes = seed
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, place + Int.random(in: 0...8, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.insert(contentsOf: words.randomElement(using: &random)?.utf8.map { $0 } ?? [0], at: place)
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
            default: if place < bytes.count { bytes[place] = UInt8.random(in: .min ... .max, using: &random) }
            }
        }
        return bytes
    }
}
