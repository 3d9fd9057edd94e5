import CChecksum

/// The cyclic redundancy check of Castagnoli, which finds every damage of up to 32 bits in a row, and all but one in four
/// thousand million others. Source: RFC 3720, appendix B.4.
///
/// For what is written again and again, such as the state of some 200 kB with every training: SHA-256 would take longer
/// than all the rest of the writing.
package enum CRC32C {
    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.withContiguousStorageIfAvailable { unsafe checksum($0.span) } ?? checksum(Array(bytes).span)
    }

    package static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        guard hasInstruction else { return checksumByTables(bytes) }
        return ~(unsafe bytes.withUnsafeBufferPointer { unsafe tare_crc32c(~0, $0.baseAddress, $0.count) })
    }

    private static let hasInstruction = tare_has_crc32c() != 0

    /// For processors without the instruction, eight bytes at a time ("slicing by 8": M. E. Kounavis, F. L. Berry, *A
    /// systematic approach to building high performance software-based CRC generators*, 2005).
    static func checksumByTables(_ bytes: Span<UInt8>) -> UInt32 {
        let tables = tables.span
        var crc = ~UInt32(0)
        var place = 0
        while bytes.count - place >= 8 {
            let low = crc ^ word(bytes, place)
            let high = word(bytes, place + 4)
            crc =
                tables[7 << 8 | Int(low & 0xFF)] ^ tables[6 << 8 | Int(low >> 8 & 0xFF)]
                ^ tables[5 << 8 | Int(low >> 16 & 0xFF)] ^ tables[4 << 8 | Int(low >> 24)]
            crc ^=
                tables[3 << 8 | Int(high & 0xFF)] ^ tables[2 << 8 | Int(high >> 8 & 0xFF)]
                ^ tables[1 << 8 | Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
            place += 8
        }
        while place < bytes.count {
            crc = tables[Int((crc ^ UInt32(bytes[place])) & 0xFF)] ^ crc >> 8
            place += 1
        }
        return ~crc
    }

    /// Four bytes, the first of which counts least.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ place: Int) -> UInt32 {
        unsafe UInt32(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt32.self))
    }

    /// What each byte alone comes to, and what it does with 1 to 7 zero bytes behind it; the polynomial is 0x1EDC6F41, here
    /// with its lowest power first.
    private static let tables: [UInt32] = {
        var tables = (0..<256).map { byte in (0..<8).reduce(UInt32(byte)) { crc, _ in halved(crc) } }
        for _ in 1..<8 {
            let last = tables.suffix(256)
            tables += last.map { crc in tables[Int(crc & 0xFF)] ^ crc >> 8 }
        }
        return tables
    }()

    private static func halved(_ crc: UInt32) -> UInt32 { crc & 1 == 1 ? 0x82F6_3B78 ^ crc >> 1 : crc >> 1 }
}
