/* Spans as bytes: equality, order, prefixes and suffixes, with the empty span in every place. */
#include "base/utf8.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct span nothing;

Test(span, equal_where_all_bytes_are)
{
    cr_expect(span_is(span_of("512", 2), "51"));
    cr_expect(!span_is(span_of_string("51"), "511"));
    cr_expect(!span_is(span_of_string("51"), "52"));
    cr_expect(span_equal(span_of("a\0b", 3), span_of("a\0b", 3)));
    cr_expect(!span_equal(span_of("a\0b", 3), span_of("a\0c", 3)));
    cr_expect(span_equal(nothing, span_of_string("")));
    cr_expect(span_is(nothing, ""));
}

Test(span, ordered_by_bytes_then_by_length)
{
    static const char *const ordered[] = {"", "5", "51", "511", "52", "\x80", "\xFF"};
    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < 7; j++) {
            int order = span_compare(span_of_string(ordered[i]), span_of_string(ordered[j]));
            cr_expect_eq((order > 0) - (order < 0), (i > j) - (i < j), "%zu and %zu", i, j);
        }
    cr_expect_eq(span_compare(nothing, nothing), 0);
    cr_expect_lt(span_compare(nothing, span_of_string("5")), 0);
    cr_expect_gt(span_compare(span_of_string("5"), nothing), 0);
}

Test(span, starts_with_its_prefixes)
{
    struct span code = span_of_string("511126");
    cr_expect(span_starts_with(code, nothing));
    cr_expect(span_starts_with(code, span_of_string("5111")));
    cr_expect(span_starts_with(code, code));
    cr_expect(!span_starts_with(code, span_of_string("5112")));
    cr_expect(!span_starts_with(code, span_of_string("5111260")));
    cr_expect(span_starts_with(nothing, nothing));
    cr_expect(!span_starts_with(nothing, code));
}

Test(span, ends_with_its_suffixes)
{
    struct span code = span_of_string("511126");
    cr_expect(span_ends_with(code, nothing));
    cr_expect(span_ends_with(code, span_of_string("126")));
    cr_expect(span_ends_with(code, code));
    cr_expect(!span_ends_with(code, span_of_string("5111")));
    cr_expect(!span_ends_with(code, span_of_string("0511126")));
    cr_expect(span_ends_with(nothing, nothing));
    cr_expect(!span_ends_with(nothing, code));
}

Test(span, prints_no_more_than_its_bytes)
{
    char line[16];
    snprintf(line, sizeof line, "[%.*s]", SPAN_ARG(span_of("511126", 4)));
    cr_expect_str_eq(line, "[5111]");
    snprintf(line, sizeof line, "[%.*s]", SPAN_ARG(utf8_clip(nothing, 0)));
    cr_expect_str_eq(line, "[]");
}
