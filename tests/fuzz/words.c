/* Any words of a case: folded, searched for keywords, asked for places and units, and taken for the
 * path of a place.
 *
 * Folding again changes nothing. What the compiled scan finds is what a slow search finds, name by
 * name; the input's first line is one part, the address, and all behind it another. A place that
 * words lead to without doubt is found by its path again, and a unit that they name stands in them.
 */
#include "base/check.h"
#include "base/utf8.h"
#include "domain/text/fold.h"
#include "domain/city/hints.h"
#include "domain/text/text.h"
#include "domain/city/unit_names.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/small_city.h"

#include <stdlib.h>

static const char *const names[] = {"乐山市", "夹江县", "夹江", "漹城街道",
                                    "漹城",   "红旗村", "城街"};
static const char *const others[] = {"噪音", "施工", "音", "ktv", "a b", "k", "夜间施工"};
enum {
    NAMES = sizeof names / sizeof names[0],
    OTHERS = sizeof others / sizeof others[0],
    KEYWORDS_ROOM = 1024
};

static struct small_city small;
static struct keywords *keywords;
static const struct hints *hints;
static const struct unit_names *unit_names;
static struct text_scratch *scratch;

static void clean_up(void)
{
    text_scratch_destroy(&scratch);
    keywords_close(keywords);
    small_city_remove(&small);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    small_city_make(&small);
    keywords = keywords_create(small.arena);
    for (uint32_t i = 0; i < NAMES + OTHERS; i++) {
        CHECK(keywords_add(keywords, span_of_string(i < NAMES ? names[i] : others[i - NAMES]),
                           i < NAMES) == i);
        if (i >= NAMES)
            keywords_seek(keywords, i, TEXT_PICKING);
    }
    hints = hints_build(small.city, keywords, small.arena);
    unit_names = unit_names_build(small.city, small.arena);
    CHECK(keywords_count(keywords) <= KEYWORDS_ROOM);
    CHECK(keywords_compile(keywords, "fuzz", small.diag) == OK);
    scratch = text_scratch_create(keywords);
    return atexit(clean_up);
}

static void try_fold(struct span text, struct arena *arena)
{
    uint8_t *once = arena_take(arena, text.bytes + 1);
    uint8_t *twice = arena_take(arena, text.bytes + 1);
    struct span folded = span_of(once, fold(text, once));
    CHECK(folded.bytes <= text.bytes);
    CHECK(utf8_check(folded) == folded.bytes);
    CHECK(span_equal(span_of(twice, fold(folded, twice)), folded));
}

static uint32_t count_slowly(struct span text, struct span keyword)
{
    uint32_t count = 0;
    for (size_t i = 0; i + keyword.bytes <= text.bytes; i++)
        count += memcmp(text.data + i, keyword.data, keyword.bytes) == 0;
    return count;
}

static uint32_t count_names(const struct text_names *found, uint32_t keyword)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < found->count; i++) {
        struct name_hit hit = found->list[i];
        CHECK(hit.first < hit.limit && hit.limit <= found->folded.bytes);
        CHECK(span_equal(span_of(found->folded.data + hit.first, hit.limit - hit.first),
                         keyword_text(keywords, hit.keyword)));
        count += hit.keyword == keyword;
    }
    return count;
}

static const struct text_hits *scan(struct span text)
{
    const uint8_t *end = text.bytes > 0 ? memchr(text.data, '\n', text.bytes) : NULL;
    size_t first = end == NULL ? text.bytes : (size_t)(end - text.data);
    struct span parts[] = {span_of(text.data, first),
                           span_of(text.data + first, text.bytes - first)};
    return text_scan(scratch, parts, 2);
}

static void check_hits(const struct text_hits *hits)
{
    uint32_t found[KEYWORDS_ROOM] = {0};
    const struct text_names *named = text_names(hits);
    struct text_words words = text_sought(hits, TEXT_PICKING);
    for (uint32_t i = 0; i < words.count; i++)
        CHECK(found[words.list[i]]++ == 0);
    for (uint32_t i = 0; i < keywords_count(keywords); i++) {
        bool is_word = i >= NAMES && i < NAMES + OTHERS;
        uint32_t count = count_slowly(named->folded, keyword_text(keywords, i));
        CHECK((count > 0 && is_word) == (found[i] > 0));
        CHECK((count > 0 && is_word) == text_has(hits, i));
        CHECK(is_word || named->count == TEXT_NAMES_MAX || count == count_names(named, i));
    }
}

/* Is something in the text that the unit is called? */
static void check_unit(struct unit unit, struct span folded)
{
    bool named = unit.index == UNIT_NONE.index;
    for (uint32_t i = 0; !named && i < unit_names_count(unit_names); i++) {
        const struct unit_name *name = unit_names_at(unit_names, i);
        named = name->unit.index == unit.index && count_slowly(folded, name->text) > 0;
    }
    CHECK(named);
}

static void try_hints(struct span text, const struct text_hits *hits, struct arena *arena)
{
    struct place_candidates found = {.count = 0};
    enum resolution resolution = hints_place(hints, hits, &found);
    CHECK(resolution != RESOLVED || found.count == 1);
    for (uint32_t i = 0; i < found.count && i < PLACE_CANDIDATES_MAX; i++)
        CHECK(found.places[i].index < places_count(city_places(small.city)));
    check_unit(hints_unit(hints, hits), text_names(hits)->folded);
    uint8_t *folded = arena_take(arena, text.bytes + 1);
    check_unit(hints_unit_at_start(hints, text, PLACE_NONE), span_of(folded, fold(text, folded)));
}

static void try_place(struct span text)
{
    const struct places *places = city_places(small.city);
    struct place_candidates found = {.count = 0};
    struct place_candidates again = {.count = 0};
    char path[PLACE_PATH_BYTES_MAX];
    enum resolution resolution = places_resolve(places, text, &found);
    CHECK((resolution == RESOLVED) == (found.count == 1));
    CHECK((resolution == RESOLVED_NOTHING) == (found.count == 0));
    if (resolution != RESOLVED)
        return;
    size_t bytes = place_path(places, found.places[0], path);
    CHECK(places_resolve(places, span_of(path, bytes), &again) == RESOLVED);
    CHECK(again.places[0].index == found.places[0].index);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct arena *arena = arena_create();
    struct span text = span_of(data, bytes);
    text.bytes = utf8_check(text); /* what is decoded is text */
    try_fold(text, arena);
    const struct text_hits *hits = scan(text);
    check_hits(hits);
    try_hints(text, hits, arena);
    try_place(text);
    arena_destroy(&arena);
    return 0;
}
