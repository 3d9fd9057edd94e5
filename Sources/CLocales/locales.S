// The part of ICU's data that the program may need, as Scripts/trim-icu writes it and says why; Scripts/setup touches this file so
// that it is compiled anew. Where it is missing, Foundation's own is linked, which makes the binary 29 MB larger.
    .section .rodata
#if __has_include("locales.inc")
#include "locales.inc"
#endif
    .section .note.GNU-stack, "", %progbits
