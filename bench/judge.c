#include "bench/judge.h"

#include "base/check.h"
#include "bench/fail.h"
#include "bench/finder.h"
#include "bench/slow_match.h"
#include "bench/slow_weights.h"
#include "domain/city/date.h"
#include "domain/city/hints.h"
#include "domain/decide.h"
#include "domain/rules/input.h"
#include "domain/text/fold.h"

#include <stdlib.h>

enum { FUNCTIONS_MAX = 256, FOLDED_BYTES_MAX = 2 * CASE_TEXT_BYTES_MAX };

struct judge {
    const struct policy *policy;
    struct finder *finder;
    struct text_scratch *text;
    uint32_t names; /* keywords below it are names of places and units */
    uint32_t tables;
    uint32_t minutes[DAY_MINUTES]; /* the least minute that no row tells from this one */
    uint32_t dates[DATES_MAX + 1]; /* of the dates of input.h, the first of this one's run */
    uint8_t folded[FOLDED_BYTES_MAX];
};

/* What is known of one case while the book is gone through. */
struct hearing {
    struct facts facts;
    struct slow_case asked;
    struct slow_left left;    /* of the categories, by weights */
    struct function function; /* that the book names last */
    enum tier tier;
    enum disposition disposition;
    struct function others[2][FUNCTIONS_MAX]; /* co, informed: that the book names last */
    uint32_t others_count[2];
    bool crowded; /* a list of them is longer than it may be */
    bool missed;  /* a table without an else row had no row for it */
    bool doubtful_place;
};

/* -- moments ----------------------------------------------------------------------------------- */

static bool passes(const struct values *cell, uint32_t value)
{
    bool found = cell->any;
    for (uint32_t i = 0; i < cell->count; i++)
        found |= cell->intervals[i].first <= value && value < cell->intervals[i].limit;
    return found;
}

static bool column_tells_apart(const struct table *table, uint32_t input, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < table->rows_count; i++)
        if (passes(&table->rows[i].values[input], a) != passes(&table->rows[i].values[input], b))
            return true;
    return false;
}

static bool book_tells_apart(const struct judge *judge, uint32_t a, uint32_t b)
{
    for (uint32_t t = 0; t < judge->tables; t++) {
        const struct table *table = rules_table(judge->policy->rules, t);
        for (uint32_t i = 0; i < table->inputs_count; i++)
            if ((table->inputs[i] == INPUT_HOUR &&
                 column_tells_apart(table, i, a / 60 + 1, b / 60 + 1)) ||
                (table->inputs[i] == INPUT_TIME && column_tells_apart(table, i, a + 1, b + 1)))
                return true;
    }
    return false;
}

static void find_like_minutes(struct judge *judge)
{
    for (uint32_t minute = 1; minute < DAY_MINUTES; minute++) {
        uint32_t like = judge->minutes[minute - 1];
        if (book_tells_apart(judge, like, minute))
            for (like = 0; book_tells_apart(judge, like, minute);)
                like++;
        judge->minutes[minute] = like;
    }
}

/* A run of dates ends where a cell's interval begins or ends. */
static void find_like_dates(struct judge *judge)
{
    static bool begins[DATES_MAX + 2];
    for (uint32_t t = 0; t < judge->tables; t++) {
        const struct table *table = rules_table(judge->policy->rules, t);
        for (uint32_t i = 0; i < table->inputs_count; i++)
            for (uint32_t r = 0; table->inputs[i] == INPUT_DATE && r < table->rows_count; r++) {
                const struct values *cell = &table->rows[r].values[i];
                for (uint32_t j = 0; j < cell->count; j++)
                    begins[cell->intervals[j].first] = begins[cell->intervals[j].limit] = true;
            }
    }
    judge->dates[1] = 1;
    for (uint32_t date = 2; date <= DATES_MAX; date++)
        judge->dates[date] = begins[date] ? date : judge->dates[date - 1];
}

struct moment judge_moment(const struct judge *judge, int64_t time_ms)
{
    const struct calendar *calendar = city_calendar(judge->policy->city);
    int32_t day = day_of_ms(time_ms);
    return (struct moment){input_day(judge->dates[input_date(day)]),
                           judge->minutes[minute_of_ms(time_ms)], calendar_regime(calendar, day)};
}

/* -- words ------------------------------------------------------------------------------------- */

/* Title and text as they are looked at: an address, which made-up cases have none of, stands before
 * them, and a line end behind each. */
static struct span fold_words(struct judge *judge, const struct made_case *made)
{
    const char *const parts[] = {made->message.address, made->message.title, made->message.text};
    size_t used = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct span part = span_of_string(parts[i]);
        CHECK(used + part.bytes + 1 <= sizeof judge->folded);
        used += fold(part, judge->folded + used);
        judge->folded[used++] = '\n';
    }
    return span_of(judge->folded, used);
}

static int by_end(const void *a, const void *b)
{
    const struct name_hit *left = a;
    const struct name_hit *right = b;
    if (left->limit != right->limit)
        return left->limit < right->limit ? -1 : 1;
    return (left->first > right->first) - (left->first < right->first);
}

/* Of all that was found, the names: by their ends, the longest first. Returns how many. */
static uint32_t pick_names(const struct judge *judge, struct found found,
                           struct name_hit names[FINDER_HITS_MAX])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < found.hits_count; i++)
        if (found.hits[i].keyword < judge->names)
            names[count++] = found.hits[i];
    qsort(names, count, sizeof *names, by_end);
    return count < TEXT_NAMES_MAX ? count : TEXT_NAMES_MAX;
}

/* hints.c takes names from text.c alone; so those are asked for, and must be the right ones. */
static const struct text_hits *scan_names(struct judge *judge, const struct made_case *made,
                                          struct found found)
{
    static struct name_hit names[FINDER_HITS_MAX];
    const struct span parts[] = {span_of_string(made->message.address),
                                 span_of_string(made->message.title),
                                 span_of_string(made->message.text)};
    const struct text_hits *hits = text_scan(judge->text, parts, 3);
    const struct text_names *told = text_names(hits);
    uint32_t count = pick_names(judge, found, names);
    bool same = told->count == count;
    for (uint32_t i = 0; same && i < count; i++)
        same = names[i].keyword == told->list[i].keyword && names[i].first == told->list[i].first;
    if (!same)
        fail("the engine finds %u names in the words of case %s, of the %u that stand there",
             told->count, made->external_id, count);
    return hits;
}

static void find_place(const struct city *city, const struct made_case *made,
                       const struct text_hits *hits, struct hearing *hearing)
{
    struct place_candidates found;
    struct span code = span_of_string(made->message.place);
    hearing->facts.place = PLACE_NONE;
    if (code.bytes > 0) {
        hearing->facts.place = places_find_code(city_places(city), code);
        CHECK(!place_is_none(hearing->facts.place));
        return;
    }
    enum resolution resolution = hints_place(city_hints(city), hits, &found);
    hearing->doubtful_place = resolution == RESOLVED_AMBIGUOUS;
    if (resolution == RESOLVED && found.places[0].index != 0) /* the city alone says nothing */
        hearing->facts.place = found.places[0];
}

static void find_accused(const struct city *city, const struct text_hits *hits, struct facts *facts)
{
    facts->about = UNIT_NONE;
    facts->respondent = RESPONDENT_NONE;
    if (facts->type != TYPE_REPORT)
        return;
    facts->about = hints_unit(city_hints(city), hits);
    if (facts->about.index != UNIT_NONE.index)
        facts->respondent = RESPONDENT_UNIT;
}

static void read_case(struct judge *judge, const struct made_case *made, struct moment moment,
                      struct hearing *hearing)
{
    const struct city *city = judge->policy->city;
    const Lianxin__V1__Case *message = &made->message;
    struct span folded = fold_words(judge, made);
    struct found found = finder_find(judge->finder, folded);
    *hearing = (struct hearing){
        .facts = {.channel = (enum channel)message->channel,
                  .type = (enum type)message->type,
                  .applicant = message->applicant == LIANXIN__V1__APPLICANT__APPLICANT_UNSPECIFIED
                                   ? APPLICANT_CITIZEN
                                   : (enum applicant)message->applicant,
                  .urgency = URGENCY_NORMAL,
                  .date = moment.date,
                  .minute = moment.minute,
                  .regime = moment.regime,
                  .earlier = FLAG_NO,
                  .answered = FLAG_NO,
                  .line = LINE_NONE,
                  .category = CATEGORY_NONE},
        .asked = {.folded = folded, .keywords = city_keywords(city), .stands = found.stands},
        .function = FUNCTION_NONE,
        .tier = TIER_CITY,
        .disposition = DISPOSITION_DISPATCH,
    };
    if (message->line[0] != '\0')
        hearing->facts.line = city_line(city, span_of_string(message->line));
    if (message->category[0] != '\0')
        hearing->facts.category = city_category(city, span_of_string(message->category));
    const struct text_hits *hits = scan_names(judge, made, found);
    find_place(city, made, hits, hearing);
    find_accused(city, hits, &hearing->facts);
}

/* -- the book ---------------------------------------------------------------------------------- */

static void heed_list(const struct function *functions, uint32_t count, uint32_t which,
                      struct hearing *hearing)
{
    memcpy(hearing->others[which], functions, count * sizeof *functions);
    hearing->others_count[which] = count;
}

/* What a row says and later tables or the climb ask for. */
static void heed(const struct row_outputs *row, struct hearing *hearing)
{
    if (row->category.index != CATEGORY_NONE.index)
        hearing->facts.category = row->category;
    if (hearing->disposition != DISPOSITION_DISPATCH)
        return;
    if (row->disposition != DISPOSITION_NONE)
        hearing->disposition = row->disposition;
    if (row->urgency != URGENCY_NONE)
        hearing->facts.urgency = row->urgency;
    if (row->function.index != FUNCTION_NONE.index)
        hearing->function = row->function;
    if (row->tier != TIER_NONE)
        hearing->tier = row->tier;
    if (row->co_count > 0)
        heed_list(row->co, row->co_count, 0, hearing);
    if (row->informed_count > 0)
        heed_list(row->informed, row->informed_count, 1, hearing);
}

static void ask_lists(const struct city *city, const struct table *table, struct slow_case asked,
                      struct hearing *hearing)
{
    static const enum output outputs[] = {OUTPUT_CO, OUTPUT_INFORMED};
    static const uint32_t count_max[] = {RULES_UNITS_MAX, RULES_INFORMED_MAX};
    struct function functions[FUNCTIONS_MAX];
    for (uint32_t i = 0; hearing->disposition == DISPOSITION_DISPATCH && i < 2; i++) {
        uint32_t count = slow_list(city, table, asked, outputs[i], functions);
        if (count > 0)
            heed_list(functions, count, i, hearing);
        hearing->crowded |= count > count_max[i];
    }
}

static void ask_table(const struct city *city, const struct table *table, struct hearing *hearing)
{
    uint32_t values[INPUT_COUNT];
    for (uint32_t i = 0; i < table->inputs_count; i++)
        values[table->inputs[i]] = input_value(&hearing->facts, table->inputs[i]);
    struct slow_case asked = hearing->asked;
    asked.values = values;
    if (table->answer == ANSWER_LISTS) {
        ask_lists(city, table, asked, hearing);
        return;
    }
    bool said = hearing->facts.category.index != CATEGORY_NONE.index;
    if (table->answer == ANSWER_WEIGHTS) {
        if (!said)
            hearing->left = slow_weigh(city, table, asked);
        return;
    }
    if (table->answer == ANSWER_VOTE) {
        asked.left = &hearing->left;
        struct span code = slow_vote(city, table, asked);
        if (code.bytes == 0 && !said && !slow_holds_any(city, table, asked))
            code = hearing->left.only;
        if (code.bytes > 0)
            hearing->facts.category = city_category(city, code);
        return;
    }
    uint32_t row = slow_match(table, asked);
    if (row == UINT32_MAX)
        hearing->missed = true;
    else
        heed(row < table->rows_count ? &table->rows[row].outputs : &table->otherwise->outputs,
             hearing);
}

/* -- the climb --------------------------------------------------------------------------------- */

/* Is the unit the accused one, or one below it that answers to it? Of a government all are. */
static bool is_kept_from(const struct city *city, struct unit accused, struct unit unit)
{
    struct function function = unit_function(city, accused);
    return place_is_within(city_places(city), unit_place(city, unit), unit_place(city, accused)) &&
           (function.index == unit_function(city, unit).index ||
            function.index == city_government(city).index);
}

static struct unit climb(const struct city *city, const struct hearing *hearing,
                         struct function function)
{
    const struct places *places = city_places(city);
    struct place place = hearing->facts.place;
    if (place_is_none(place))
        place.index = 0;
    while (place_tier(places, place) > hearing->tier)
        place = place_parent(places, place);
    for (; !place_is_none(place); place = place_parent(places, place)) {
        struct unit unit = city_unit(city, function, place);
        bool kept = unit.index != UNIT_NONE.index &&
                    hearing->facts.about.index != UNIT_NONE.index &&
                    is_kept_from(city, hearing->facts.about, unit);
        if (unit.index != UNIT_NONE.index && !kept)
            return unit;
    }
    return UNIT_NONE;
}

/* Are there more units than a ticket has room for? */
static bool is_crowded(const struct city *city, const struct hearing *hearing, struct unit main)
{
    struct unit units[1 + 2 * FUNCTIONS_MAX] = {main};
    uint32_t count = 1;
    for (uint32_t i = 0; i < 2; i++)
        for (uint32_t j = 0; j < hearing->others_count[i]; j++) {
            struct unit unit = climb(city, hearing, hearing->others[i][j]);
            uint32_t at = 0;
            while (at < count && units[at].index != unit.index)
                at++;
            if (at == count && unit.index != UNIT_NONE.index)
                units[count++] = unit;
        }
    return hearing->crowded || count > ASSIGNMENTS_MAX;
}

struct unit judge_unit(struct judge *judge, const struct made_case *made, struct moment moment)
{
    const struct city *city = judge->policy->city;
    struct unit desk = city_unit(city, city_desk(city), (struct place){0});
    struct hearing hearing;
    read_case(judge, made, moment, &hearing);
    for (uint32_t i = 0; i < judge->tables; i++)
        ask_table(city, rules_table(judge->policy->rules, i), &hearing);
    if (hearing.disposition != DISPOSITION_DISPATCH || hearing.missed || hearing.doubtful_place ||
        hearing.function.index == FUNCTION_NONE.index)
        return desk;
    struct unit unit = climb(city, &hearing, hearing.function);
    return unit.index != UNIT_NONE.index && !is_crowded(city, &hearing, unit) ? unit : desk;
}

/* -- life -------------------------------------------------------------------------------------- */

/* Names of places and units are the first keywords; the tables' come behind. */
static uint32_t count_names(const char *directory)
{
    struct diag *diag = diag_create();
    struct arena *arena = arena_create();
    const struct city *city = city_load(folder_of(directory), arena, diag);
    CHECK(city != NULL);
    uint32_t count = keywords_count(city_keywords(city));
    arena_destroy(&arena);
    diag_destroy(&diag);
    return count;
}

struct judge *judge_create(const struct policy *policy, const char *directory)
{
    struct judge *judge = calloc(1, sizeof *judge);
    CHECK(judge != NULL);
    CHECK(city_functions(policy->city) <= FUNCTIONS_MAX);
    judge->policy = policy;
    judge->finder = finder_create(city_keywords(policy->city));
    judge->text = text_scratch_create(city_keywords(policy->city));
    judge->names = count_names(directory);
    judge->tables = rules_tables(policy->rules);
    find_like_minutes(judge);
    find_like_dates(judge);
    return judge;
}

void judge_free(struct judge **judge)
{
    if (*judge == NULL)
        return;
    finder_free(&(*judge)->finder);
    text_scratch_destroy(&(*judge)->text);
    free(*judge);
    *judge = NULL;
}
