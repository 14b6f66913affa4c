#include "domain/text/fold.h"

#include "base/utf8.h"
#include "domain/simplified.h"

enum {
    FULL_WIDTH_FIRST = 0xFF01, /* stands for '!', and so on up to '~' */
    FULL_WIDTH_LIMIT = 0xFF5F,
    REPLACED_MAX = 4 /* bytes of a character */
};

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "fold_usual writes a word at a time");

struct folding {
    struct span text;
    size_t at; /* up to here the text is read */
    uint8_t *folded;
    size_t used;        /* never more than at */
    bool after_chinese; /* is the character written last a Chinese one? */
};

bool fold_is_chinese(uint32_t code)
{
    return (code >= 0x2E80 && code < 0x2FE0) || (code > 0x3000 && code < 0x3040) ||
           (code >= NEAR_FIRST && code < NEAR_LIMIT) || (code >= 0xF900 && code < 0xFB00) ||
           (code >= 0x20000 && code < 0x40000);
}

/* Zero-width space and byte-order mark are pasted from web pages, and nobody sees them. */
bool fold_is_blank(uint32_t code)
{
    if (code > 0x3000)
        return code == 0xFEFF;
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 || code == 0xA0 ||
           (code >= 0x2000 && code <= 0x200B) || code == 0x2028 || code == 0x2029 ||
           code == 0x202F || code == 0x205F || code == 0x3000;
}

static size_t encode(uint32_t code, uint8_t *at)
{
    size_t bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t leads[REPLACED_MAX + 1] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = bytes - 1; i > 0; i--, code >>= 6)
        at[i] = (uint8_t)(0x80 | (code & 0x3F));
    at[0] = (uint8_t)(leads[bytes] | code);
    return bytes;
}

static uint32_t simplify_far(uint32_t code)
{
    size_t first = 0;
    size_t limit = sizeof far_simplified / sizeof far_simplified[0];
    while (first < limit) {
        size_t middle = first + (limit - first) / 2;
        if (far_simplified[middle].code == code)
            return far_simplified[middle].simplified;
        if (far_simplified[middle].code < code)
            first = middle + 1;
        else
            limit = middle;
    }
    return code;
}

static uint8_t lower(uint8_t letter)
{
    return letter >= 'A' && letter <= 'Z' ? (uint8_t)(letter | 0x20) : letter;
}

uint32_t fold_character(uint32_t code)
{
    if (code < 0x80)
        return lower((uint8_t)code);
    if (code >= NEAR_FIRST && code < NEAR_LIMIT)
        return near_simplified[code - NEAR_FIRST];
    if (code >= FULL_WIDTH_FIRST && code < FULL_WIDTH_LIMIT)
        return lower((uint8_t)(code - FULL_WIDTH_FIRST + '!'));
    return code < 0x10000 ? code : simplify_far(code);
}

/* The usual Chinese characters, E4 80 80 to E9 BF BF, as far as they follow on one another. Reads
 * and writes four bytes at a time, so stops short of the end. */
static void fold_usual(struct folding *folding)
{
    const uint8_t *text = folding->text.data;
    size_t first = folding->at;
    size_t at = first;
    size_t used = folding->used;
    while (folding->text.bytes - at >= 4 && (uint8_t)(text[at] - 0xE4) < 6) {
        uint32_t code =
            (text[at] & 0x0Fu) << 12 | (text[at + 1] & 0x3Fu) << 6 | (text[at + 2] & 0x3Fu);
        uint32_t simple = near_simplified[code - NEAR_FIRST];
        uint32_t written = 0x8080E0 | simple >> 12 | (simple & 0xFC0) << 2 | (simple & 0x3F) << 16;
        memcpy(folding->folded + used, &written, sizeof written);
        at += 3;
        used += 3;
    }
    folding->after_chinese |= at > first;
    folding->at = at;
    folding->used = used;
}

/* Small letters, digits and signs; bytes that fold to themselves. */
static void fold_ascii(struct folding *folding)
{
    const uint8_t *text = folding->text.data;
    while (folding->at < folding->text.bytes && text[folding->at] > ' ' &&
           text[folding->at] < 0x80) {
        folding->folded[folding->used++] = lower(text[folding->at++]);
        folding->after_chinese = false;
    }
}

/* One character, or a run of blanks with the character behind it. */
static void fold_other(struct folding *folding)
{
    size_t bytes = 0;
    uint32_t code = 0;
    size_t first = folding->at;
    while (folding->at < folding->text.bytes) {
        code = utf8_decode(folding->text.data + folding->at, &bytes);
        if (!fold_is_blank(code))
            break;
        folding->at += bytes;
    }
    if (folding->at == folding->text.bytes)
        return;
    code = fold_character(code);
    bool chinese = fold_is_chinese(code);
    if (folding->at > first && folding->used > 0 && !(folding->after_chinese && chinese))
        folding->folded[folding->used++] = ' ';
    folding->at += bytes;
    folding->used += encode(code, folding->folded + folding->used);
    folding->after_chinese = chinese;
}

size_t fold(struct span text, uint8_t *folded)
{
    struct folding folding = {.text = text, .folded = folded};
    while (folding.at < text.bytes) {
        fold_usual(&folding);
        fold_ascii(&folding);
        if (folding.at < text.bytes)
            fold_other(&folding);
    }
    return folding.used;
}
