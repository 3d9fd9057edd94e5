/// What a token allows. Each role includes those before it.
package enum Role: String, CaseIterable, Comparable {
    /// To predict, and to look at models and their coverage.
    case read
    /// To record observations, to train, and to say which model serves.
    case write

    package static func < (left: Role, right: Role) -> Bool { left == .read && right == .write }
}

/// A secret that lets whoever holds it in.
package struct AccessToken: Sendable, Equatable {
    package let role: Role
    /// Names the token in the log, where the secret must not stand.
    package let name: String
    package let secret: [UInt8]

    /// Bytes of a secret that can be had by random: 16 letters and digits are 95 bits, which nobody guesses.
    package static let longSecretBytes = 16

    /// Whether it could be guessed, given time and tries.
    package var isShort: Bool { secret.count < Self.longSecretBytes }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(name) (\(role.rawValue))" }
    package var debugDescription: String { description }
    /// So that no dump shows the secret.
    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

/// The tokens that are accepted.
package final class TokenTable: Sendable {
    package let tokens: [AccessToken]
    /// All secrets, one after the other, so that a look touches one array.
    private let secrets: [UInt8]
    /// Where each of them ends.
    private let ends: [Int]
    private let roles: [Role]
    private let shorts: [Bool]

    init(_ tokens: [AccessToken]) {
        self.tokens = tokens
        secrets = tokens.flatMap(\.secret)
        var end = 0
        ends = tokens.map { token in
            end += token.secret.count
            return end
        }
        roles = tokens.map(\.role)
        shorts = tokens.map(\.isShort)
    }

    package func role(at index: Int) -> Role { roles[index] }

    package func isShort(at index: Int) -> Bool { shorts[index] }

    /// The token with this secret, by its place. The time that it takes depends on the tokens alone, and not on how much
    /// of a secret was guessed.
    package func index(of secret: Span<UInt8>) -> Int? {
        guard secret.count > 0 else { return nil }
        return unsafe secrets.withUnsafeBufferPointer { all in
            var found: Int?
            var start = 0
            for index in ends.indices {
                let kept = unsafe UnsafeBufferPointer(rebasing: all[start..<ends[index]])
                if unsafe Self.areEqual(kept.span, secret) { found = index }
                start = ends[index]
            }
            return found
        }
    }

    /// Where the lengths differ, the kept secret is compared with itself, which takes as long.
    private static func areEqual(_ kept: Span<UInt8>, _ given: Span<UInt8>) -> Bool {
        let isAsLong = kept.count == given.count
        let other = isAsLong ? given : kept
        var difference: UInt8 = isAsLong ? 0 : 1
        for index in kept.indices { difference |= kept[index] ^ other[index] }
        return difference == 0
    }
}
