import Glibc

enum ASCII {
    /// The lower case of a letter; other bytes stay.
    static func lowercase(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    static func areEqualIgnoringCase(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
        left.elementsEqual(right) { lowercase($0) == lowercase($1) }
    }
}

extension UInt8 {
    var isHTTPWhiteSpace: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

extension Span<UInt8> {
    /// How many bytes there are up to the first of a kind, with it; nil where there is none.
    func count(through byte: UInt8) -> Int? {
        unsafe withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, let found = unsafe memchr(start, Int32(byte), bytes.count) else {
                return nil
            }
            return unsafe UnsafeRawPointer(found) - start + 1
        }
    }

    func isEqual(to word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        return unsafe withUnsafeBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe memcmp($0, word.utf8Start, word.utf8CodeUnitCount) == 0 } ?? true
        }
    }

    /// Without regard to case; `word` is in lower case.
    func isEqualIgnoringCase(to word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { letters in
            letters.indices.allSatisfy { unsafe ASCII.lowercase(self[$0]) == letters[$0] }
        }
    }

    /// Where a value stands without the spaces and tabs at both its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var range = range
        while let first = range.first, self[first].isHTTPWhiteSpace { range.removeFirst() }
        while let last = range.last, self[last].isHTTPWhiteSpace { range.removeLast() }
        return range
    }
}
