/* The tables of a simulated day: every mistake in them has its finding, with place and remedy, all
 * at once; Leshan's have none. And what is drawn from them: hours come as often as their shares
 * say.
 */
#include "tests/support/city_file.h"
#include "bench/arrivals.h"
#include "tools/simulate/phrases.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct small_city small;
static struct arrivals arrivals;
static struct phrases phrases;

static void set_up(void)
{
    char path[128];
    small_city_make(&small);
    snprintf(path, sizeof path, "%s/simulation", small.directory);
    cr_assert_eq(mkdir(path, 0700), 0);
}

static void tear_down(void)
{
    static const char *const names[] = {"arrivals.csv", "phrases.csv", "words.csv", ""};
    char path[128];
    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(path, sizeof path, "%s/simulation/%s", small.directory, names[i]);
        remove(path);
    }
    small_city_remove(&small);
}

TestSuite(simulate_tables, .init = set_up, .fini = tear_down);

static bool found(const char *const *beginnings, size_t count)
{
    return city_file_found(small.diag, beginnings, count);
}

/* -- arrivals ---------------------------------------------------------------------------------- */

/* A week with the same hour for everybody, but for one row. */
static void write_arrivals(int weekday, int hour, const char *row)
{
    char text[8192];
    int used = snprintf(text, sizeof text, "weekday,hour,share\n");
    for (int i = 1; i <= WEEKDAYS; i++)
        for (int j = 0; j < HOURS; j++)
            used += i == weekday && j == hour
                        ? snprintf(text + used, sizeof text - (size_t)used, "%s", row)
                        : snprintf(text + used, sizeof text - (size_t)used, "%d,%d,%s\n", i, j,
                                   j == 10   ? "0.75"
                                   : j == 22 ? "0.25"
                                             : "0");
    city_file_write_text(&small, "simulation/arrivals.csv", text);
    small_city_forget(&small);
    arrivals_load(small.directory, small.arena, small.diag, &arrivals);
}

Test(simulate_tables, arrivals_come_as_often_as_their_shares_say)
{
    struct random random = random_begin(3, 0);
    uint32_t counts[HOURS] = {0};
    write_arrivals(0, 0, "");
    cr_assert_eq(diag_count(small.diag), 0);
    for (int i = 0; i < 10000; i++) {
        int64_t ms = arrivals_draw_ms(&arrivals, 4, &random);
        cr_assert(ms >= 0 && ms < 24 * 3600 * 1000);
        counts[ms / (3600 * 1000)]++;
    }
    cr_expect_eq(counts[10] + counts[22], 10000);
    cr_expect(counts[10] > 7300 && counts[10] < 7700, "%u", counts[10]);
}

Test(simulate_tables, mistakes_in_arrivals_are_told)
{
    static const struct {
        const char *row;
        const char *findings[2];
        size_t count;
    } mistakes[] = {
        {"8,4,0\n",
         {"arrivals.csv:78:1: '8' is no weekday; write 1 (Monday) to 7",
          "arrivals.csv: weekday 4 lacks 1 of its 24 hours; add a row"},
         2},
        {"4,24,0\n",
         {"arrivals.csv:78:3: '24' is no hour; write 0 to 23", "arrivals.csv: weekday 4 lacks 1"},
         2},
        {"4,4,1.5\n", {"arrivals.csv:78:5: '1.5' is no share; write a decimal from 0 to 1"}, 1},
        {"4,4,0.1234567\n", {"arrivals.csv:78:5: '0.1234567' is no share"}, 1},
        {"4,4,-\n", {"arrivals.csv:78:5: '-' is no share"}, 1},
        {"4,4,0\n4,4,0\n",
         {"arrivals.csv:79:3: weekday 4, hour 4 stands here already (line 78)"},
         1},
        {"4,4\n", {"arrivals.csv:78:", "arrivals.csv: weekday 4 lacks 1"}, 2},
    };
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        write_arrivals(4, 4, mistakes[i].row);
        cr_expect(found(mistakes[i].findings, mistakes[i].count), "%s", mistakes[i].row);
    }
}

Test(simulate_tables, a_weekday_on_which_nobody_calls_is_a_mistake)
{
    static const char *const expected[] = {"arrivals.csv: nobody calls on weekday 1; give one"};
    char text[8192];
    int used = snprintf(text, sizeof text, "weekday,hour,share\n");
    for (int i = 0; i < WEEKDAYS * HOURS; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, "%d,%d,%d\n", i / HOURS + 1,
                         i % HOURS, i >= HOURS);
    city_file_write_text(&small, "simulation/arrivals.csv", text);
    arrivals_load(small.directory, small.arena, small.diag, &arrivals);
    cr_expect(found(expected, COUNT(expected)));
}

/* -- phrases ----------------------------------------------------------------------------------- */

#define HEADER "category,type,kind,line,title,text,answer\n"

/* One of everything that must be there. */
#define WHOLE                                                                                      \
    "#0101,enquiry,ordinary,12319,问,{place}{road}怎么办？,已告知。\n"                    \
    "#0102,help,urgent,,求助,{road}{road}请帮忙,\n"                                           \
    "#02,complaint,enterprise,,投诉,{place}不好,\n"                                            \
    ",report,ordinary,,举报,有人不好,\n"                                                     \
    ",suggestion,ordinary,,建议,修路,\n"                                                       \
    ",praise,ordinary,,表扬,很好,\n"                                                           \
    ",help,emergency,,起火,{place}起火,\n"                                                     \
    ",complaint,elsewhere,,判决,不服判决,\n"                                                 \
    ",report,unit,,{unit},{unit}不好,\n"

static void write_phrases(const char *words, const char *rows)
{
    char text[8192];
    snprintf(text, sizeof text, "slot,word\n%s", words);
    city_file_write_text(&small, "simulation/words.csv", text);
    snprintf(text, sizeof text, HEADER "%s", rows);
    city_file_write_text(&small, "simulation/phrases.csv", text);
    small_city_forget(&small);
    phrases_load(small.directory, small.city, small.arena, small.diag, &phrases);
}

Test(simulate_tables, slots_are_filled_with_one_word_throughout)
{
    struct random random = random_begin(1, 0);
    struct span words[SLOTS_MAX] = {0};
    char text[128];
    write_phrases("road,人民路\nroad,新华路\n", WHOLE);
    diag_print(small.diag, stderr);
    cr_assert_eq(diag_count(small.diag), 0);
    cr_assert_eq(phrases.count, 9);
    cr_expect(phrases.rows[0].names_place);
    cr_expect_not(phrases.rows[1].names_place);
    phrases_choose(&phrases, &random, words);
    words[SLOT_PLACE] = span_of_string("夹江县");
    words[phrases.slots_count - 1] = span_of_string("人民路");
    phrases_fill(&phrases, phrases.rows[1].text, words, text, sizeof text);
    cr_expect_str_eq(text, "人民路人民路请帮忙");
    phrases_fill(&phrases, phrases.rows[0].text, words, text, sizeof text);
    cr_expect_str_eq(text, "夹江县人民路怎么办？");
    size_t bytes = phrases_fill(&phrases, phrases.rows[0].text, words, text, 12);
    cr_expect_str_eq(text, "夹江县");
    cr_expect_eq(bytes, 9);
}

Test(simulate_tables, every_word_of_a_slot_is_drawn)
{
    struct random random = random_begin(1, 0);
    struct span words[SLOTS_MAX] = {0};
    uint32_t drawn = 0;
    write_phrases("road,人民路\nroad,新华路\n", WHOLE);
    for (int i = 0; i < 100; i++) {
        phrases_choose(&phrases, &random, words);
        drawn |= span_is(words[SLOTS_GIVEN], "人民路") ? 1 : 2;
    }
    cr_expect_eq(drawn, 3);
}

Test(simulate_tables, mistakes_in_phrases_are_told_all_at_once)
{
    static const char *const expected[] = {
        "words.csv:2:1: 'Road' is no name of a slot; lower-case letters only",
        "words.csv:3:1: {place} is filled by the simulation; leave this row out",
        "words.csv:4:6: a word has 1 to 64 bytes and no slots in it",
        "words.csv:5:6: a word has 1 to 64 bytes and no slots in it",
        "phrases.csv:11:12: 'orderly' is no kind; they are ordinary, urgent, enterprise, emergency",
        "phrases.csv:11:1: there is no category 0909; write a code of categories.csv, or nothing",
        "phrases.csv:12:2: 'moan' is no type; they are enquiry, help, complaint, report",
        "phrases.csv:12:16: there is no line 12399; write a number of lines.csv, or nothing",
        "phrases.csv:13:17: a title has 1 to 256 bytes",
        "phrases.csv:13:18: {street} is no slot; write {place}, {unit} or one of words.csv",
        "phrases.csv:14:19: {} is no slot",
        "phrases.csv:15:7: only a phrase of kind 'unit' may hold {unit}",
        "phrases.csv:16:",
    };
    write_phrases("Road,x\nplace,x\nroad,\nroad,{place}\nroad,人民路\n",
                  WHOLE "#0909,help,orderly,,t,x,\n"
                        ",moan,ordinary,12399,t,x,\n"
                        ",help,ordinary,,,{street},\n"
                        ",help,ordinary,,t,坏{road,\n"
                        ",help,ordinary,,t,{unit},\n"
                        ",help\n");
    cr_expect(found(expected, COUNT(expected)));
}

Test(simulate_tables, something_must_be_there_of_every_kind_and_type)
{
    static const char *const expected[] = {
        "phrases.csv: has no phrase of kind 'emergency'; add one",
        "phrases.csv: has no phrase of kind 'elsewhere'; add one",
        "phrases.csv: has no phrase of kind 'unit'; add one",
        "phrases.csv: has no ordinary phrase of type 'enquiry'; add one",
        "phrases.csv: has no ordinary phrase of type 'complaint'; add one",
        "phrases.csv: has no ordinary phrase of type 'report'; add one",
        "phrases.csv: has no ordinary phrase of type 'suggestion'; add one",
        "phrases.csv: has no ordinary phrase of type 'praise'; add one",
    };
    write_phrases("", ",help,ordinary,,t,x,\n");
    cr_expect(found(expected, COUNT(expected)));
}

Test(simulate_tables, too_many_slots_are_told)
{
    char words[1024] = "";
    for (int i = 0; i < SLOTS_MAX - SLOTS_GIVEN + 1; i++)
        snprintf(words + strlen(words), sizeof words - strlen(words), "s%c%c,x\n", 'a' + i / 26,
                 'a' + i % 26);
    write_phrases(words, WHOLE);
    cr_expect_str_eq(city_file_finding(small.diag, 0),
                     "words.csv:32:1: is one slot too many; at most 30");
}

Test(simulate_tables, what_is_missing_or_has_another_header_is_told)
{
    static const char *const expected[] = {"arrivals.csv: ", "words.csv: ", "phrases.csv:1:"};
    small_city_forget(&small);
    city_file_write_text(&small, "simulation/phrases.csv", "a,b\n");
    arrivals_load(small.directory, small.arena, small.diag, &arrivals);
    phrases_load(small.directory, small.city, small.arena, small.diag, &phrases);
    cr_expect(found(expected, COUNT(expected)));
}

Test(simulate_tables, those_of_leshan_have_no_mistake)
{
    struct arena *arena = arena_create();
    struct diag *diag = diag_create();
    const struct city *leshan = city_load(folder_of("cities/leshan"), arena, diag);
    cr_assert_not_null(leshan);
    arrivals_load("cities/leshan", arena, diag, &arrivals);
    phrases_load("cities/leshan", leshan, arena, diag, &phrases);
    diag_print(diag, stderr);
    cr_expect_eq(diag_count(diag), 0);
    cr_expect_geq(phrases.count, 200);
    uint32_t covered = 0;
    for (uint32_t i = 0; i < phrases.count; i++)
        if (phrases.rows[i].category.index != CATEGORY_NONE.index) {
            struct span code = category_code(leshan, phrases.rows[i].category);
            covered |= 1u << ((code.data[0] - '0') * 10 + (code.data[1] - '0'));
        }
    for (uint32_t i = 0; i < city_categories(leshan); i++) {
        struct span code = category_code(leshan, (struct category){i});
        if (code.bytes == 2)
            cr_expect(covered >> ((code.data[0] - '0') * 10 + (code.data[1] - '0')) & 1, "%.*s",
                      SPAN_ARG(code));
    }
    keywords_close(city_keywords(leshan));
    diag_destroy(&diag);
    arena_destroy(&arena);
}
