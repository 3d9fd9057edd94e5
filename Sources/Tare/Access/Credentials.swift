import Foundation

/// What a request says of who asks, in its Authorization field.
enum Credentials: Equatable {
    case none
    /// A Bearer token, or the password of Basic, whose user name is not looked at: sinks want one to be given.
    case secret(ArraySlice<UInt8>)
    /// Another scheme, no form of the two, or more than one field.
    case unreadable

    /// - Parameters:
    ///   - value: of the first Authorization field.
    ///   - count: how many such fields there are.
    init(value: ArraySlice<UInt8>?, count: Int) {
        guard let value, count == 1 else {
            self = count == 0 ? .none : .unreadable
            return
        }
        let scheme = value.prefix { $0 != UInt8(ascii: " ") }
        let rest = value.dropFirst(scheme.count).drop { $0 == UInt8(ascii: " ") }
        guard !rest.isEmpty else {
            self = .unreadable
            return
        }
        if Self.isEqual(scheme, "bearer") {
            self = .secret(rest)
        } else if Self.isEqual(scheme, "basic"), let pair = Data(base64Encoded: Data(rest)),
            let colon = pair.firstIndex(of: UInt8(ascii: ":"))
        {
            self = .secret(Array(pair[(colon + 1)...])[...])
        } else {
            self = .unreadable
        }
    }

    /// - Parameter word: in lower case.
    private static func isEqual(_ scheme: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
        guard scheme.count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { letters in unsafe zip(scheme, letters).allSatisfy { $0 | 0x20 == $1 } }
    }
}
