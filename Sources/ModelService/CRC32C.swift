/// The cyclic redundancy check of Castagnoli, which finds every damage of up to 32 bits in a row, and all but one in four
/// thousand million others. Source: RFC 3720, appendix B.4.
///
/// For what is written again and again, such as the state of some 200 kB with every training: SHA-256 would take longer
/// than all the rest of the writing.
package enum CRC32C {
    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { crc, byte in table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ crc >> 8 }
    }

    /// What each byte alone comes to; the polynomial is 0x1EDC6F41, here with its lowest power first.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0x82F6_3B78 ^ crc >> 1 : crc >> 1 }
    }
}
