// The processor's instruction for CRC-32C, which Swift has no name for. What Tare is built for lacks it, so the processor is
// asked first.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)

static inline int tare_has_crc32c(void) { return __builtin_cpu_supports("sse4.2") != 0; }

/// The remainder `crc` carried on over some bytes. Only where `tare_has_crc32c` says so.
__attribute__((target("sse4.2"))) static inline uint32_t tare_crc32c(uint32_t crc, const uint8_t *bytes, size_t count) {
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        crc = (uint32_t)__builtin_ia32_crc32di(crc, word);
    }
    for (; count > 0; bytes++, count--) crc = __builtin_ia32_crc32qi(crc, *bytes);
    return crc;
}

#else

static inline int tare_has_crc32c(void) { return 0; }

static inline uint32_t tare_crc32c(uint32_t crc, const uint8_t *bytes, size_t count) { return crc; }

#endif
