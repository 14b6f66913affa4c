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

/* -- plain text ---------------------------------------------------------------------------------
 *
 * Nearly all text is plain: ASCII without control characters but for the line feed, and characters
 * of three bytes whose first asks nothing particular of the second, which is each but E0 and ED.
 * Long text is looked at sixteen bytes at a time, a lane a byte, wherever its characters begin;
 * what is not plain is looked at again, character by character.
 */

typedef int8_t lanes __attribute__((vector_size(16)));
typedef uint8_t wrapping_lanes __attribute__((vector_size(16)));

enum { LANES = sizeof(lanes) };

static inline lanes load(const uint8_t *at)
{
    lanes text;
    memcpy(&text, at, sizeof text);
    return text;
}

/* As signed numbers bytes that continue a character are the lowest, from -128 on; what begins one
 * is below 0 too, and ASCII is not. */
enum { AFTER_CONTINUING = -64, E0 = 0xE0 - 256, ED = 0xED - 256, F0 = 0xF0 - 256, DEL = 0x7F };

/* E1 to EF, with E1 brought down to -128. */
static inline lanes begin_three(lanes text)
{
    lanes from_e1 = (lanes)((wrapping_lanes)text - (uint8_t)(E0 + 1 + 128));
    return (lanes)(from_e1 < (int8_t)(F0 - E0 - 1 - 128));
}

/* The highest bit of each lane: set where a byte from C0 on stands. */
static inline lanes begin_any(lanes text)
{
    return text & (lanes)((wrapping_lanes)text + (wrapping_lanes)text);
}

/* The highest bit of each lane: set where a byte is not plain, or continues a character and should
 * not, or should and does not; given the bytes before each, and those before these. What is below
 * the space is wrong but for what is taken out again, each once; DEL is above it, and put in. */
static inline lanes are_wrong(lanes text, lanes before, lanes before_that)
{
    lanes continue_one = (lanes)(text < AFTER_CONTINUING);
    lanes are_none = (lanes)(text < ' ') ^ continue_one ^ begin_three(text) ^ (lanes)(text == ED) ^
                     (lanes)(text == '\n') ^ (lanes)(text == DEL);
    return are_none | (continue_one ^ (begin_any(before) | begin_any(before_that)));
}

static inline bool is_any(lanes wrong)
{
    uint64_t halves[2];
    memcpy(halves, &wrong, sizeof halves);
    return ((halves[0] | halves[1]) & 0x8080808080808080) != 0;
}

/* The first of a run: before it no character is left open. */
static inline bool is_plain_first(const uint8_t *at)
{
    lanes text = load(at);
    lanes none = {0};
    lanes before = __builtin_shufflevector(none, text, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
                                           26, 27, 28, 29, 30);
    lanes before_that = __builtin_shufflevector(none, text, 0, 0, 16, 17, 18, 19, 20, 21, 22, 23,
                                                24, 25, 26, 27, 28, 29);
    return !is_any(are_wrong(text, before, before_that));
}

static inline bool is_plain_next(const uint8_t *at)
{
    return !is_any(are_wrong(load(at), load(at - 1), load(at - 2)));
}

/* Each returns how far plain characters go from at, as far as it looks. */
static inline size_t skip_lanes(struct span span, size_t at)
{
    const uint8_t *next = span.data + at;
    const uint8_t *limit = span.data + span.bytes;
    if (span.bytes - at < LANES || !is_plain_first(next))
        return at;
    const uint8_t *last = limit - LANES;
    do
        next += LANES;
    while (next <= last && is_plain_next(next));
    if (next > last && next < limit && last >= span.data + 2 && is_plain_next(last))
        next = limit;
    next -= next[-1] >= 0xE0 ? 1 : next[-2] >= 0xE0 ? 2 : 0;
    return (size_t)(next - span.data);
}

static bool is_plain_triple(const uint8_t *at)
{
    enum { SECOND_ASKED_FOR = 1 << 0x0 | 1 << 0xD };
    return (at[0] & 0xF0) == 0xE0 && (SECOND_ASKED_FOR >> (at[0] & 0x0F) & 1) == 0 &&
           (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80;
}

static size_t skip_triples(struct span span, size_t at)
{
    while (span.bytes - at >= 3 && is_plain_triple(span.data + at))
        at += 3;
    return at;
}

static size_t skip_ascii(struct span span, size_t at)
{
    while (at < span.bytes && (uint8_t)(span.data[at] - 0x20) < 0x7F - 0x20)
        at++;
    return at;
}

static size_t check_by_lanes(struct span span)
{
    size_t at = 0;
    while (at < span.bytes) {
        size_t plain = skip_lanes(span, at);
        plain = skip_triples(span, skip_ascii(span, plain));
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

/* Eight bytes of ASCII without control characters. A borrow or carry comes only out of a byte that
 * is none of these, and that byte shows by itself. */
static inline bool is_plain_ascii(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101;
    return ((word | (word - 0x20 * ones) | (word + ones)) & 0x80 * ones) == 0;
}

/* The first and the last four bytes, or eight, are all there are: codes, numbers and the like. */
static inline bool is_short_ascii(struct span span)
{
    const uint8_t *limit = span.data + span.bytes;
    if (span.bytes >= 4 && span.bytes <= 8) {
        uint32_t ends[2];
        memcpy(&ends[0], span.data, sizeof ends[0]);
        memcpy(&ends[1], limit - sizeof ends[1], sizeof ends[1]);
        return is_plain_ascii((uint64_t)ends[1] << 32 | ends[0]);
    }
    if (span.bytes > 8 && span.bytes <= 16) {
        uint64_t ends[2];
        memcpy(&ends[0], span.data, sizeof ends[0]);
        memcpy(&ends[1], limit - sizeof ends[1], sizeof ends[1]);
        return is_plain_ascii(ends[0]) && is_plain_ascii(ends[1]);
    }
    return false;
}

size_t utf8_check(struct span span)
{
    return is_short_ascii(span) ? span.bytes : check_by_lanes(span);
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
