extension Span<UInt8> {
    /// Nil where it is no UTF-8.
    package var text: String? {
        do { return String(copying: try UTF8Span(validating: self)) } catch { return nil }
    }

    /// Whether both are the same bytes. Some are compared at once, as names mostly have more than four.
    @inline(__always)
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        if count >= 8 {
            for place in stride(from: 0, to: count - 8, by: 8) where word(place) as UInt64 != other.word(place) {
                return false
            }
            return word(count - 8) as UInt64 == other.word(count - 8)
        }
        if count >= 4 {
            return word(0) as UInt32 == other.word(0) && word(count - 4) as UInt32 == other.word(count - 4)
        }
        for place in indices where self[place] != other[place] { return false }
        return true
    }

    @inline(__always)
    func word<Word: FixedWidthInteger & BitwiseCopyable>(_ place: Int) -> Word {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: Word.self)
    }
}

extension OutputSpan<UInt8> {
    /// - Precondition: there is room for them.
    @inlinable package mutating func append(copying bytes: Span<UInt8>) {
        precondition(bytes.count <= freeCapacity, "no room for the bytes")
        unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let first = bytes.baseAddress else { return }
            unsafe withUnsafeMutableBufferPointer { room, count in
                guard let start = room.baseAddress else { return }
                unsafe (start + count).initialize(from: first, count: bytes.count)
                count += bytes.count
            }
        }
    }

    /// - Precondition: there is room for them.
    @inlinable package mutating func append(copying bytes: [UInt8]) { append(copying: bytes.span) }
}
