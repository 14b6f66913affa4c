/* fuzz - what libFuzzer calls in each program of this directory.
 *
 * Bytes of its choice go through a reader that must cope with any; a CHECK, or a sanitizer, says
 * where it does not. tests/fuzz/corpus/NAME is what it begins with.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Once, before the first input. 0: go on. */
int LLVMFuzzerInitialize(int *count, char ***arguments);

/* 0: the input may join the corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

#endif
