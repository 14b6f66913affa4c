/* Two books are compared over the tickets of a store: each is decided by both as it came in, and
 * what comes out otherwise is counted, by what it is, whence, whither and by which rows. */
#include "base/file.h"
#include "tests/engine/small_bench.h"
#include "stages/shelf.h"
#include "tools/compare/comparison.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>

#define ROADS "511126000000.roads"

static struct small_bench bench;
static struct small_city other; /* the new book's city */
static struct diag *diag;
static struct arena *arena;
static struct store_look *look;
static struct policy *policies[SIDES];
static struct pair pair;
static struct difference difference;

static void set_up(void)
{
    small_bench_open(&bench);
    small_city_make(&other);
    small_book_write(&other, "urban");
    diag = diag_create();
    arena = arena_create();
}

static void tear_down(void)
{
    difference_free(&difference);
    for (enum side side = 0; side < SIDES; side++)
        policy_destroy(&policies[side]);
    store_look_close(&look);
    arena_destroy(&arena);
    diag_destroy(&diag);
    small_city_remove(&other);
    small_bench_close(&bench);
}

TestSuite(compared, .init = set_up, .fini = tear_down);

static void expect_no_findings(void)
{
    diag_print(diag, stderr);
    cr_assert_eq(diag_count(diag), 0);
}

/* Ends the engine and compares over its store. */
static void compare(const char *old_book, const char *new_book)
{
    const char *const books[SIDES] = {old_book, new_book};
    bench_stop(&bench.bench);
    cr_assert_eq(store_look_open(bench.bench.store, diag, &look), OK);
    for (enum side side = 0; side < SIDES; side++) {
        enum err err = named_book_open(books[side], look, diag, &policies[side]);
        expect_no_findings();
        cr_assert_eq(err, OK);
    }
    pair_init(&pair, policies[SIDE_OLD], policies[SIDE_NEW], arena);
    cr_assert_eq(difference_count(look, &pair, HISTORY_THREADS, &difference, diag), OK);
    expect_no_findings();
}

/* The small bench's assign table with the urban row's function and time of the new book's choice.
 */
static void write_assign(const char *function, const char *co)
{
    char text[1024];
    snprintf(text, sizeof text,
             "F,事项,地点,派单模式,层级,职能,协办,抄送,来电人,依据\n"
             ",in:category,in:place,in:regime,out:tier,out:function,out:co,out:informed,"
             "out:reporter,note:basis\n"
             ",category,place,regime,tier,function,function,function,reporter,text\n"
             "flood,#0101,-,emergency,county,water,,,shown,防汛\n"
             "streets,#0101,\"#511126, #511102\",-,county,%s,%s,health,shown,市容\n"
             "rubbish,#0102,-,-,township,general,,,shown,属地管理\n"
             "fund,#02,-,-,city,fund,,,shown,公积金\n"
             "else,-,-,-,city,desk,,,shown,\n",
             function, co);
    small_city_write(&other, "assign", text);
}

static void submit(const char *id, const char *category, char number[NUMBER_BYTES_MAX])
{
    Lianxin__V1__Case one = small_case(id);
    one.category = (char *)category;
    small_ticket(&bench, &one, number);
}

static struct groups fold(uint32_t aspect, uint32_t keep)
{
    return groups_fold(&pair, &difference.groups, aspect, keep, NULL, 0);
}

static void expect_value(const struct group *group, enum side side, const char *expected)
{
    char text[CHANGE_TEXT_BYTES_MAX];
    change_value_text(&pair, group->key.aspect, &group->key.values[side], text);
    cr_expect_str_eq(text, expected);
}

Test(compared, the_same_book_changes_nothing)
{
    char number[NUMBER_BYTES_MAX];
    submit("one", "0101", number);
    submit("two", "0102", number);
    compare(bench.small.directory, other.directory);
    cr_expect_eq(pair.alike, ALIKE_WORDS);
    cr_expect_eq(difference.tickets, 2);
    cr_expect_eq(difference.changed, 0);
    cr_expect_eq(difference.by_other_rows, 0);
    cr_expect_eq(difference.groups.count, 0);
    uint32_t urban =
        pair.units
            .number[SIDE_OLD][city_unit_by_key(policies[0]->city, span_of_string(URBAN)).index];
    cr_expect_eq(difference.loads[SIDE_OLD][urban], 1);
    cr_expect_eq(difference.loads[SIDE_NEW][urban], 1);
}

Test(compared, what_goes_elsewhere_is_told_by_unit_and_by_row)
{
    char numbers[3][NUMBER_BYTES_MAX];
    struct sampler sampler;
    submit("one", "0101", numbers[0]);
    submit("two", "0102", numbers[1]);
    submit("three", "0101", numbers[2]);
    write_assign("roads", "police");
    compare(bench.small.directory, other.directory);
    cr_expect_eq(difference.tickets, 3);
    cr_expect_eq(difference.changed, 2);
    cr_expect_eq(difference.aspects[ASPECT_WHERE], 2);
    cr_expect_eq(difference.aspects[ASPECT_CO], 0);
    struct groups by_row = fold(ASPECT_WHERE, KEEP_ROWS);
    cr_assert_eq(by_row.count, 1);
    cr_expect(span_is(change_row_text(&pair, SIDE_OLD, by_row.list[0].key.rows[SIDE_OLD]),
                      "assign/urban"));
    cr_expect(span_is(change_row_text(&pair, SIDE_NEW, by_row.list[0].key.rows[SIDE_NEW]),
                      "assign/streets"));
    struct groups by_unit = fold(ASPECT_WHERE, KEEP_VALUES);
    cr_assert_eq(by_unit.count, 1);
    expect_value(&by_unit.list[0], SIDE_OLD, URBAN " 夹江县城管局");
    expect_value(&by_unit.list[0], SIDE_NEW, ROADS " 夹江县公路局");
    cr_assert_eq(by_unit.list[0].samples.count, 2);
    cr_assert_eq(sampler_open(look, true, &sampler), OK);
    sampler_read(&sampler, by_unit.list[0].samples.serials[0]);
    cr_expect(strcmp(sampler.number, numbers[0]) == 0 || strcmp(sampler.number, numbers[2]) == 0);
    cr_expect_str_eq(sampler.title, "占道");
    sampler_close(&sampler);
    groups_free(&by_row);
    groups_free(&by_unit);
}

Test(compared, a_row_of_another_name_that_says_the_same_is_no_change)
{
    char number[NUMBER_BYTES_MAX];
    submit("one", "0101", number);
    write_assign("urban", "police");
    compare(bench.small.directory, other.directory);
    cr_expect_eq(difference.changed, 0);
    cr_expect_eq(difference.by_other_rows, 1);
}

Test(compared, clocks_co_units_and_dispositions_count_as_well)
{
    char number[NUMBER_BYTES_MAX];
    submit("one", "0101", number);
    submit("two", "0102", number);
    write_assign("urban", "\"police, water\"");
    small_city_write(&other, "urgency",
                     "F,紧急程度,派单模式,紧急程度,办理时限,签收时限,依据\n"
                     ",in:urgency,in:regime,out:urgency,out:limit,out:sign,note:basis\n"
                     ",urgency,regime,urgency,limit,limit,text\n"
                     "else,-,-,,5wd,1wd,一般件\n");
    small_city_write(&other, "triage",
                     "F,事项,处理方式,告知\n,in:category,out:disposition,out:advice\n"
                     ",category,disposition,text\n"
                     "rubbish,#0102,redirect,请找物业\n"
                     "else,-,dispatch,\n");
    compare(bench.small.directory, other.directory);
    cr_expect_eq(difference.changed, 2);
    cr_expect_eq(difference.aspects[ASPECT_WHERE], 1);
    cr_expect_eq(difference.aspects[ASPECT_CO], 1);
    cr_expect_eq(difference.aspects[ASPECT_CLOCK], 1, "what is redirected has none");
    struct groups where = fold(ASPECT_WHERE, KEEP_VALUES | KEEP_ROWS);
    struct groups co = fold(ASPECT_CO, KEEP_VALUES);
    struct groups clock = fold(ASPECT_CLOCK, KEEP_VALUES);
    expect_value(&where.list[0], SIDE_NEW, "redirect 告知其他途径");
    cr_expect(span_is(change_row_text(&pair, SIDE_NEW, where.list[0].key.rows[SIDE_NEW]),
                      "triage/rubbish"));
    expect_value(&co.list[0], SIDE_OLD, "公安");
    expect_value(&co.list[0], SIDE_NEW, "公安、水务");
    cr_assert_eq(clock.count, 1);
    expect_value(&clock.list[0], SIDE_OLD, "2wd, sign 1wd");
    expect_value(&clock.list[0], SIDE_NEW, "5wd, sign 1wd");
    groups_free(&where);
    groups_free(&co);
    groups_free(&clock);
}

/* A regime that was in force then is in force when it is decided again, whatever day it is now. */
Test(compared, the_regime_and_the_hour_are_those_of_then)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Act order = bench_action("flood", "", LIANXIN__V1__VERB__VERB_REGIME, "");
    order.regime = LIANXIN__V1__REGIME__REGIME_EMERGENCY;
    submit("before", "0101", number);
    small_act(&bench, &order);
    submit("after", "0101", number);
    write_assign("roads", "police");
    compare(bench.small.directory, other.directory);
    cr_expect_eq(difference.tickets, 2, "the record of regimes is no ticket");
    cr_expect_eq(difference.aspects[ASPECT_WHERE], 1);
    struct groups where = fold(ASPECT_WHERE, KEEP_VALUES);
    expect_value(&where.list[0], SIDE_OLD, URBAN " 夹江县城管局");
    groups_free(&where);
}

/* What was attached to another is part of that; what the desk said since is not looked at. */
Test(compared, a_case_counts_once_and_as_it_came_in)
{
    char number[NUMBER_BYTES_MAX];
    submit("one", "0101", number);
    Lianxin__V1__Case more = small_case("more");
    more.earlier_ticket = number;
    Lianxin__V1__Act act = bench_action("act", number, LIANXIN__V1__VERB__VERB_CORRECT, "");
    act.category = "0102";
    struct became became = small_submit(&bench, &more);
    reply_free(became.reply);
    small_act(&bench, &act);
    write_assign("roads", "police");
    compare(bench.small.directory, other.directory);
    cr_expect_eq(difference.tickets, 1);
    cr_expect_eq(difference.attached, 1);
    cr_expect_eq(difference.aspects[ASPECT_WHERE], 1);
}

/* Overwrites a ticket's story in the stopped store's file, as erasing does: with zeros, and the
 * salt behind it. */
static void erase(uint64_t serial)
{
    enum { SALT_BYTES = 8 };
    struct event_view view;
    struct store_reader *reader;
    uint8_t story[1024];
    char path[128];
    cr_assert_eq(store_look_open(bench.bench.store, diag, &look), OK);
    cr_assert_eq(store_look_reader(look, &reader), OK);
    cr_assert_eq(store_reader_begin(reader), OK);
    cr_assert_eq(store_reader_event(reader, serial, &view), OK);
    size_t bytes = view.story.bytes + view.reporter.bytes;
    cr_assert(bytes > 0 && bytes <= sizeof story);
    memcpy(story, view.story.data, bytes);
    store_reader_end(reader);
    store_reader_close(&reader);
    store_look_close(&look);
    snprintf(path, sizeof path, "%s/data.mdb", bench.bench.store);
    struct span file;
    cr_assert_eq(file_read(path, 64 << 20, arena, &file), OK);
    uint8_t *data = (uint8_t *)arena_copy(arena, file);
    for (uint8_t *at = data; (at = memmem(at, file.bytes - (size_t)(at - data), story, bytes));)
        memset(at, 0, bytes + SALT_BYTES);
    FILE *out = fopen(path, "r+");
    cr_assert_not_null(out);
    cr_assert_eq(fwrite(data, 1, file.bytes, out), file.bytes);
    cr_assert_eq(fclose(out), 0);
}

Test(compared, what_has_no_story_any_more_is_counted_apart)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case forgotten = small_case("forgotten");
    forgotten.title = "请忘记我";
    submit("one", "0101", number);
    small_ticket(&bench, &forgotten, number);
    write_assign("roads", "police");
    bench_stop(&bench.bench);
    erase(2);
    compare(bench.small.directory, other.directory);
    cr_expect_eq(difference.tickets, 1);
    cr_expect_eq(difference.erased, 1);
    cr_expect_eq(difference.aspects[ASPECT_WHERE], 1);
}

/* The store keeps what decided, so yesterday's book needs no directory. */
Test(compared, a_book_may_be_one_that_the_store_keeps)
{
    char number[NUMBER_BYTES_MAX];
    char hash[NAMED_BOOK_HASH_BYTES];
    struct policy *loaded;
    submit("one", "0101", number);
    write_assign("roads", "police");
    cr_assert_eq(policy_load(bench.small.directory, diag, &loaded), OK);
    named_book_hash(loaded, hash);
    policy_destroy(&loaded);
    hash[SHELF_HASH_DIGITS_MIN] = '\0';
    compare(hash, other.directory);
    cr_expect_eq(difference.aspects[ASPECT_WHERE], 1);
    cr_expect_eq(policies[SIDE_OLD]->number, 1);
}

Test(compared, a_book_that_there_is_not_is_said_so)
{
    struct policy *none = NULL;
    bench_stop(&bench.bench);
    cr_assert_eq(store_look_open(bench.bench.store, diag, &look), OK);
    cr_expect_eq(named_book_open("0123abcd", look, diag, &none), ERR_NOT_FOUND);
    cr_expect_eq(named_book_open("nowhere", look, diag, &none), ERR_NOT_FOUND);
    cr_expect_eq(named_book_open("0123abcd", NULL, diag, &none), ERR_NOT_FOUND);
    cr_assert_eq(diag_count(diag), 3);
    cr_expect_str_eq(diag_at(diag, 0)->text,
                     "is the hash of none of the 1 policies that the store keeps");
    cr_expect_str_eq(diag_at(diag, 1)->text,
                     "is neither a directory, nor the hash of a policy that the store keeps: 8 "
                     "digits or more, as rules history lists them");
    cr_expect_str_eq(diag_at(diag, 2)->text, "is no directory; name the one that holds places.csv");
}

/* A city of which a part has gone: its units are in one side alone. */
Test(compared, another_citys_units_are_told_apart_by_their_keys)
{
    char number[NUMBER_BYTES_MAX];
    submit("one", "0101", number);
    small_city_write(&other, "../units", "place,function,name,basis\n#511126,urban,-,\n");
    compare(bench.small.directory, other.directory);
    cr_expect_eq(pair.alike, ALIKE_NOTHING);
    cr_expect_eq(difference.aspects[ASPECT_WHERE], 1);
    struct groups where = fold(ASPECT_WHERE, KEEP_VALUES);
    expect_value(&where.list[0], SIDE_OLD, URBAN " 夹江县城管局");
    expect_value(&where.list[0], SIDE_NEW, "511100000000.urban 乐山市城管局");
    struct groups tiers = fold(ASPECT_WHERE, KEEP_TIERS);
    cr_expect_eq(tiers.list[0].key.values[SIDE_OLD].words[0], TIER_COUNTY);
    cr_expect_eq(tiers.list[0].key.values[SIDE_NEW].words[0], TIER_CITY);
    groups_free(&where);
    groups_free(&tiers);
}

/* -- telling ----------------------------------------------------------------------------------- */

static char *told(void (*tell)(const struct comparison *, FILE *), bool titles)
{
    struct edits edits;
    char *text;
    size_t bytes;
    struct sampler sampler;
    FILE *out = open_memstream(&text, &bytes);
    cr_assert_not_null(out);
    cr_assert_eq(sampler_open(look, titles, &sampler), OK);
    edits_find(policies[SIDE_OLD], policies[SIDE_NEW], arena, &edits);
    struct comparison comparison = {.difference = &difference,
                                    .edits = &edits,
                                    .books = {"old", "new"},
                                    .hashes = {"0123456789abcdef", "fedcba9876543210"},
                                    .store = "store",
                                    .sampler = &sampler};
    tell(&comparison, out);
    cr_assert_eq(fclose(out), 0);
    sampler_close(&sampler);
    return text;
}

static void expect_in(const char *text, const char *part)
{
    cr_expect_not_null(strstr(text, part), "'%s' is not in:\n%s", part, text);
}

Test(compared, a_terminal_shows_what_would_move_and_titles_only_where_asked)
{
    char number[NUMBER_BYTES_MAX];
    submit("one", "0101", number);
    submit("two", "0102", number);
    write_assign("roads", "police");
    compare(bench.small.directory, other.directory);
    char *text = told(comparison_print, false);
    expect_in(text,
              "OLD  0123456789ab  old\nNEW  fedcba987654  new\n2 tickets of store, 2026-11-24 "
              "to 2026-11-24\n");
    expect_in(text, "\nedited 目录改动: 0 rows changed, 1 added, 1 removed\n"
                    "  rules/assign.csv  streets  added\n  rules/assign.csv  urban  removed\n");
    expect_in(text, "  go elsewhere 去向                                 1   50.0 %\n");
    expect_in(text, "\ngo elsewhere, by row 按规则\n        1   50.0 %  assign/urban -> "
                    "assign/streets\n              1  511126000000.urban 夹江县城管局 -> "
                    "511126000000.roads 夹江县公路局\n             e.g. 20261124-000001-");
    expect_in(text, "        1   50.0 %  county 县级 -> county 县级\n");
    expect_in(text, "        1   50.0 %  #0101 市容\n");
    expect_in(text, "                   1         0        -1  511126000000.urban 夹江县城管局\n");
    cr_expect_null(strstr(text, "占道"));
    free(text);
    text = told(comparison_print, true);
    expect_in(text, "  占道\n");
    free(text);
}

Test(compared, json_has_the_same)
{
    char number[NUMBER_BYTES_MAX];
    submit("one", "0101", number);
    write_assign("roads", "police");
    compare(bench.small.directory, other.directory);
    char *text = told(comparison_print_json, false);
    json_t *object = json_loads(text, 0, NULL);
    cr_assert_not_null(object, "%s", text);
    const char *old_row = NULL, *new_unit = NULL, *ticket = NULL;
    int moved = 0;
    int read = json_unpack(object, "{s:{s:i}, s:{s:[{s:s, s:[{s:s}], s:[{s:s}]}]}}", "aspects",
                           "where", &moved, "where", "by_row", "old_row", &old_row, "units", "new",
                           &new_unit, "samples", "ticket", &ticket);
    cr_assert_eq(read, 0, "%s", text);
    cr_expect_eq(moved, 1);
    cr_expect_str_eq(old_row, "assign/urban");
    cr_expect_str_eq(new_unit, ROADS);
    cr_expect_str_eq(ticket, number);
    json_decref(object);
    free(text);
}

/* Every element that is opened is closed again, in order; void ones and the doctype aside. */
static void expect_well_formed(const char *page)
{
    enum { DEPTH = 32, NAME = 16 };
    char open[DEPTH][NAME];
    int depth = 0;
    for (const char *at = page; (at = strchr(at, '<')) != NULL; at++) {
        char name[NAME];
        bool closes = at[1] == '/';
        const char *close = strchr(at, '>');
        cr_assert_not_null(close);
        if (sscanf(at + 1 + closes, "%15[a-z0-9]", name) != 1 || strcmp(name, "meta") == 0 ||
            strcmp(name, "br") == 0 || close[-1] == '/')
            continue;
        if (!closes) {
            cr_assert_lt(depth, DEPTH);
            memcpy(open[depth++], name, sizeof name);
            continue;
        }
        cr_assert_gt(depth, 0, "</%s> closes nothing", name);
        cr_assert_str_eq(name, open[--depth], "</%s> closes <%s>", name, open[depth]);
    }
    cr_expect_eq(depth, 0, "<%s> stays open", depth > 0 ? open[depth - 1] : "");
}

Test(compared, a_page_stands_alone_and_escapes_what_people_wrote)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = small_case("one");
    one.title = "<b>占道</b> & \"吵\"";
    small_ticket(&bench, &one, number);
    submit("two", "0101", number);
    bench_pass_ms(&bench.bench, 2 * DAY_MS);
    submit("three", "0101", number);
    write_assign("roads", "police");
    compare(bench.small.directory, other.directory);
    char *page = told(comparison_print_page, true);
    expect_well_formed(page);
    expect_in(page, "&lt;b&gt;占道&lt;/b&gt; &amp; &quot;吵&quot;");
    expect_in(page, "<code>assign/urban</code> → <code>assign/streets</code>");
    expect_in(page, "旧 OLD: 事项 <b>#0101");
    expect_in(page, "夹江县公路局");
    expect_in(page, "2026-11-24 – 2026-11-26");
    cr_expect_null(strstr(page, "<script"));
    cr_expect_null(strstr(page, "src="));
    cr_expect_null(strstr(page, "@import"));
    cr_expect_null(strstr(page, "url("));
    free(page);
}

Test(compared, a_page_of_no_change_is_short_and_whole)
{
    compare(bench.small.directory, other.directory);
    char *page = told(comparison_print_page, false);
    expect_well_formed(page);
    cr_expect_null(strstr(page, "<svg"));
    free(page);
}
