/* utf8 - is this text?
 *
 * Strict: shortest forms only, no surrogates, nothing above U+10FFFF, no NUL and no control
 * characters (U+0080 to U+009F are some too) except tab, line feed and carriage return. protobuf-c
 * checks none of it.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/span.h"

/* Offset of the first byte that is not text, or span.bytes where all is. */
size_t utf8_check(struct span span);

/* The longest whole-character prefix of at most bytes_max bytes. The span must be text. */
struct span utf8_clip(struct span span, size_t bytes_max);

/* Columns on a terminal: 2 for CJK and other wide characters, 1 for the rest. Must be text. */
size_t utf8_columns(struct span span);

/* Bytes of the character that begins with a byte. */
static inline uint32_t utf8_bytes(uint8_t lead)
{
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* The character that text begins with, and how many bytes it has. */
static inline uint32_t utf8_decode(const uint8_t *at, size_t *bytes)
{
    *bytes = utf8_bytes(at[0]);
    uint32_t code = *bytes == 1 ? at[0] : at[0] & (0x7Fu >> *bytes);
    for (size_t i = 1; i < *bytes; i++)
        code = code << 6 | (at[i] & 0x3F);
    return code;
}

#endif
