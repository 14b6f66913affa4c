/* What counts as text: each row of Unicode's table 3-7 at both its ends and one beyond, against the
 * bytes written down here; then every code point there is, encoded by a plain encoder and read
 * back. Clipping and columns on Chinese text. */
#include "base/utf8.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static bool is_text(const char *bytes, size_t count)
{
    return utf8_check(span_of(bytes, count)) == count;
}

/* A string literal may hold NULs; its own last one is not meant. */
#define IS_TEXT(literal) is_text(literal, sizeof(literal) - 1)

Test(utf8, both_ends_of_every_row_are_text)
{
    cr_expect(IS_TEXT(""));
    cr_expect(IS_TEXT("\x20\x7E"));
    cr_expect(IS_TEXT("\t\n\r"));
    cr_expect(IS_TEXT("\xC2\xA0"));
    cr_expect(IS_TEXT("\xDF\xBF"));
    cr_expect(IS_TEXT("\xE0\xA0\x80"));
    cr_expect(IS_TEXT("\xE0\xBF\xBF"));
    cr_expect(IS_TEXT("\xE1\x80\x80"));
    cr_expect(IS_TEXT("\xEC\xBF\xBF"));
    cr_expect(IS_TEXT("\xED\x80\x80"));
    cr_expect(IS_TEXT("\xED\x9F\xBF"));
    cr_expect(IS_TEXT("\xEE\x80\x80"));
    cr_expect(IS_TEXT("\xEF\xBF\xBF"));
    cr_expect(IS_TEXT("\xF0\x90\x80\x80"));
    cr_expect(IS_TEXT("\xF0\xBF\xBF\xBF"));
    cr_expect(IS_TEXT("\xF1\x80\x80\x80"));
    cr_expect(IS_TEXT("\xF3\xBF\xBF\xBF"));
    cr_expect(IS_TEXT("\xF4\x80\x80\x80"));
    cr_expect(IS_TEXT("\xF4\x8F\xBF\xBF"));
}

Test(utf8, one_beyond_every_row_is_not)
{
    cr_expect(!IS_TEXT("\x80"), "a continuation alone");
    cr_expect(!IS_TEXT("\xBF"));
    cr_expect(!IS_TEXT("\xC0\x80"), "a long form of NUL");
    cr_expect(!IS_TEXT("\xC1\xBF"), "a long form of U+007F");
    cr_expect(!IS_TEXT("\xE0\x80\x80"));
    cr_expect(!IS_TEXT("\xE0\x9F\xBF"), "a long form of U+07FF");
    cr_expect(!IS_TEXT("\xED\xA0\x80"), "the first surrogate");
    cr_expect(!IS_TEXT("\xED\xBF\xBF"), "the last surrogate");
    cr_expect(!IS_TEXT("\xF0\x80\x80\x80"));
    cr_expect(!IS_TEXT("\xF0\x8F\xBF\xBF"), "a long form of U+FFFF");
    cr_expect(!IS_TEXT("\xF4\x90\x80\x80"), "U+110000");
    cr_expect(!IS_TEXT("\xF5\x80\x80\x80"));
    cr_expect(!IS_TEXT("\xF8\x88\x80\x80\x80"), "five bytes");
    cr_expect(!IS_TEXT("\xF8\x90\x80\x80"), "a lead of five, as if it were of four");
    cr_expect(!IS_TEXT("\xFE"));
    cr_expect(!IS_TEXT("\xFF"));
}

Test(utf8, continuations_are_there_and_in_range)
{
    static const char *const whole[] = {"\xC2\xA0", "\xE5\xB1\xB1", "\xF0\xA0\x80\x80"};
    for (size_t i = 0; i < 3; i++) {
        size_t length = strlen(whole[i]);
        for (size_t cut = 1; cut < length; cut++)
            cr_expect_eq(utf8_check(span_of(whole[i], cut)), 0, "%zu bytes of %zu", cut, length);
        for (size_t at = 1; at < length; at++) {
            for (unsigned byte = 0; byte < 256; byte++) {
                char bytes[4];
                memcpy(bytes, whole[i], length);
                bytes[at] = (char)byte;
                bool right = byte >= 0x80 && byte <= 0xBF;
                /* U+0800 and U+10000 begin higher, and U+0080 to U+009F are controls. */
                if (length == 2 && byte < 0xA0)
                    right = false;
                if (length == 4 && at == 1 && byte < 0x90)
                    right = false;
                cr_expect_eq(is_text(bytes, length), right, "%zu: byte %zu is %02X", i, at, byte);
            }
        }
    }
}

Test(utf8, control_characters_are_not_text)
{
    for (unsigned byte = 0; byte < 0x80; byte++) {
        char one = (char)byte;
        bool right = (byte >= 0x20 && byte != 0x7F) || byte == 9 || byte == 10 || byte == 13;
        cr_expect_eq(is_text(&one, 1), right, "%02X", byte);
    }
    cr_expect(!IS_TEXT("\xC2\x80"));
    cr_expect(!IS_TEXT("\xC2\x9B"), "it would begin an escape sequence on a terminal");
    cr_expect(!IS_TEXT("\xC2\x9F"));
}

Test(utf8, tells_where_text_ends)
{
    cr_expect_eq(utf8_check(span_of("\xE4\xB9\x90\xE5\xB1\xB1\xFFx", 8)), 6);
    cr_expect_eq(utf8_check(span_of("\xE4\xB9\x90\xE5\xB1", 5)), 3, "half a character");
    cr_expect_eq(utf8_check(span_of("ab\0cd", 5)), 2);
    cr_expect_eq(utf8_check((struct span){0}), 0);
}

static size_t encode(uint32_t code, uint8_t bytes[4])
{
    static const uint8_t leads[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1; code >>= 6)
        bytes[i] = (uint8_t)(0x80 | (code & 0x3F));
    bytes[0] = (uint8_t)(leads[length] | code);
    return length;
}

Test(utf8, every_code_point_but_controls_and_surrogates_is_text)
{
    for (uint32_t code = 0xA0; code < 0x110000; code++) {
        uint8_t bytes[4];
        size_t length = encode(code, bytes);
        bool right = code < 0xD800 || code > 0xDFFF;
        if ((utf8_check(span_of(bytes, length)) == length) != right)
            cr_assert(false, "U+%04X", code);
    }
}

Test(utf8, clips_before_a_character_and_never_inside)
{
    struct span text = span_of_string("a\xE4\xB9\x90\xC2\xB7\xF0\xA0\x80\x80z");
    static const size_t whole[] = {0, 1, 1, 1, 4, 4, 6, 6, 6, 6, 10, 11, 11};
    for (size_t bytes_max = 0; bytes_max < 13; bytes_max++) {
        struct span clipped = utf8_clip(text, bytes_max);
        cr_expect_eq(clipped.bytes, whole[bytes_max], "at most %zu", bytes_max);
        cr_expect_eq(clipped.data, text.data);
    }
    cr_expect_eq(utf8_clip((struct span){0}, 0).bytes, 0);
}

Test(utf8, chinese_takes_two_columns_a_character)
{
    cr_expect_eq(utf8_columns(span_of_string("")), 0);
    cr_expect_eq(utf8_columns(span_of_string("12345")), 5);
    cr_expect_eq(utf8_columns(span_of_string("乐山市")), 6);
    cr_expect_eq(utf8_columns(span_of_string("漹城街道,1")), 10);
    cr_expect_eq(utf8_columns(span_of_string("（，）")), 6, "full-width punctuation");
    cr_expect_eq(utf8_columns(span_of_string("é·ß")), 3);
    cr_expect_eq(utf8_columns(span_of_string("\xF0\xA0\x80\x80")), 2, "U+20000");
    cr_expect_eq(utf8_columns(span_of_string("한")), 2);
}

/* Long text is looked at many bytes at a time, wherever its characters begin. The judge knows where
 * the first piece stands that is no text by itself. */
static const char *const good_pieces[] = {
    "a",
    "~",
    " ",
    "\n",
    "\t",
    "\xC2\xB7",
    "\xDF\xBF",
    "\xE0\xA0\x80",
    "\xE1\x80\x80",
    "\xE4\xB9\x90",
    "\xED\x9F\xBF",
    "\xEE\x80\x80",
    "\xEF\xBC\x8C",
    "\xF0\xA0\x80\x80",
    "\xF4\x8F\xBF\xBF",
};
static const char *const bad_pieces[] = {
    "\x01",
    "\x1F",
    "\x7F",
    "\x80",
    "\xBF",
    "\xC1\xBF",
    "\xC2\x80",
    "\xC2\x9F",
    "\xC3",
    "\xE0\x9F\xBF",
    "\xE4",
    "\xE4\xB9",
    "\xE4\x7F\xBF",
    "\xE4\xC0\x80",
    "\xE4\xB9\x7F",
    "\xE4\xB9\xC0",
    "\xED\xA0\x80",
    "\xF0\xA0\x80",
    "\xF5\x80\x80\x80",
    "\xFF",
};
enum { GOOD_PIECES = sizeof good_pieces / sizeof *good_pieces };
enum { BAD_PIECES = sizeof bad_pieces / sizeof *bad_pieces };

static uint32_t draw(uint64_t *state, uint32_t limit)
{
    *state = *state * 6364136223846793005 + 1442695040888963407;
    return (uint32_t)(*state >> 33) % limit;
}

/* Appends some good pieces, nearly all of them the two that are plainest: so runs get long. */
static size_t append_good(char *text, size_t bytes, uint64_t *state)
{
    for (uint32_t left = draw(state, 24); left > 0; left--) {
        uint32_t kind = draw(state, 40);
        const char *piece = kind < GOOD_PIECES ? good_pieces[kind]
                            : kind < 24        ? "a"
                                               : good_pieces[9];
        bytes += (size_t)(stpcpy(text + bytes, piece) - (text + bytes));
    }
    return bytes;
}

Test(utf8, long_text_ends_where_the_first_piece_is_none)
{
    uint64_t state = 5;
    for (uint32_t i = 0; i < 100000; i++) {
        char text[256];
        size_t end = append_good(text, 0, &state);
        size_t bytes = end;
        if (i % 4 != 0) {
            const char *bad = bad_pieces[draw(&state, BAD_PIECES)];
            bytes += (size_t)(stpcpy(text + bytes, bad) - (text + bytes));
            bytes = append_good(text, bytes, &state);
        }
        /* Of its own, so that a look beyond it shows where memory is guarded. */
        char *exact = malloc(bytes + 1);
        memcpy(exact, text, bytes);
        cr_assert_eq(utf8_check(span_of(exact, bytes)), end, "round %u", i);
        free(exact);
    }
}

/* Each byte in each lane, and before the first and behind the last. */
Test(utf8, any_byte_anywhere_in_long_text_is_seen)
{
    for (size_t at = 0; at < 40; at++)
        for (unsigned byte = 0; byte < 256; byte++) {
            char text[41];
            memset(text, 'a', sizeof text);
            text[at] = (char)byte;
            size_t good = is_text(text + at, 1) ? 40 : at;
            cr_assert_eq(utf8_check(span_of(text, 40)), good, "%02X at %zu", byte, at);
        }
}
