/* What put writes in one go is what it would write byte by byte. */
#include "wire/put.h"

#include <criterion/criterion.h>
#include <string.h>

enum { FIELD = 6, BYTES_MAX = 100 };

static size_t put_slowly(uint8_t *out, uint64_t value)
{
    size_t count = 0;
    for (; value >= 0x80; value >>= 7)
        out[count++] = (uint8_t)(value | 0x80);
    out[count++] = (uint8_t)value;
    return count;
}

static void same_moment(int64_t ms)
{
    uint8_t expected[1 + VARINT_MAX] = {FIELD << 3};
    uint8_t out[sizeof expected + 1];
    size_t bytes = ms == 0 ? 0 : 1 + put_slowly(expected + 1, (uint64_t)ms);
    memset(out, 0x55, sizeof out);
    cr_assert_eq((size_t)(put_moment(out, FIELD, ms) - out), bytes, "%lld", (long long)ms);
    cr_assert(memcmp(out, expected, bytes) == 0, "%lld", (long long)ms);
    cr_assert_eq(out[bytes], 0x55, "%lld: no byte more", (long long)ms);
}

Test(put, a_moment_of_any_size_is_a_number_like_any_other)
{
    for (int bit = 0; bit < 63; bit++)
        for (int64_t near = -2; near <= 2; near++)
            same_moment(((int64_t)1 << bit) + near);
    same_moment(INT64_MAX);
    same_moment(INT64_MIN);
    for (int64_t ms = 1, step = 1; ms < (int64_t)1 << 43; ms += step, step += step / 16 + 1)
        same_moment(ms);
}

Test(put, bytes_of_any_length_are_copied_and_no_more)
{
    uint8_t bytes[BYTES_MAX];
    uint8_t out[BYTES_MAX + 1];
    for (size_t i = 0; i < BYTES_MAX; i++)
        bytes[i] = (uint8_t)(i + 1);
    for (size_t count = 0; count <= BYTES_MAX; count++) {
        memset(out, 0, sizeof out);
        cr_assert_eq((size_t)(put_raw(out, span_of(bytes, count)) - out), count);
        cr_assert(memcmp(out, bytes, count) == 0, "%zu", count);
        cr_assert_eq(out[count], 0, "%zu", count);
    }
}
