#include "base/utf8.h"

/* Length of the well-formed character at the front, 0 where there is none (Unicode table 3-7). */
static size_t character(const uint8_t *at, size_t left, uint32_t *code)
{
    uint8_t lead = at[0];
    size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length == 0 || lead > 0xF4 || length > left)
        return 0;
    uint32_t value = length == 1 ? lead : lead & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3F);
    }
    static const uint32_t shortest[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < shortest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code = value;
    return length;
}

static bool is_control(uint32_t code)
{
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') ||
           (code >= 0x7F && code <= 0x9F);
}

/* Of three bytes, with a first that asks nothing particular of the second: all but E0 and ED.
 * Nearly all Chinese text is of these, and none of them is a control character. */
static bool is_plain_triple(const uint8_t *at)
{
    enum { SECOND_ASKED_FOR = 1 << 0x0 | 1 << 0xD };
    return (at[0] & 0xF0) == 0xE0 && (SECOND_ASKED_FOR >> (at[0] & 0x0F) & 1) == 0 &&
           (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80;
}

/* Five such, side by side, a lane a byte; the sixteenth is not looked at. */
typedef uint8_t lanes __attribute__((vector_size(16)));

enum { FIVE_BYTES = 15 };

#define FIVE(lead, follow, last)                                                                   \
    {                                                                                              \
        lead, follow, follow, lead, follow, follow, lead, follow, follow, lead, follow, follow,    \
            lead, follow, follow, last                                                             \
    }

static bool are_plain_triples(const uint8_t *at)
{
    const lanes shape = FIVE(0xF0, 0xC0, 0);
    const lanes right_shape = FIVE(0xE0, 0x80, 0);
    const lanes low_nibble_of_leads = FIVE(0x0F, 0, 0);
    const lanes asks_e0 = FIVE(0x00, 0xFF, 0xFF);
    const lanes asks_ed = FIVE(0x0D, 0xFF, 0xFF);
    lanes text;
    uint64_t wrong[2];
    memcpy(&text, at, sizeof text);
    lanes leads = text & low_nibble_of_leads;
    lanes found = (lanes)((text & shape) != right_shape) | (lanes)(leads == asks_e0) |
                  (lanes)(leads == asks_ed);
    memcpy(wrong, &found, sizeof wrong);
    return (wrong[0] | wrong[1]) == 0;
}

/* Eight bytes of ASCII without control characters. A borrow or carry comes only out of a byte that
 * is none of these, and that byte shows by itself. */
static bool is_plain_ascii(const uint8_t *at)
{
    const uint64_t ones = 0x0101010101010101;
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return ((word | (word - 0x20 * ones) | (word + ones)) & 0x80 * ones) == 0;
}

/* Each returns how far plain characters go from at. */
static size_t skip_triples(struct span span, size_t at)
{
    while (span.bytes - at >= sizeof(lanes) && are_plain_triples(span.data + at))
        at += FIVE_BYTES;
    while (span.bytes - at >= 3 && is_plain_triple(span.data + at))
        at += 3;
    return at;
}

static size_t skip_ascii(struct span span, size_t at)
{
    while (span.bytes - at >= 8 && is_plain_ascii(span.data + at))
        at += 8;
    while (at < span.bytes && (uint8_t)(span.data[at] - 0x20) < 0x7F - 0x20)
        at++;
    return at;
}

size_t utf8_check(struct span span)
{
    size_t at = 0;
    while (at < span.bytes) {
        size_t plain = span.data[at] < 0x80 ? skip_ascii(span, at) : skip_triples(span, at);
        if (plain > at) {
            at = plain;
            continue;
        }
        uint32_t code = 0;
        size_t length = character(span.data + at, span.bytes - at, &code);
        if (length == 0 || is_control(code))
            return at;
        at += length;
    }
    return at;
}

struct span utf8_clip(struct span span, size_t bytes_max)
{
    if (span.bytes <= bytes_max)
        return span;
    size_t length = bytes_max;
    while (length > 0 && (span.data[length] & 0xC0) == 0x80)
        length--;
    return span_of(span.data, length);
}

static bool is_wide(uint32_t code)
{
    return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
           (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
           (code >= 0xFFE0 && code <= 0xFFE6) || (code >= 0x1F300 && code <= 0x1FAFF) ||
           (code >= 0x20000 && code <= 0x3FFFD);
}

size_t utf8_columns(struct span span)
{
    size_t columns = 0;
    for (size_t at = 0; at < span.bytes;) {
        uint32_t code = 0;
        size_t length = character(span.data + at, span.bytes - at, &code);
        if (length == 0)
            length = 1;
        columns += is_wide(code) ? 2 : 1;
        at += length;
    }
    return columns;
}
