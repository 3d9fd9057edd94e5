import CGnuTLS

/// SHA-256 (FIPS 180-4) of bytes in one piece or in several, by GnuTLS, which uses the processor's own instructions for it.
@safe package struct SHA256: ~Copyable {
    private let handle: gnutls_hash_hd_t

    package init() {
        var handle: gnutls_hash_hd_t?
        let code = unsafe gnutls_hash_init(&handle, GNUTLS_DIG_SHA256)
        // GnuTLS has it always; only memory can be missing.
        guard code == 0, let handle = unsafe handle else { preconditionFailure("SHA-256 cannot begin: error \(code)") }
        unsafe self.handle = handle
    }

    deinit { unsafe gnutls_hash_deinit(handle, nil) }

    /// The bytes of numbers as they lie in memory: little-endian on all processors that Tare runs on.
    package mutating func add<Element: BitwiseCopyable>(_ elements: [Element]) {
        unsafe elements.withUnsafeBytes { bytes in
            guard !elements.isEmpty, let start = bytes.baseAddress else { return }
            let code = unsafe gnutls_hash(handle, start, bytes.count)
            precondition(code == 0, "SHA-256 failed: error \(code)")
        }
    }

    /// 64 hexadecimal digits of all that was added.
    package consuming func hex() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe digest.withUnsafeMutableBytes { unsafe gnutls_hash_output(handle, $0.baseAddress) }
        return unsafe String(unsafeUninitializedCapacity: 64) { text in
            for place in 0..<64 {
                let digit = digest[place / 2] >> (place % 2 == 0 ? 4 : 0) & 15
                unsafe text[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 64
        }
    }

    /// Of bytes that are at hand in one piece.
    package static func hex(_ message: [UInt8]) -> String {
        var digest = SHA256()
        digest.add(message)
        return digest.hex()
    }
}
