#include "domain/text/symbols.h"

#include "base/check.h"
#include "base/utf8.h"
#include "domain/text/fold.h"
#include "domain/text/room.h"

enum { NEAR_CODES = 0x10000, CODES = 0x110000, BLANK = 0 };

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "decode_two reads two at a time");

/* A character of four bytes. */
struct far {
    uint32_t code;
    uint16_t symbol;
};

struct symbols {
    uint16_t near[NEAR_CODES]; /* of each character: the symbol of what it folds to, or BLANK */
    struct far *far;           /* those of keywords, by code */
    uint32_t far_count;
    uint16_t space;   /* what a blank becomes where it is kept */
    uint16_t chinese; /* a Chinese character of no keyword; those of keywords are above */
    uint32_t count;
};

/* -- building ---------------------------------------------------------------------------------- */

/* Marks the characters of a text, a bit each; returns how many were not marked before. */
static uint32_t mark(struct span text, uint8_t *marks)
{
    uint32_t marked = 0;
    for (size_t at = 0; at < text.bytes;) {
        size_t bytes;
        uint32_t code = utf8_decode(text.data + at, &bytes);
        marked += (marks[code / 8] >> code % 8 & 1) == 0;
        marks[code / 8] |= (uint8_t)(1 << code % 8);
        at += bytes;
    }
    return marked;
}

static void number(struct symbols *symbols, uint32_t code)
{
    uint16_t symbol = (uint16_t)symbols->count++;
    if (code < NEAR_CODES)
        symbols->near[code] = symbol;
    else
        symbols->far[symbols->far_count++] = (struct far){code, symbol};
}

/* Numbers the characters marked that are Chinese, or those that are not. */
static void number_marked(struct symbols *symbols, const uint8_t *marks, bool chinese)
{
    for (uint32_t i = 0; i < CODES / 8; i++)
        for (uint32_t bit = 0; marks[i] != 0 && bit < 8; bit++)
            if ((marks[i] >> bit & 1) != 0 && fold_is_chinese(i * 8 + bit) == chinese)
                number(symbols, i * 8 + bit);
}

static int by_code(const void *a, const void *b)
{
    uint32_t left = ((const struct far *)a)->code;
    uint32_t right = ((const struct far *)b)->code;
    return (left > right) - (left < right);
}

static uint16_t other(const struct symbols *symbols, uint32_t code)
{
    return fold_is_chinese(code) ? symbols->chinese : SYMBOL_OTHER;
}

/* Each character gets the symbol of what it folds to; that folds to itself, and has one. */
static void spread(struct symbols *symbols)
{
    symbols->space = symbols->near[' '] != 0 ? symbols->near[' '] : SYMBOL_OTHER;
    for (uint32_t code = 0; code < NEAR_CODES; code++) {
        uint16_t symbol = symbols->near[fold_character(code)];
        symbols->near[code] = symbol != 0 ? symbol : other(symbols, fold_character(code));
    }
    for (uint32_t code = 0; code < NEAR_CODES; code++)
        if (fold_is_blank(code))
            symbols->near[code] = BLANK;
}

struct symbols *symbols_create(const struct span *texts, uint32_t count)
{
    struct symbols *symbols = room_for(1, sizeof *symbols);
    uint8_t *marks = room_for(CODES / 8, 1);
    uint32_t marked = 0;
    for (uint32_t i = 0; i < count; i++)
        marked += mark(texts[i], marks);
    if (marked < SYMBOLS_MAX - SYMBOL_OTHER - 2) {
        symbols->far = room_for(marked, sizeof *symbols->far);
        symbols->count = SYMBOL_OTHER + 1;
        number_marked(symbols, marks, false);
        symbols->chinese = (uint16_t)symbols->count++;
        number_marked(symbols, marks, true);
        qsort(symbols->far, symbols->far_count, sizeof *symbols->far, by_code);
        spread(symbols);
    } else {
        symbols_destroy(&symbols);
    }
    free(marks);
    return symbols;
}

void symbols_destroy(struct symbols **symbols)
{
    if (*symbols == NULL)
        return;
    free((*symbols)->far);
    free(*symbols);
    *symbols = NULL;
}

uint32_t symbols_count(const struct symbols *symbols)
{
    return symbols->count;
}

/* -- writing ----------------------------------------------------------------------------------- */

struct writing {
    const struct symbols *symbols;
    struct span text;
    size_t at; /* up to here the text is read */
    uint16_t *written;
    size_t used;
};

static uint16_t far_symbol(const struct symbols *symbols, uint32_t code)
{
    uint32_t folded = fold_character(code);
    struct far wanted = {.code = folded};
    if (folded < NEAR_CODES)
        return symbols->near[folded];
    const struct far *found =
        bsearch(&wanted, symbols->far, symbols->far_count, sizeof wanted, by_code);
    return found != NULL ? found->symbol : other(symbols, folded);
}

/* The codes of two characters of three bytes, 24 bits apart. */
static uint64_t decode_two(uint64_t bytes)
{
    return (bytes & 0x00000F00000F) << 12 | (bytes >> 2 & 0x000FC0000FC0) |
           (bytes >> 16 & 0x00003F00003F);
}

/* Characters of three bytes, two by two, as far as they follow on one another: nearly all of
 * Chinese text. Reads eight bytes at a time, so stops short of the end. */
static void write_usual(struct writing *writing)
{
    const uint16_t *near = writing->symbols->near;
    const uint8_t *at = writing->text.data + writing->at;
    uint16_t *written = writing->written + writing->used;
    for (size_t left = writing->text.bytes - writing->at; left >= 8; left -= 6) {
        uint64_t bytes;
        memcpy(&bytes, at, sizeof bytes);
        uint64_t codes = decode_two(bytes);
        uint16_t first = near[(uint16_t)codes];
        uint16_t second = near[codes >> 24];
        if ((bytes & 0xF0) != 0xE0 || first == BLANK)
            break;
        *written++ = first;
        at += 3;
        if ((bytes >> 24 & 0xF0) != 0xE0 || second == BLANK)
            break;
        *written++ = second;
        at += 3;
    }
    writing->at = (size_t)(at - writing->text.data);
    writing->used = (size_t)(written - writing->written);
}

static void write_ascii(struct writing *writing)
{
    const uint8_t *text = writing->text.data;
    const uint16_t *near = writing->symbols->near;
    while (writing->at < writing->text.bytes && text[writing->at] < 0x80 &&
           near[text[writing->at]] != BLANK)
        writing->written[writing->used++] = near[text[writing->at++]];
}

/* One character, or a run of blanks with the character behind it. */
static void write_other(struct writing *writing)
{
    const struct symbols *symbols = writing->symbols;
    size_t first = writing->at;
    uint16_t symbol = BLANK;
    size_t bytes = 0;
    for (; symbol == BLANK && writing->at < writing->text.bytes; writing->at += bytes) {
        uint32_t code = utf8_decode(writing->text.data + writing->at, &bytes);
        symbol = code < NEAR_CODES ? symbols->near[code] : far_symbol(symbols, code);
    }
    if (symbol == BLANK)
        return;
    bool blank = writing->at > first + bytes;
    bool chinese = writing->used > 0 && symbol >= symbols->chinese &&
                   writing->written[writing->used - 1] >= symbols->chinese;
    if (blank && writing->used > 0 && !chinese)
        writing->written[writing->used++] = symbols->space;
    writing->written[writing->used++] = symbol;
}

size_t symbols_write(const struct symbols *symbols, struct span text, uint16_t *written)
{
    struct writing writing = {.symbols = symbols, .text = text, .written = written};
    for (size_t before = 0; writing.at < text.bytes; before = writing.at) {
        write_usual(&writing);
        write_ascii(&writing);
        if (writing.at == before)
            write_other(&writing);
    }
    return writing.used;
}
