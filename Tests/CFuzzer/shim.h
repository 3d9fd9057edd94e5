#pragma once

#include <stddef.h>
#include <stdint.h>

// Of libFuzzer, which has no header of its own (compiler-rt, lib/fuzzer/FuzzerInterface.h).
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*check)(const uint8_t *bytes, size_t count));
