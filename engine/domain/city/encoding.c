#include "domain/city/encoding.h"

#include "base/check.h"
#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>

#define REMEDY "save the file as \"CSV UTF-8\""

static bool complain(char fault[ENCODING_FAULT_BYTES], const char *what, uint8_t byte)
{
    snprintf(fault, ENCODING_FAULT_BYTES, "byte 0x%02X here is %s; " REMEDY, byte, what);
    return false;
}

/* Cuts text at the first character that is none; `what` says what such a byte is not. */
static bool check(struct span *text, const char *what, char fault[ENCODING_FAULT_BYTES])
{
    struct span whole = *text;
    size_t good = utf8_check(whole);
    if (good == whole.bytes)
        return true;
    const uint8_t *at = whole.data + good;
    bool control =
        at[0] < 0x80 || (at[0] == 0xC2 && whole.bytes - good > 1 && at[1] >= 0x80 && at[1] < 0xA0);
    *text = span_of(whole.data, good);
    if (!control)
        return complain(fault, what, at[0]);
    snprintf(fault, ENCODING_FAULT_BYTES, "holds a control character here; %s",
             at[0] == 0 ? "if it is UTF-16, " REMEDY ", else delete it" : "delete it");
    return false;
}

/* Bytes of the character of three or four bytes that seems to stand here, 0 where there is none. */
static size_t triple_at(const uint8_t *at, size_t left)
{
    size_t bytes = (at[0] & 0xF0) == 0xE0 ? 3 : (at[0] & 0xF8) == 0xF0 ? 4 : 0;
    if (bytes > left)
        return 0;
    for (size_t i = 1; i < bytes; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return bytes;
}

/* Is more of what is not ASCII in characters of three bytes, as Chinese is in UTF-8, than out of
 * them? In GB18030 three such bytes follow each other only by chance. */
static bool is_mostly_utf8(struct span text)
{
    size_t inside = 0;
    size_t outside = 0;
    for (size_t i = 0; i < text.bytes;) {
        size_t bytes = triple_at(text.data + i, text.bytes - i);
        inside += bytes;
        outside += bytes == 0 && text.data[i] >= 0x80;
        i += bytes > 0 ? bytes : 1;
    }
    return inside > outside;
}

static bool convert(struct span source, const char *from, const char *what, struct arena *arena,
                    struct span *text, char fault[ENCODING_FAULT_BYTES])
{
    size_t room = source.bytes + source.bytes / 2 + 4; /* two bytes become three, four stay so */
    char *out = arena_take(arena, room);
    char *in = (char *)source.data;
    char *end = out;
    size_t left = source.bytes;
    *text = span_of(out, 0);
    iconv_t converter = iconv_open("UTF-8", from);
    if (converter == (iconv_t)-1) {
        snprintf(fault, ENCODING_FAULT_BYTES,
                 "is not UTF-8, and here is no converter for %s; " REMEDY, from);
        return false;
    }
    bool whole = iconv(converter, &in, &left, &end, &room) != (size_t)-1;
    int why = errno;
    iconv_close(converter);
    CHECK(whole || why != E2BIG);
    *text = span_of(out, (size_t)(end - out));
    if (!check(text, what, fault))
        return false;
    if (!whole && why == EINVAL)
        snprintf(fault, ENCODING_FAULT_BYTES, "ends inside a character; " REMEDY);
    else if (!whole)
        complain(fault, what, (uint8_t)*in);
    return whole;
}

bool encoding_decode(struct span source, struct arena *arena, struct span *text,
                     char fault[ENCODING_FAULT_BYTES])
{
    bool marked = span_starts_with(source, span_of_string("\xEF\xBB\xBF"));
    bool little = span_starts_with(source, span_of_string("\xFF\xFE"));
    size_t mark = marked                                                           ? 3
                  : little || span_starts_with(source, span_of_string("\xFE\xFF")) ? 2
                                                                                   : 0;
    *text = span_of(source.data + mark, source.bytes - mark);
    if (mark == 2)
        return convert(*text, little ? "UTF-16LE" : "UTF-16BE", "not UTF-16", arena, text, fault);
    size_t good = utf8_check(*text);
    if (good == text->bytes || marked || text->data[good] < 0x80 || is_mostly_utf8(*text))
        return check(text, "not UTF-8, as the rest is", fault);
    return convert(*text, "GB18030", "neither UTF-8 nor GB18030", arena, text, fault);
}
