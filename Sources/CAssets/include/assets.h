// The bytes of assets.S for Swift, which does not import arrays of unknown size.
#pragma once

#include <stddef.h>

/// Bytes that are there as long as the program.
struct tare_asset {
    const unsigned char *_Nonnull bytes;
    size_t count;
};

#define TARE_ASSET(name)                                                \
    extern const unsigned char tare_##name[], tare_##name##_end[];      \
    static inline struct tare_asset tare_asset_##name(void) {           \
        struct tare_asset asset = {tare_##name, (size_t)(tare_##name##_end - tare_##name)}; \
        return asset;                                                   \
    }

TARE_ASSET(uplot_script)
TARE_ASSET(uplot_style)
TARE_ASSET(swagger_script)
TARE_ASSET(swagger_style)
TARE_ASSET(swagger_icon)
