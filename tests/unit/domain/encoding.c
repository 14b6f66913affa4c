/* Files as spreadsheets save them: in UTF-8, GB18030 and UTF-16, and damaged.
 *
 * What other programs write is judged by bytes written here by hand; whole texts go through the C
 * library's converter there and back.
 */
#include "domain/city/encoding.h"

#include "base/utf8.h"

#include <criterion/criterion.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena *arena;
static char fault[ENCODING_FAULT_BYTES];

static void set_up(void)
{
    arena = arena_create();
}

static void tear_down(void)
{
    arena_destroy(&arena);
}

TestSuite(encoding, .init = set_up, .fini = tear_down);

#define BYTES(text) span_of(text, sizeof(text) - 1)

static void expect_text(struct span source, const char *wanted)
{
    struct span text;
    cr_assert(encoding_decode(source, arena, &text, fault), "%s: %s", wanted, fault);
    cr_expect(span_is(text, wanted), "%.*s is not %s", SPAN_ARG(text), wanted);
}

static void expect_fault(struct span source, const char *before, const char *says)
{
    struct span text;
    cr_assert(!encoding_decode(source, arena, &text, fault), "%s", says);
    cr_expect(span_is(text, before), "'%.*s' is not '%s'", SPAN_ARG(text), before);
    cr_expect(strncmp(fault, says, strlen(says)) == 0, "%s is not %s", fault, says);
}

Test(encoding, all_that_spreadsheets_save_is_read)
{
    expect_text(BYTES(""), "");
    expect_text(BYTES("a,b\r\n"), "a,b\r\n");
    expect_text(BYTES("乐山市,1"), "乐山市,1");
    expect_text(BYTES("\xEF\xBB\xBF乐山市,1"), "乐山市,1");
    expect_text(BYTES("\xC0\xD6\xC9\xBD\xCA\xD0,1"), "乐山市,1");
    expect_text(BYTES("a\n\x9D\x76\xBD\xD6\xB5\xC0"), "a\n漹街道");  /* GBK, not GB2312 */
    expect_text(BYTES("\x95\x32\x82\x36,\x81\x30\x84\x36"), "𠀀,¥"); /* of four bytes */
    expect_text(BYTES("\xFF\xFE\x50\x4E,\0\x40\xD8\x00\xDC"), "乐,𠀀");
    expect_text(BYTES("\xFE\xFF\x4E\x50\0,\xD8\x40\xDC\x00"), "乐,𠀀");
    expect_text(BYTES("\xFF\xFE"), "");
}

Test(encoding, what_is_no_text_is_explained_where_it_begins)
{
    expect_fault(BYTES("a\nCaf\xE9,x"), "a\nCaf",
                 "byte 0xE9 here is neither UTF-8 nor GB18030; save the file as \"CSV UTF-8\"");
    expect_fault(BYTES("\xC0\xD6\xC9\xBD\xFF"), "乐山",
                 "byte 0xFF here is neither UTF-8 nor GB18030");
    expect_fault(BYTES("a\x80"), "a", "byte 0x80 here is neither");
    expect_fault(BYTES("\xC0\xD6\xC9"), "乐", "ends inside a character; save the file");
    expect_fault(BYTES("\xC0\xD6\x7F"), "乐", "holds a control character here; delete it");
    expect_fault(BYTES("市c\0d"), "市c",
                 "holds a control character here; if it is UTF-16, save the file as");
    expect_fault(BYTES("市\xC2\x85"), "市", "holds a control character here; delete it");
    expect_fault(BYTES("a\x7F\xC0\xD6"), "a", "holds a control character here; delete it");
    expect_fault(BYTES("\xFF\xFE\x50\x4E\0"), "乐", "ends inside a character");
    expect_fault(BYTES("\xFF\xFE\x50\x4E\0\xDC\x50\x4E"), "乐", "byte 0x00 here is not UTF-16");
    expect_fault(BYTES("\xFE\xFF\x4E\x50\0\0"), "乐", "holds a control character here");
}

/* Each of these, from the damage on, could be read as GB18030. */
Test(encoding, damaged_utf8_is_not_taken_for_something_else)
{
    expect_fault(BYTES("乐山市\xB8\xB8市"), "乐山市",
                 "byte 0xB8 here is not UTF-8, as the rest is; save the file as \"CSV UTF-8\"");
    expect_fault(BYTES("乐山\xE5\xB8"), "乐山", "byte 0xE5 here is not UTF-8, as the rest is");
    expect_fault(BYTES("𠮷\xC0\xD6"), "𠮷", "byte 0xC0 here is not UTF-8, as the rest is");
    expect_fault(BYTES("\xEF\xBB\xBF\xC0\xD6\xC9\xBD\xCA\xD0"), "",
                 "byte 0xC0 here is not UTF-8, as the rest is");
}

/* Into another encoding, as a spreadsheet would. */
static struct span convert(struct span text, const char *encoding)
{
    size_t room = 4 * text.bytes;
    char *out = arena_take(arena, room + 1);
    char *in = (char *)text.data;
    char *end = out;
    size_t left = text.bytes;
    iconv_t converter = iconv_open(encoding, "UTF-8");
    cr_assert_neq(converter, (iconv_t)-1);
    cr_assert_eq(iconv(converter, &in, &left, &end, &room), 0);
    iconv_close(converter);
    return span_of(out, (size_t)(end - out));
}

static void expect_same(struct span text, struct span source, const char *encoding)
{
    struct span back;
    cr_assert(encoding_decode(source, arena, &back, fault), "%s: %s", encoding, fault);
    cr_expect(span_equal(back, text), "%s", encoding);
}

Test(encoding, a_whole_city_comes_back_from_each)
{
    static char bytes[4 << 20];
    static const char *const names[] = {"places", "functions", "units", "lines", "categories"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "cities/leshan/%s.csv", names[i]);
        FILE *file = fopen(path, "rb");
        cr_assert(file != NULL);
        struct span text = span_of(bytes, fread(bytes, 1, sizeof bytes, file));
        fclose(file);
        cr_assert(text.bytes > 0 && text.bytes < sizeof bytes);
        expect_same(text, text, "UTF-8");
        expect_same(text, convert(text, "GB18030"), "GB18030");
        expect_same(text, convert(text, "UTF-16"), "UTF-16, whichever end first here");
    }
}

Test(encoding, random_bytes_are_text_or_explained)
{
    static const char *const parts[] = {"a",    ",",    "\n",   "市",   "\xC0\xD6", "\xFF",
                                        "\xFE", "\x81", "0",    "\x7F", "\xE5",     "\xBB\xBF",
                                        "\xEF", "\xC2", "\x85", "𠮷",   "\xCA",     "é"};
    unsigned seed = (unsigned)getpid();
    fprintf(stderr, "seed %u\n", seed);
    for (int round = 0; round < 20000; round++) {
        char bytes[64] = "";
        struct span text;
        for (int i = rand_r(&seed) % 12; i > 0; i--)
            strcat(bytes, parts[(size_t)rand_r(&seed) % (sizeof parts / sizeof parts[0])]);
        struct span source = span_of_string(bytes);
        fault[0] = '\0';
        bool good = encoding_decode(source, arena, &text, fault);
        cr_assert_eq(good, fault[0] == '\0');
        cr_assert_eq(utf8_check(text), text.bytes);
        if (utf8_check(source) == source.bytes && source.bytes > 0 && bytes[0] != '\xEF')
            cr_assert(good && text.data == source.data, "what is UTF-8 is not even copied");
    }
}
