/* Codes: what is found is what was added, over random codes of all lengths, many of which begin or
 * end alike. */
#include "domain/city/codes.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum { CODES = 3000 };

static struct span random_code(char *code)
{
    size_t bytes = 1 + (size_t)random() % CODE_BYTES_MAX;
    for (size_t i = 0; i < bytes; i++)
        code[i] = "01"[random() % 2];
    return span_of(code, bytes);
}

Test(codes, what_was_added_is_found_and_nothing_else)
{
    static char texts[CODES][CODE_BYTES_MAX];
    static struct span codes[CODES];
    struct arena *arena = arena_create();
    struct codes *all = codes_create(CODES, arena);
    srandom(1);
    for (uint32_t i = 0; i < CODES; i++) {
        codes[i] = random_code(texts[i]);
        codes_add(all, codes[i], i);
    }
    for (uint32_t i = 0; i < CODES; i++) {
        char text[CODE_BYTES_MAX];
        struct span code = random_code(text);
        uint32_t first = CODE_NONE;
        for (uint32_t j = CODES; j-- > 0;)
            first = span_equal(codes[j], code) ? j : first;
        cr_assert_eq(codes_find(all, code), first, "%.*s", SPAN_ARG(code));
    }
    arena_destroy(&arena);
}

Test(codes, no_code_is_found_where_there_is_none_or_it_is_too_long)
{
    struct arena *arena = arena_create();
    struct codes *none = codes_create(0, arena);
    struct codes *some = codes_create(2, arena);
    codes_add(some, span_of_string("123456789012345"), 1);
    codes_add(some, span_of_string("12"), 0);
    cr_expect_eq(codes_find(none, span_of_string("1")), CODE_NONE);
    cr_expect_eq(codes_find(some, span_of("", 0)), CODE_NONE);
    cr_expect_eq(codes_find(some, span_of("\0", 1)), CODE_NONE);
    cr_expect_eq(codes_find(some, span_of("12\0", 3)), CODE_NONE);
    cr_expect_eq(codes_find(some, span_of_string("12")), 0);
    cr_expect_eq(codes_find(some, span_of_string("123456789012345")), 1);
    cr_expect_eq(codes_find(some, span_of_string("1234567890123456")), CODE_NONE);
    cr_expect_eq(codes_find(some, span_of_string("12345678901234")), CODE_NONE);
    arena_destroy(&arena);
}
