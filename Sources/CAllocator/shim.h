// The settings of glibc's allocator for Swift, which does not import malloc.h.
#pragma once

#include <limits.h>
#include <malloc.h>

/// Blocks of so many bytes and more are of pages of their own, which go back to the system when they are freed. Set by hand
/// it stays as it is: else each large block that is freed raises it, and later ones leave holes that stay.
static inline void tare_give_back_blocks_from(int bytes) {
    mallopt(M_MMAP_THRESHOLD, bytes);
    mallopt(M_TRIM_THRESHOLD, 16 * bytes);
}

/// Large blocks that are freed stay for those that come, up to 32 MB each, the most that glibc takes: for a program that soon
/// ends. Each page that the system gives has to be cleared first.
static inline void tare_keep_blocks(void) {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

/// Gives the system what is free in all heaps.
static inline void tare_give_back(void) {
    malloc_trim(0);
}
