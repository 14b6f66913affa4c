/* simplified - writes, while Lianxin is built, the table of simplified characters that fold.c uses.
 *
 * Asks OpenCC (t2s.json) for every Chinese character by itself and prints a C header. OpenCC's own
 * data has no text form in Debian, and its library is C++; so it stays here, and the engine neither
 * links it nor needs its files. A character is followed until it changes no more (薴 苧 苎), and is
 * left as it is where the simplified one takes more bytes.
 */
#include <opencc/opencc.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHAIN_MAX = 4,
    CONVERTED_BYTES_MAX = 64,
    COLUMNS = 12,
    NEAR_FIRST = 0x3400, /* characters of three bytes: extension A, and the usual ones */
    NEAR_LIMIT = 0xA000,
    FAR_FIRST = 0x20000, /* of four bytes: extensions B and later */
    FAR_LIMIT = 0x32400
};

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "simplified: %s\n", what);
    exit(1);
}

static size_t encode(uint32_t code, char *text)
{
    size_t bytes = code < 0x10000 ? 3 : 4;
    for (size_t i = bytes - 1; i > 0; i--, code >>= 6)
        text[i] = (char)(0x80 | (code & 0x3F));
    text[0] = (char)((bytes == 3 ? 0xE0 : 0xF0) | code);
    return bytes;
}

/* The one character of three or four bytes that a text is, or 0. */
static uint32_t decode(const char *text, size_t bytes)
{
    uint8_t lead = (uint8_t)text[0];
    if (bytes != (lead >= 0xF0 ? 4u : 3u) || lead < 0xE0)
        return 0;
    uint32_t code = lead & (lead >= 0xF0 ? 0x07 : 0x0F);
    for (size_t i = 1; i < bytes; i++)
        code = code << 6 | ((uint8_t)text[i] & 0x3F);
    return code;
}

static uint32_t convert(opencc_t opencc, uint32_t code)
{
    char text[8];
    char converted[CONVERTED_BYTES_MAX];
    size_t bytes = encode(code, text);
    size_t got = opencc_convert_utf8_to_buffer(opencc, text, bytes, converted);
    if (got == (size_t)-1)
        fail(opencc_error());
    uint32_t simple = decode(converted, got);
    return simple == 0 || got > bytes ? code : simple;
}

static uint32_t simplify(opencc_t opencc, uint32_t code)
{
    for (int i = 0; i < CHAIN_MAX; i++) {
        uint32_t simple = convert(opencc, code);
        if (simple == code)
            return code;
        code = simple;
    }
    fail("characters that turn into each other");
}

static void print_near(opencc_t opencc)
{
    printf("/* By code, from U+%04X on. */\n"
           "enum { NEAR_FIRST = 0x%X, NEAR_LIMIT = 0x%X };\n"
           "static const uint16_t near_simplified[NEAR_LIMIT - NEAR_FIRST] = {",
           (unsigned)NEAR_FIRST, (unsigned)NEAR_FIRST, (unsigned)NEAR_LIMIT);
    for (uint32_t code = NEAR_FIRST; code < NEAR_LIMIT; code++)
        printf("%s0x%X,", (code - NEAR_FIRST) % COLUMNS == 0 ? "\n    " : " ",
               simplify(opencc, code));
    printf("\n};\n\n");
}

static void print_far(opencc_t opencc)
{
    printf("/* Sorted. */\n"
           "static const struct far_simplified {\n"
           "    uint32_t code, simplified;\n"
           "} far_simplified[] = {\n");
    for (uint32_t code = FAR_FIRST; code < FAR_LIMIT; code++) {
        uint32_t simple = simplify(opencc, code);
        if (simple != code)
            printf("    {0x%X, 0x%X},\n", code, simple);
    }
    printf("};\n");
}

int main(void)
{
    opencc_t opencc = opencc_open("t2s.json");
    if (opencc == (opencc_t)-1) // NOLINT(performance-no-int-to-ptr)
        fail(opencc_error());
    printf("/* Made by tools/simplified.c from OpenCC's data: the simplified form of a character. "
           "*/\n");
    print_near(opencc);
    print_far(opencc);
    opencc_close(opencc);
    return fflush(stdout) == 0 ? 0 : 1;
}
