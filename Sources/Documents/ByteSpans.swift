extension Span<UInt8> {
    /// Nil where it is no UTF-8.
    package var text: String? {
        do { return String(copying: try UTF8Span(validating: self)) } catch { return nil }
    }

    /// Whether both are the same bytes. Some are compared at once, as names mostly have more than four.
    @inline(__always)
    package func isEqual(to other: Span<UInt8>) -> Bool {
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

    /// The next place of one of two bytes.
    func place(of one: UInt8, or other: UInt8, from start: Int) -> Int? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let (first, second) = (ones &* UInt64(one), ones &* UInt64(other))
        var place = start
        while place + 8 <= count {
            let here: UInt64 = word(place)
            let found = Self.zeros(here ^ first) | Self.zeros(here ^ second)
            if found != 0 { return place + UInt64(littleEndian: found).trailingZeroBitCount / 8 }
            place += 8
        }
        while place < count {
            if self[place] == one || self[place] == other { return place }
            place += 1
        }
        return nil
    }

    /// The next place where a byte stands before one of two others.
    package func place(of byte: UInt8, before one: UInt8, or other: UInt8, from start: Int) -> Int? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let (bytes, first, second) = (ones &* UInt64(byte), ones &* UInt64(one), ones &* UInt64(other))
        var place = start
        while place + 8 < count {
            let (here, next): (UInt64, UInt64) = (word(place), word(place + 1))
            // Few steps that may find too much: a byte above one that was found.
            if Self.mayBeZeros(here ^ bytes) & (Self.mayBeZeros(next ^ first) | Self.mayBeZeros(next ^ second)) != 0 {
                let found = Self.zeros(here ^ bytes) & (Self.zeros(next ^ first) | Self.zeros(next ^ second))
                if found != 0 { return place + UInt64(littleEndian: found).trailingZeroBitCount / 8 }
            }
            place += 8
        }
        while place + 1 < count {
            if self[place] == byte, self[place + 1] == one || self[place + 1] == other { return place }
            place += 1
        }
        return nil
    }

    /// The top bit of each byte that is zero.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 {
        let others: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        return ~(((word & others) &+ others) | word | others)
    }

    /// The same, and perhaps of bytes above one that is zero.
    @inline(__always)
    private static func mayBeZeros(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    @inline(__always)
    func word<Word: FixedWidthInteger & BitwiseCopyable>(_ place: Int) -> Word {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: Word.self)
    }
}

extension OutputSpan<UInt8> {
    /// - Precondition: there is room for them.
    @inline(__always) @inlinable package mutating func append(copying bytes: Span<UInt8>) {
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

    /// Its bytes, the lowest first.
    /// - Precondition: there is room for them.
    @inline(__always) @inlinable package mutating func append<Word: FixedWidthInteger & BitwiseCopyable>(word: Word) {
        let size = MemoryLayout<Word>.size
        precondition(size <= freeCapacity, "no room for the bytes")
        unsafe withUnsafeMutableBufferPointer { room, count in
            guard let start = room.baseAddress else { return }
            unsafe UnsafeMutableRawPointer(start + count).storeBytes(of: word.littleEndian, as: Word.self)
            count += size
        }
    }
}
