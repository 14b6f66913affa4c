/* Any text in a cell of a decision table, as every kind of input, keywords too; and as a date and a
 * time limit.
 *
 * What passes must be a set as values.h has it, of values that the small city has, or clauses with
 * keywords that are folded; what does not pass must be explained in text. What a limit is written
 * as must be read as the same limit.
 */
#include "base/check.h"
#include "base/utf8.h"
#include "domain/city/calendar.h"
#include "domain/rules/cell.h"
#include "domain/city/date.h"
#include "domain/text/fold.h"
#include "domain/rules/text_cell.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/small_city.h"

#include <stdlib.h>

enum { FAULT_BYTES = 256 };

static struct small_city small;

static void remove_city(void)
{
    small_city_remove(&small);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    small_city_make(&small);
    return atexit(remove_city);
}

static void check_values(const struct values *values, enum input input)
{
    int64_t before = -1; /* 0 stands for what is absent */
    CHECK(values->any == (values->count == 0));
    CHECK(values->count <= CELL_INTERVALS_MAX + 1);
    for (uint32_t i = 0; i < values->count; i++) {
        CHECK(values->intervals[i].first > before);
        CHECK(values->intervals[i].limit > values->intervals[i].first);
        before = values->intervals[i].limit;
    }
    CHECK(before <= input_size(small.city, input));
}

static void check_fault(const char fault[FAULT_BYTES])
{
    struct span why = span_of_string(fault);
    CHECK(why.bytes > 0 && why.bytes < FAULT_BYTES - 1);
    CHECK(utf8_check(why) == why.bytes);
}

static void try_values(struct span folded, struct arena *arena)
{
    for (enum input input = 0; input < INPUT_TEXT; input++) {
        struct values values;
        char fault[FAULT_BYTES] = "";
        if (cell_parse(small.city, input, folded, arena, &values, fault, sizeof fault))
            check_values(&values, input);
        else
            check_fault(fault);
    }
}

static void check_keyword(struct span keyword)
{
    uint8_t folded[KEYWORD_BYTES_MAX];
    CHECK(keyword.bytes > 0 && keyword.bytes <= sizeof folded);
    CHECK(span_equal(span_of(folded, fold(keyword, folded)), keyword));
}

static void try_keywords(struct span folded, struct arena *arena)
{
    struct keywords *keywords = keywords_create(arena);
    struct text_cell cell;
    char fault[FAULT_BYTES] = "";
    if (!text_cell_parse(keywords, folded, arena, &cell, fault, sizeof fault)) {
        check_fault(fault);
    } else {
        CHECK(cell.count <= TEXT_CLAUSES_MAX);
        for (uint32_t i = 0; i < cell.count; i++) {
            CHECK(cell.clauses[i].kind < CLAUSE_KIND_COUNT && cell.clauses[i].count > 0);
            for (uint32_t j = 0; j < cell.clauses[i].count; j++)
                check_keyword(keyword_text(keywords, cell.clauses[i].keywords[j]));
        }
    }
    keywords_close(keywords);
}

static void try_date(struct span text)
{
    char date[DATE_BYTES_MAX];
    int32_t day;
    int32_t back;
    if (date_parse(text, &day) != DATE_OK)
        return;
    date_format(day, date);
    CHECK(date_parse(span_of_string(date), &back) == DATE_OK && back == day);
}

static void try_limit(struct span text)
{
    char written[TIME_LIMIT_BYTES_MAX];
    struct time_limit limit;
    struct time_limit back;
    if (!time_limit_parse(text, &limit))
        return;
    size_t bytes = time_limit_format(limit, written);
    CHECK(time_limit_parse(span_of(written, bytes), &back));
    CHECK(back.natural == limit.natural && back.count == limit.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct span text = span_of(data, bytes);
    struct arena *arena = arena_create();
    text.bytes = utf8_check(text); /* what comes out of a sheet is text */
    text = sheet_trim(text);
    struct span folded = cell_fold(text, arena);
    try_values(folded, arena);
    try_keywords(folded, arena);
    try_date(text);
    try_limit(text);
    arena_destroy(&arena);
    return 0;
}
