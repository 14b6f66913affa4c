/* Keywords in texts: what is found is what memmem finds in the folded text, over random keywords
 * and texts of a small alphabet, so that keywords overlap, stand inside each other and repeat, and
 * of all kinds of characters that are folded; then many keywords, and the limits. Set SEED to see a
 * random text again. */
#include "domain/text/text.h"
#include "base/utf8.h"
#include "domain/text/fold.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct arena *arena;
static struct diag *diag;
static struct keywords *keywords;
static struct text_scratch *scratch;

static void set_up(void)
{
    arena = arena_create();
    diag = diag_create();
    keywords = keywords_create(arena);
}

static void tear_down(void)
{
    text_scratch_destroy(&scratch);
    keywords_close(keywords);
    diag_destroy(&diag);
    arena_destroy(&arena);
}

TestSuite(text, .init = set_up, .fini = tear_down);

static uint32_t add(const char *keyword)
{
    return keywords_add(keywords, span_of_string(keyword), false);
}

static uint32_t add_name(const char *keyword)
{
    return keywords_add(keywords, span_of_string(keyword), true);
}

static void compile(void)
{
    cr_assert_eq(keywords_compile(keywords, "rules", diag), OK);
    cr_assert_eq(diag_count(diag), 0);
    scratch = text_scratch_create(keywords);
}

static const struct text_hits *scan(const char *text)
{
    struct span part = span_of_string(text);
    return text_scan(scratch, &part, 1);
}

static uint32_t times_sought(const struct text_hits *hits, enum text_group group, uint32_t word)
{
    struct text_words words = text_sought(hits, group);
    uint32_t times = 0;
    for (uint32_t i = 0; i < words.count; i++)
        times += words.list[i] == word;
    return times;
}

static uint32_t count_sought(const struct text_hits *hits, enum text_group group)
{
    return text_sought(hits, group).count;
}

/* -- against memmem ---------------------------------------------------------------------------- */

enum { KEYWORDS = 60, KEYWORD_CHARACTERS_MAX = 5, TEXT_CHARACTERS_MAX = 60, PARTS_MAX = 3 };
enum { NAME = 1 << TEXT_GROUPS, WORD = NAME << 1 }; /* and a bit a group */

/* The first, third and last of the first five have bytes in common, the second and the fourth a
 * lead byte; then characters of one to four bytes that fold to others, and to some of the first. */
static const char *const alphabet[] = {"噪", "音", "噫", "a",  "阳", "😀",  "A",  "ａ", "陽",
                                       "é",  "\n", "。", "𠌥", "𠆿", "𡠹", "　", " "};
enum { PLAIN = 6, ALL = sizeof alphabet / sizeof alphabet[0] };

static uint32_t up_to(uint32_t limit)
{
    return (uint32_t)random() % limit;
}

static struct span random_text(uint32_t characters, uint32_t letters, char *text)
{
    text[0] = '\0';
    for (uint32_t i = 0; i < characters; i++)
        strcat(text, alphabet[up_to(letters)]);
    return span_of_string(text);
}

/* The parts as text.h promises them. */
static void check_folded(const struct text_hits *hits, const struct span *parts, uint32_t count)
{
    uint8_t folded[PARTS_MAX * (TEXT_CHARACTERS_MAX * 4 + 1)];
    size_t bytes = 0;
    for (uint32_t i = 0; i < count; i++) {
        bytes += fold(parts[i], folded + bytes);
        folded[bytes++] = '\n';
    }
    cr_assert(span_equal(text_names(hits)->folded, span_of(folded, bytes)));
}

static uint32_t times_named(const struct text_names *names, uint32_t keyword, uint32_t first,
                            uint32_t first_limit)
{
    size_t bytes = keyword_text(keywords, keyword).bytes;
    uint32_t times = 0;
    for (uint32_t i = 0; i < names->count; i++) {
        const struct name_hit *hit = &names->list[i];
        cr_assert(hit->keyword != keyword || hit->limit == hit->first + bytes);
        times += hit->keyword == keyword && hit->first >= first && hit->first < first_limit;
    }
    return times;
}

/* Once in the list if it stands there, and of words to weigh once more at 2, 4, 8, 16 times. */
static uint32_t times_listed(enum text_group group, uint32_t times)
{
    uint32_t listed = times > 0;
    for (uint32_t at = 2; group == TEXT_WEIGHING && at <= times && at <= TEXT_TIMES_MAX; at *= 2)
        listed++;
    return listed;
}

/* All occurrences of one keyword in what was scanned. */
static void check_keyword(const struct text_hits *hits, uint32_t keyword, uint32_t uses)
{
    const struct text_names *names = text_names(hits);
    struct span folded = names->folded;
    struct span text = keyword_text(keywords, keyword);
    uint32_t times = 0;
    for (uint32_t at = 0; at + text.bytes <= folded.bytes; at++)
        if (memcmp(folded.data + at, text.data, text.bytes) == 0) {
            cr_assert_eq(times_named(names, keyword, at, at + 1), (uses & NAME) != 0,
                         "%.*s at %u of %.*s", SPAN_ARG(text), at, SPAN_ARG(folded));
            times++;
        }
    cr_assert_eq(text_has(hits, keyword), times > 0 && (uses & WORD) != 0, "%.*s in %.*s",
                 SPAN_ARG(text), SPAN_ARG(folded));
    for (enum text_group group = 0; group < TEXT_GROUPS; group++)
        cr_assert_eq(times_sought(hits, group, keyword),
                     (uses >> group & 1) != 0 ? times_listed(group, times) : 0);
    cr_assert_eq(times_named(names, keyword, 0, UINT32_MAX), (uses & NAME) != 0 ? times : 0);
}

static void check_order(const struct text_names *names)
{
    for (uint32_t i = 1; i < names->count; i++) {
        struct name_hit a = names->list[i - 1];
        struct name_hit b = names->list[i];
        cr_assert(a.limit < b.limit || (a.limit == b.limit && a.first < b.first));
    }
}

static void add_random(uint32_t letters, uint32_t uses[KEYWORDS])
{
    for (uint32_t i = 0, wanted = 1 + up_to(KEYWORDS); i < wanted; i++) {
        char text[64];
        uint8_t folded[64];
        bool name = up_to(3) == 0;
        struct span keyword = random_text(1 + up_to(KEYWORD_CHARACTERS_MAX), letters, text);
        keyword = span_of(folded, fold(keyword, folded));
        if (keyword.bytes == 0)
            continue;
        enum text_group group = up_to(2 * TEXT_GROUPS);
        if (up_to(4) == 0) {
            uses[keywords_add_sought(keywords, keyword, group % TEXT_GROUPS)] |=
                1u << group % TEXT_GROUPS;
            continue;
        }
        uint32_t number = keywords_add(keywords, keyword, name);
        uses[number] |= name ? NAME : WORD;
        if (group < TEXT_GROUPS)
            keywords_seek(keywords, number, group);
        uses[number] |= group < TEXT_GROUPS ? 1u << group : 0;
    }
}

static void compare_with_memmem(uint32_t letters)
{
    uint32_t uses[KEYWORDS] = {0};
    add_random(letters, uses);
    compile();
    for (int i = 0; i < 40; i++) {
        char texts[PARTS_MAX][TEXT_CHARACTERS_MAX * 4 + 1];
        struct span parts[PARTS_MAX];
        uint32_t count = up_to(PARTS_MAX + 1);
        for (uint32_t p = 0; p < PARTS_MAX; p++)
            parts[p] = random_text(up_to(TEXT_CHARACTERS_MAX / 2), letters, texts[p]);
        const struct text_hits *hits = text_scan(scratch, parts, count);
        if (i % 3 > 0)
            text_find_all(hits, i % 3 == 1);
        check_folded(hits, parts, count);
        if (text_names(hits)->count == TEXT_NAMES_MAX)
            continue; /* has a test of its own */
        for (uint32_t k = 0; k < keywords_count(keywords); k++)
            check_keyword(hits, k, uses[k]);
        check_order(text_names(hits));
    }
}

Test(text, what_is_found_is_what_memmem_finds)
{
    const char *given = getenv("SEED");
    unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
    fprintf(stderr, "text/memmem: SEED=%u\n", seed);
    srandom(seed);
    for (int i = 0; i < 300; i++) {
        compare_with_memmem(i % 2 == 0 ? PLAIN : ALL);
        tear_down();
        set_up();
    }
}

/* -- one by one -------------------------------------------------------------------------------- */

Test(text, texts_are_folded_and_keywords_stand_in_any_place)
{
    uint32_t noise = add("噪声扰民");
    uint32_t ktv = add("ktv");
    compile();
    const struct text_hits *hits = scan("家门口 ＫＴＶ 夜間噪聲\n擾民");
    cr_expect(text_has(hits, noise) && text_has(hits, ktv));
    cr_expect(span_is(text_names(hits)->folded, "家门口 ktv 夜间噪声扰民\n"));
}

/* Whatever the length of what stands before it. */
Test(text, the_last_characters_are_looked_at_too)
{
    enum { LENGTHS = 200 };
    char text[LENGTHS + 2];
    uint32_t longer = add("a阳噫噪");
    uint32_t letter = add("a");
    compile();
    for (uint32_t i = 0; i < LENGTHS; i++) {
        memset(text, 'x', sizeof text);
        memcpy(text + i, "a", 2);
        const struct text_hits *hits = scan(text);
        cr_assert(text_has(hits, letter), "behind %u others", i);
        cr_assert_not(text_has(hits, longer));
    }
}

/* Down one branch, all the way to the longest that there may be. */
Test(text, keywords_stand_inside_each_other)
{
    char text[KEYWORD_BYTES_MAX + 8];
    memset(text, 'x', sizeof text);
    for (uint32_t i = 0; i < KEYWORD_BYTES_MAX; i++)
        keywords_seek(keywords, keywords_add(keywords, span_of(text, i + 1), false), 0);
    add_name("xx");
    compile();
    struct span part = span_of(text, 200);
    const struct text_hits *hits = text_scan(scratch, &part, 1);
    cr_expect_eq(count_sought(hits, 0), 200);
    cr_expect(!text_has(hits, 200) && text_has(hits, 199));
    cr_expect_eq(text_names(hits)->count, 199);
    part.bytes = sizeof text;
    cr_expect_eq(count_sought(text_scan(scratch, &part, 1), 0), KEYWORD_BYTES_MAX);
}

Test(text, nothing_is_found_across_two_parts)
{
    uint32_t noise = add("噪声");
    struct span parts[] = {span_of_string("噪"), span_of_string("声"), span_of_string("噪声")};
    compile();
    cr_expect_not(text_has(text_scan(scratch, parts, 2), noise));
    cr_expect(text_has(text_scan(scratch, parts, 3), noise));
}

Test(text, equal_keywords_share_a_number_and_may_be_word_and_name)
{
    uint32_t first = add("夹江县");
    uint32_t other = add("夹江");
    cr_expect_eq(add_name("夹江县"), first);
    cr_expect_eq(keywords_count(keywords), 2);
    compile();
    const struct text_hits *hits = scan("夹江县到夹江县");
    cr_expect(text_has(hits, first) && text_has(hits, other));
    const struct text_names *names = text_names(hits);
    cr_assert_eq(names->count, 2);
    cr_expect_eq(names->list[1].first, 12);
    cr_expect_eq(names->list[1].limit, 21);
    cr_expect_eq(text_names(hits), names, "once, and for all who ask");
    cr_expect_eq(names->count, 2);
}

Test(text, a_scan_forgets_the_one_before)
{
    uint32_t a = add("一");
    uint32_t b = add_name("二");
    keywords_seek(keywords, a, TEXT_PICKING);
    compile();
    cr_expect(text_has(scan("一二"), a));
    cr_expect_not(text_has(scan("二三"), a));
    cr_expect_eq(count_sought(scan("一"), TEXT_PICKING), 1);
    cr_expect_eq(count_sought(scan("一"), TEXT_SUMMING), 0);
    cr_expect_eq(count_sought(scan("三"), TEXT_PICKING), 0);
    cr_expect_eq(text_names(scan("三"))->count, 0);
    cr_expect_eq(times_named(text_names(scan("二")), b, 0, 1), 1);
    cr_expect_not(text_has(scan(""), a));
    cr_expect_eq(text_names(scan(""))->count, 0);
}

Test(text, a_word_to_weigh_counts_again_each_time_it_is_twice_as_often_there)
{
    static const uint32_t listed[] = {0, 1, 2, 2, 3, 3, 3, 3, 4};
    char text[3 * 100 + 1] = "";
    uint32_t noise = keywords_add_sought(keywords, span_of_string("噪"), TEXT_WEIGHING);
    compile();
    for (uint32_t times = 0; times < 100; times++, strcat(text, "噪")) {
        uint32_t expected = times < 9 ? listed[times] : times < 16 ? 4 : 5;
        cr_assert_eq(times_sought(scan(text), TEXT_WEIGHING, noise), expected, "%u times", times);
        cr_assert_not(text_has(scan(text), noise), "nobody asks for it alone");
    }
}

Test(text, what_was_closed_takes_more_keywords)
{
    uint32_t before = add("噪声");
    compile();
    text_scratch_destroy(&scratch);
    keywords_close(keywords);
    uint32_t behind = add("一");
    uint32_t front = add("龥");
    compile();
    const struct text_hits *hits = scan("噪声一");
    cr_expect(text_has(hits, before) && text_has(hits, behind));
    cr_expect_not(text_has(hits, front));
}

Test(text, no_keywords_find_nothing)
{
    compile();
    const struct text_hits *hits = scan("噪 声");
    cr_expect(span_is(text_names(hits)->folded, "噪声\n"));
    cr_expect_eq(count_sought(hits, TEXT_PICKING), 0);
    cr_expect_eq(text_names(hits)->count, 0);
}

/* -- limits ------------------------------------------------------------------------------------ */

Test(text, of_too_many_names_the_first_are_noted)
{
    static char text[3 * 3 * TEXT_NAMES_MAX + 1];
    uint32_t name = add_name("乐山");
    uint32_t longer = add_name("乐山乐山");
    uint32_t last = add("末");
    for (int i = 0; i < TEXT_NAMES_MAX; i++)
        strcat(text, "乐山");
    strcat(text, "末");
    compile();
    const struct text_hits *hits = scan(text);
    const struct text_names *names = text_names(hits);
    cr_assert_eq(names->count, TEXT_NAMES_MAX);
    check_order(names);
    cr_expect_eq(names->list[0].keyword, name);
    cr_expect_eq(names->list[1].keyword, longer);
    cr_expect_eq(names->list[TEXT_NAMES_MAX - 1].limit, 6 * (TEXT_NAMES_MAX / 2 + 1));
    cr_expect(text_has(hits, last), "words are found all the same");
}

/* A long name is known by its beginning, before a short one that ends inside it. */
Test(text, of_too_many_names_those_that_end_first_are_noted_however_they_are_found)
{
    static char text[6 * TEXT_NAMES_MAX + 64];
    add_name("乐山");
    add_name("甲乙丙丁戊己庚辛壬癸");
    uint32_t inside = add_name("己庚");
    for (int i = 1; i < TEXT_NAMES_MAX; i++)
        strcat(text, "乐山");
    strcat(text, "甲乙丙丁戊己庚辛壬癸");
    compile();
    const struct text_names *names = text_names(scan(text));
    cr_assert_eq(names->count, TEXT_NAMES_MAX);
    check_order(names);
    cr_expect_eq(names->list[TEXT_NAMES_MAX - 1].keyword, inside);
}

Test(text, what_is_beyond_the_limit_is_not_looked_at)
{
    uint32_t last = add("末");
    compile();
    char *text = malloc(TEXT_BYTES_MAX + 16);
    cr_assert_not_null(text);
    memset(text, 'x', TEXT_BYTES_MAX + 16);
    memcpy(text + TEXT_BYTES_MAX - 4, "末", 3);
    struct span parts[] = {span_of(text, TEXT_BYTES_MAX - 1), span_of_string("末")};
    const struct text_hits *hits = text_scan(scratch, parts, 2);
    cr_expect(text_has(hits, last));
    cr_expect_eq(text_names(hits)->folded.bytes, TEXT_BYTES_MAX);
    memcpy(text + TEXT_BYTES_MAX - 4, "x末", 4);
    parts[0].bytes = TEXT_BYTES_MAX;
    hits = text_scan(scratch, parts, 2);
    cr_expect_not(text_has(hits, last));
    struct span folded = text_names(hits)->folded;
    cr_expect_eq(utf8_check(folded), folded.bytes, "no half characters");
    free(text);
}

Test(text, ten_thousand_keywords_in_a_long_text)
{
    enum { COUNT = 10000, LETTERS_BYTES = 32768 };
    char *text = calloc(1, LETTERS_BYTES);
    cr_assert_not_null(text);
    for (uint32_t i = 0; i < COUNT; i++) {
        char keyword[32];
        snprintf(keyword, sizeof keyword, "投诉%u号", i);
        cr_assert_eq(add(keyword), i);
        if (i % 7 == 0 && strlen(text) + strlen(keyword) < LETTERS_BYTES)
            strcat(text, keyword);
    }
    compile();
    const struct text_hits *hits = scan(text);
    for (uint32_t i = 0; i < COUNT; i++) {
        struct span keyword = keyword_text(keywords, i);
        cr_assert_eq(text_has(hits, i),
                     memmem(text, strlen(text), keyword.data, keyword.bytes) != NULL);
    }
    free(text);
}

/* Out of thousands, so that some have many behind them and many have one. */
Test(text, any_of_many_characters)
{
    enum { COUNT = 20000, TEXTS = 100, FIRST = 0x4E00, CODES = 20000 };
    static char texts[COUNT][16];
    srandom(7);
    for (uint32_t i = 0; i < COUNT; i++) {
        size_t bytes = 0;
        for (uint32_t c = 0, wanted = 2 + up_to(2); c < wanted; c++) {
            uint32_t code = FIRST + (c == 0 ? up_to(1 + up_to(CODES)) : up_to(CODES));
            char one[3] = {(char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3F)),
                           (char)(0x80 | (code & 0x3F))};
            bytes += fold(span_of(one, 3), (uint8_t *)texts[i] + bytes);
        }
        keywords_add(keywords, span_of(texts[i], bytes), false);
    }
    compile();
    for (uint32_t i = 0; i < TEXTS; i++) {
        char text[64] = "";
        for (uint32_t j = 0; j < 4; j++)
            strcat(text, texts[up_to(COUNT)]);
        const struct text_hits *hits = scan(text);
        for (uint32_t k = 0; k < keywords_count(keywords); k++) {
            struct span keyword = keyword_text(keywords, k);
            bool stands = memmem(text, strlen(text), keyword.data, keyword.bytes) != NULL;
            cr_assert_eq(text_has(hits, k), stands);
        }
    }
}

Test(text, a_keyword_that_is_too_long_is_refused_with_a_word)
{
    char text[KEYWORD_BYTES_MAX + 2];
    memset(text, 'x', sizeof text);
    cr_expect_eq(keywords_add(keywords, span_of(text, KEYWORD_BYTES_MAX), false), 0);
    cr_expect_eq(keywords_add(keywords, span_of(text, KEYWORD_BYTES_MAX + 1), false), KEYWORD_NONE);
    cr_expect_eq(keywords_compile(keywords, "rules", diag), ERR_INVALID);
    cr_assert_eq(diag_count(diag), 1);
    cr_expect(strstr(diag_at(diag, 0)->text, "of up to 256 bytes") != NULL);
}

Test(text, too_many_different_characters_are_refused_with_a_word)
{
    enum { FIRST = 0x40000, COUNT = UINT16_MAX + 1, AT_ONCE = 64 };
    for (uint32_t code = FIRST; code < FIRST + COUNT; code += AT_ONCE) {
        char text[4 * AT_ONCE];
        for (uint32_t i = 0; i < AT_ONCE; i++) {
            char one[4] = {
                (char)(0xF0 | (code + i) >> 18), (char)(0x80 | ((code + i) >> 12 & 0x3F)),
                (char)(0x80 | ((code + i) >> 6 & 0x3F)), (char)(0x80 | ((code + i) & 0x3F))};
            memcpy(text + sizeof one * i, one, sizeof one);
        }
        keywords_add(keywords, span_of(text, sizeof text), false);
    }
    cr_expect_eq(keywords_compile(keywords, "rules", diag), ERR_INVALID);
    cr_assert_eq(diag_count(diag), 1);
    cr_expect(strstr(diag_at(diag, 0)->text, "too many different characters") != NULL);
}

Test(text, scanning_allocates_nothing)
{
    int (*control)(const char *, void *, size_t *, void *, size_t) = NULL;
    void *symbol = dlsym(RTLD_DEFAULT, "mallctl");
    uint64_t *allocated = NULL;
    size_t bytes = sizeof allocated;
    memcpy(&control, &symbol, sizeof control);
    if (symbol == NULL || control("thread.allocatedp", (void *)&allocated, &bytes, NULL, 0) != 0) {
        fprintf(stderr, "skipped: the allocator is not jemalloc\n");
        return;
    }
    add("噪音");
    add_name("乐山");
    compile();
    uint64_t before = *allocated;
    for (int i = 0; i < 100; i++)
        cr_assert_eq(text_names(scan("乐山夜间噪音"))->count, 1);
    cr_expect_eq(*allocated, before);
}
