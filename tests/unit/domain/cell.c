/* Cells of decision tables: what they let pass, and what is said of those that make no sense.
 *
 * Sets are compared as text, "2-4 7" for the values 2, 3 and 7, so that a failure shows them. The
 * numbers are those of the small city: 9 places, 6 categories, 3 lines.
 */
#include "domain/rules/cell.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>

static char fault[256];

static const char *show(const struct values *values)
{
    static char text[512];
    size_t used = 0;
    if (values->any)
        return "any";
    text[0] = '\0';
    for (uint32_t i = 0; i < values->count; i++) {
        struct interval interval = values->intervals[i];
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%u", i > 0 ? " " : "",
                                 interval.first);
        if (interval.limit > interval.first + 1)
            used += (size_t)snprintf(text + used, sizeof text - used, "-%u", interval.limit);
    }
    return text;
}

static bool read_cell(struct small_city *small, enum input input, const char *text,
                      struct values *values)
{
    struct span folded = cell_fold(span_of_string(text), small->arena);
    fault[0] = '\0';
    return cell_parse(small->city, input, folded, small->arena, values, fault, sizeof fault);
}

struct passing {
    enum input input;
    const char *text;
    const char *passes;
};

static void expect_all(const struct passing *cells, size_t count)
{
    struct small_city small;
    small_city_make(&small);
    for (size_t i = 0; i < count; i++) {
        struct values values;
        bool good = read_cell(&small, cells[i].input, cells[i].text, &values);
        cr_expect(good, "%s: %s", cells[i].text, fault);
        if (good)
            cr_expect_str_eq(show(&values), cells[i].passes, "%s is %s, not %s", cells[i].text,
                             show(&values), cells[i].passes);
    }
    small_city_remove(&small);
}

#define EXPECT_ALL(cells) expect_all(cells, sizeof(cells) / sizeof(cells)[0])

Test(cell, words_lists_and_their_negation)
{
    static const struct passing cells[] = {
        {INPUT_CHANNEL, "-", "any"},
        {INPUT_CHANNEL, "", "any"},
        {INPUT_CHANNEL, " \t- ", "any"},
        {INPUT_CHANNEL, "phone", "1"},
        {INPUT_CHANNEL, "visit, phone , sms", "1-3 8"},
        {INPUT_CHANNEL, "phone,phone", "1"},
        {INPUT_CHANNEL, "not(phone)", "2-9"},
        {INPUT_CHANNEL, "not( sms , visit )", "1 3-8"},
        {INPUT_CHANNEL, "not (sms)", "1 3-9"},
        {INPUT_TYPE, "report", "4"},
        {INPUT_APPLICANT, "not(citizen)", "2"},
        {INPUT_URGENCY, "urgent, critical", "2-4"},
        {INPUT_LINE, "12329, 12345", "1 3"},
        {INPUT_LINE, "#12319", "2"},
        {INPUT_LINE, "not(12319)", "1 3"},
    };
    EXPECT_ALL(cells);
}

Test(cell, a_code_stands_for_its_whole_subtree)
{
    static const struct passing cells[] = {
        {INPUT_CATEGORY, "#01", "1-4"},
        {INPUT_CATEGORY, "#0102", "3"},
        {INPUT_CATEGORY, "0201", "5"},
        {INPUT_CATEGORY, "#02, #01", "1-6"},
        {INPUT_CATEGORY, "not(#01)", "4-7"},
        {INPUT_CATEGORY, "not(#02)", "1-4 6"},
        {INPUT_PLACE, "#5111", "1-10"},
        {INPUT_PLACE, "#511126", "6-10"},
        {INPUT_PLACE, "511102101000", "3-6"},
        {INPUT_PLACE, "夹江县/漹城街道", "7-10"},
        {INPUT_PLACE, "市中区/红旗村", "4"},
        {INPUT_PLACE, "not(夹江县)", "1-6"},
        {INPUT_PLACE, "not(#511102101, #511126001)", "1-3 6"},
    };
    EXPECT_ALL(cells);
}

Test(cell, hours_are_ranges_comparisons_and_lists)
{
    static const struct passing cells[] = {
        {INPUT_HOUR, "0", "1"},
        {INPUT_HOUR, "23", "24"},
        {INPUT_HOUR, "[1..5)", "2-6"},
        {INPUT_HOUR, "(1..5]", "3-7"},
        {INPUT_HOUR, "( 1 .. 5 )", "3-6"},
        {INPUT_HOUR, "[1..5]", "2-7"},
        {INPUT_HOUR, ">= 3", "4-25"},
        {INPUT_HOUR, "> 3", "5-25"},
        {INPUT_HOUR, "<10", "1-11"},
        {INPUT_HOUR, "<= 10", "1-12"},
        {INPUT_HOUR, "<= 24", "1-25"},
        {INPUT_HOUR, "[22..24), [0..6)", "1-7 23-25"},
        {INPUT_HOUR, "not([8..18))", "1-9 19-25"},
        {INPUT_HOUR, "[8..10), [10..12), 12", "9-14"},
    };
    EXPECT_ALL(cells);
}

/* 9771 is 2026-10-01. */
Test(cell, dates_are_read_as_people_write_them)
{
    static const struct passing cells[] = {
        {INPUT_DATE, "2026-10-01", "9771"},
        {INPUT_DATE, "2026-10-1", "9771"},
        {INPUT_DATE, "2026/10/1", "9771"},
        {INPUT_DATE, "2026.10.1", "9771"},
        {INPUT_DATE, "2026年10月1日", "9771"},
        {INPUT_DATE, "[2026-10-01..2026-10-07]", "9771-9778"},
        {INPUT_DATE, "[2026.10.1..2026.10.7)", "9771-9777"},
        {INPUT_DATE, "(2026-10-01 .. 2026-10-07)", "9772-9777"},
        {INPUT_DATE, "2026-10-01, 2026-10-02, 2026-11-24", "9771-9773 9825"},
        {INPUT_DATE, ">= 2026-10-01", "9771-36526"},
        {INPUT_DATE, "> 2026-10-01", "9772-36526"},
        {INPUT_DATE, "< 2026-10-01", "1-9771"},
        {INPUT_DATE, "<=2026-10-01", "1-9772"},
        {INPUT_DATE, "not([2026-10-01..2026-10-07])", "1-9771 9778-36526"},
        {INPUT_DATE, "2000-01-01", "1"},
        {INPUT_DATE, "[2099-12-31..2100-01-01)", "36525"},
    };
    EXPECT_ALL(cells);
}

Test(cell, times_of_day_wrap_over_midnight)
{
    static const struct passing cells[] = {
        {INPUT_TIME, "08:30", "511"},
        {INPUT_TIME, "8:30", "511"},
        {INPUT_TIME, "08:30:00", "511"},
        {INPUT_TIME, "0:00", "1"},
        {INPUT_TIME, "23:59", "1440"},
        {INPUT_TIME, "[08:30..17:00)", "511-1021"},
        {INPUT_TIME, "[08:30..17:00]", "511-1022"},
        {INPUT_TIME, "[22:00..06:00)", "1-361 1321-1441"},
        {INPUT_TIME, "(22:00..06:00]", "1-362 1322-1441"},
        {INPUT_TIME, "[22:00..24:00)", "1321-1441"},
        {INPUT_TIME, "[22:00..00:00)", "1321-1441"},
        {INPUT_TIME, "[22:00..00:00]", "1 1321-1441"},
        {INPUT_TIME, "[24:00..06:00)", "1-361"},
        {INPUT_TIME, "[22:00..21:59]", "1-1441"},
        {INPUT_TIME, ">= 18:00", "1081-1441"},
        {INPUT_TIME, "< 8:30", "1-511"},
        {INPUT_TIME, "<= 24:00", "1-1441"},
        {INPUT_TIME, "not([22:00..06:00))", "361-1321"},
        {INPUT_TIME, "[12:00..14:00), [22:00..06:00)", "1-361 721-841 1321-1441"},
    };
    EXPECT_ALL(cells);
}

Test(cell, full_width_punctuation_counts_as_the_narrow)
{
    static const struct passing cells[] = {
        {INPUT_CHANNEL, "phone，sms", "1-3"},           {INPUT_CHANNEL, "phone、visit", "1 8"},
        {INPUT_CHANNEL, "not（phone）", "2-9"},         {INPUT_CHANNEL, "－", "any"},
        {INPUT_CATEGORY, "＃01，＃03", "1-4 6"},        {INPUT_HOUR, "（1..5）", "3-6"},
        {INPUT_TIME, "［08：30..17：00）", "511-1021"}, {INPUT_HOUR, "＞＝20", "21-25"},
        {INPUT_CHANNEL, "phone，　sms\xC2\xA0", "1-3"},
    };
    EXPECT_ALL(cells);
}

Test(cell, absent_is_where_the_case_does_not_say)
{
    static const struct passing cells[] = {
        {INPUT_CATEGORY, "absent", "0"},
        {INPUT_CATEGORY, "absent, #02", "0 4-6"},
        {INPUT_CATEGORY, "#01, absent", "0-4"},
        {INPUT_CATEGORY, "not(absent)", "1-7"},
        {INPUT_CATEGORY, "not(absent, #01)", "4-7"},
        {INPUT_LINE, "absent", "0"},
        {INPUT_PLACE, "not(absent)", "1-10"},
        {INPUT_RESPONDENT, "absent, other", "0 2"},
    };
    EXPECT_ALL(cells);
}

Test(cell, what_is_absent_passes_no_value_and_no_negation)
{
    struct small_city small;
    struct values any;
    struct values one;
    struct values others;
    small_city_make(&small);
    cr_assert(read_cell(&small, INPUT_PLACE, "-", &any));
    cr_assert(read_cell(&small, INPUT_PLACE, "#511126", &one));
    cr_assert(read_cell(&small, INPUT_PLACE, "not(#511126)", &others));

    struct facts facts = small_city_facts();
    uint32_t absent = input_value(&facts, INPUT_PLACE);
    cr_expect_eq(absent, 0);
    cr_expect(values_have(&any, absent));
    cr_expect_not(values_have(&one, absent));
    cr_expect_not(values_have(&others, absent));

    facts.place = small_city_place(&small, "511126001");
    cr_expect(values_have(&one, input_value(&facts, INPUT_PLACE)));
    cr_expect_not(values_have(&others, input_value(&facts, INPUT_PLACE)));
    facts.place = small_city_place(&small, "5111");
    cr_expect_not(values_have(&one, input_value(&facts, INPUT_PLACE)));
    cr_expect(values_have(&others, input_value(&facts, INPUT_PLACE)));
    small_city_remove(&small);
}

Test(cell, each_fact_has_a_value_below_its_size)
{
    struct small_city small;
    small_city_make(&small);
    struct facts facts = small_city_facts();
    static const uint32_t said_little[INPUT_TEXT] = {1,  3,    1,   1, 0, 0, 0,
                                                     11, 9825, 601, 1, 2, 2, 0};
    for (enum input input = 0; input < INPUT_TEXT; input++)
        cr_expect_eq(input_value(&facts, input), said_little[input], "%s", input_name(input));

    facts = (struct facts){
        .channel = CHANNEL_VISIT,
        .type = TYPE_PRAISE,
        .applicant = APPLICANT_ENTERPRISE,
        .urgency = URGENCY_CRITICAL,
        .date = INT32_MAX,
        .minute = 23 * 60 + 59,
        .line = {city_lines(small.city) - 1},
        .category = {city_categories(small.city) - 1},
        .place = {places_count(city_places(small.city)) - 1},
        .regime = REGIME_EMERGENCY,
        .earlier = FLAG_NO,
        .answered = FLAG_NO,
        .respondent = RESPONDENT_OTHER,
    };
    for (enum input input = 0; input < INPUT_TEXT; input++) {
        cr_expect_eq(input_value(&facts, input), input_size(small.city, input) - 1, "%s",
                     input_name(input));
        cr_expect_eq(input_find(span_of_string(input_name(input))), input);
    }
    cr_expect_eq(input_find(span_of_string("weather")), INPUT_COUNT);
    small_city_remove(&small);
}

Test(cell, nonsense_is_explained_with_what_would_be_right)
{
    static const struct {
        enum input input;
        const char *text;
        const char *says;
    } cells[] = {
        {INPUT_CHANNEL, "fax", "'fax' is no channel; they are phone sms email"},
        {INPUT_CHANNEL, "phone,", "a comma with nothing before or behind it"},
        {INPUT_CHANNEL, ",phone", "a comma with nothing before or behind it"},
        {INPUT_CHANNEL, "not()", "a comma with nothing before or behind it"},
        {INPUT_CHANNEL, "phone, -", "'-' is no channel"},
        {INPUT_CHANNEL, "not(phone), sms", "'not(phone)' is no channel"},
        {INPUT_CHANNEL, "not(phone", "'not(phone' is no channel"},
        {INPUT_APPLICANT, "not(citizen, enterprise)", "lets nothing pass"},
        {INPUT_PLACE, "not(#5111)", "lets nothing pass"},
        {INPUT_LINE, "99999", "'99999' is no line of lines.csv"},
        {INPUT_CATEGORY, "#09", "write a code such as #0301"},
        {INPUT_CATEGORY, "101", "'101' has lost its leading zero to a spreadsheet; write it with"},
        {INPUT_CATEGORY, "0000000101", "write a code such as #0301"},
        {INPUT_PLACE, "5.11126E+11", "'5.11126E+11' is what a spreadsheet makes of a long code"},
        {INPUT_CATEGORY, "市容", "write a code such as #0301"},
        {INPUT_PLACE, "#511199", "is no place of places.csv; write a code such as #511126"},
        {INPUT_PLACE, "成都市", "is no place of places.csv"},
        {INPUT_PLACE, "红旗村", "may be several places; write a code, or the path above it"},
        {INPUT_HOUR, "noon", "write 8, [8..18), >= 18 or < 8"},
        {INPUT_HOUR, "[8..30)", "'30' is no hour; hours are 0 to 23"},
        {INPUT_HOUR, "99999999999", "hours are 0 to 23"},
        {INPUT_HOUR, "8.5", "hours are 0 to 23"},
        {INPUT_HOUR, "-1", "hours are 0 to 23"},
        {INPUT_HOUR, "[8..)", "write 8"},
        {INPUT_HOUR, "[..8)", "write 8"},
        {INPUT_HOUR, "[8,18)", "'[8' is no hour"},
        {INPUT_HOUR, "8..18", "'8..18' is a range without brackets: write 8, [8..18)"},
        {INPUT_HOUR, "()", "'()' has no two dots between its ends: write 8"},
        {INPUT_HOUR, ">=", "write 8"},
        {INPUT_HOUR, "24", "holds for no hour"},
        {INPUT_HOUR, "[5..5)", "holds for no hour"},
        {INPUT_HOUR, "[18..8)", "from the lower to the higher"},
        {INPUT_HOUR, "> 23", "holds for no hour"},
        {INPUT_HOUR, "< 0", "holds for no hour"},
        {INPUT_DATE, "2026-02-30", "'2026-02-30' is a day that no year has"},
        {INPUT_DATE, "46296", "'46296' is the number that a spreadsheet keeps for a date; format"},
        {INPUT_DATE, "1-Oct-26", "the month in letters; format the column as text"},
        {INPUT_DATE, "10/1/26", "does not say which is the year, the month, the day"},
        {INPUT_DATE, "10月1日", "is a date without its year"},
        {INPUT_DATE, "2026/10/1 0:00", "is a date with a time of day"},
        {INPUT_DATE, "[2026-10-01..46296]", "'46296' is the number that a spreadsheet keeps"},
        {INPUT_DATE, "2026-10-01..2026-10-07", "is a range without brackets"},
        {INPUT_DATE, "tomorrow", "'tomorrow' is no date: write 2026-10-01"},
        {INPUT_DATE, "1999-12-31", "is not of the years 2000 to 2099"},
        {INPUT_DATE, "2100-01-02", "is not of the years 2000 to 2099"},
        {INPUT_DATE, "2100-01-01", "holds for no day"},
        {INPUT_DATE, "[2026-10-07..2026-10-01]", "from the earlier to the later"},
        {INPUT_DATE, "absent", "'absent' never holds here: a case always has its date"},
        {INPUT_TIME, "8", "'8' is no time of day; they are 00:00 to 23:59: write 08:30"},
        {INPUT_TIME, "8:5", "is no time of day"},
        {INPUT_TIME, "08:60", "is no time of day"},
        {INPUT_TIME, "24:01", "is no time of day"},
        {INPUT_TIME, "25:00", "is no time of day"},
        {INPUT_TIME, "8:30 PM", "is no time of day"},
        {INPUT_TIME, "08:30:59", "'08:30:59' goes by seconds; times here go by the minute"},
        {INPUT_TIME, "0.354166666666667", "is the part of a day that a spreadsheet keeps"},
        {INPUT_TIME, "24:00", "holds for no minute"},
        {INPUT_TIME, "[06:00..06:00)", "holds for no minute; write [22:00..06:00) for a night"},
        {INPUT_TIME, "22:00-06:00", "[22:00..06:00)"},
    };
    struct small_city small;
    small_city_make(&small);
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        struct values values;
        cr_expect_not(read_cell(&small, cells[i].input, cells[i].text, &values), "%s is read as %s",
                      cells[i].text, show(&values));
        cr_expect(strstr(fault, cells[i].says) != NULL, "%s: %s", cells[i].text, fault);
    }
    small_city_remove(&small);
}

Test(cell, the_longest_nonsense_leaves_room_for_the_remedy)
{
    struct small_city small;
    struct values values;
    char text[3001];
    small_city_make(&small);
    for (size_t i = 0; i < 3000; i += 3)
        memcpy(text + i, "乐", 3);
    text[3000] = '\0';
    cr_expect_not(read_cell(&small, INPUT_PLACE, text, &values));
    cr_expect(strstr(fault, "or a path of names") != NULL, "%s", fault);

    char list[4 * (CELL_INTERVALS_MAX + 1) + 1];
    for (size_t i = 0; i < CELL_INTERVALS_MAX + 1; i++)
        memcpy(list + 4 * i, "8,9,", 4);
    list[4 * (CELL_INTERVALS_MAX / 2) - 1] = '\0';
    cr_expect(read_cell(&small, INPUT_HOUR, list, &values), "%s", fault);
    list[4 * (CELL_INTERVALS_MAX / 2) - 1] = ',';
    list[4 * (CELL_INTERVALS_MAX / 2) + 1] = '\0';
    cr_expect_not(read_cell(&small, INPUT_HOUR, list, &values));
    cr_expect(strstr(fault, "lists more than 1024 things") != NULL, "%s", fault);
    small_city_remove(&small);
}

/* Against the plainest of all sets, one bit a value. */
Test(cell, sets_meet_and_lie_within_as_bits_do)
{
    enum { ROUNDS = 20000, BITS = 16 };
    unsigned seed = 20201226;
    fprintf(stderr, "cell: seed %u\n", seed);
    srandom(seed);
    for (int round = 0; round < ROUNDS; round++) {
        struct interval intervals[2][BITS];
        struct values sets[2] = {{.intervals = intervals[0]}, {.intervals = intervals[1]}};
        uint32_t bits[2] = {0, 0};
        for (int s = 0; s < 2; s++) {
            uint32_t at = 1;
            while ((at += (uint32_t)random() % 4) < BITS - 1) {
                uint32_t limit = at + 1 + (uint32_t)random() % 4;
                limit = limit < BITS ? limit : BITS;
                intervals[s][sets[s].count++] = (struct interval){at, limit};
                bits[s] |= (1U << limit) - (1U << at);
                at = limit + 1;
            }
        }
        cr_assert_eq(values_meet(&sets[0], &sets[1]), (bits[0] & bits[1]) != 0);
        cr_assert_eq(values_within(&sets[0], &sets[1]), (bits[0] & ~bits[1]) == 0);
        for (uint32_t value = 0; value < BITS; value++)
            cr_assert_eq(values_have(&sets[0], value), (bits[0] >> value & 1) != 0);
    }
    struct values any = {.any = true};
    struct values none = {.count = 0};
    cr_expect(values_meet(&any, &none) && values_within(&none, &any) && values_within(&any, &any));
    cr_expect_not(values_within(&any, &none));
}
