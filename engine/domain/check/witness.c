#include "domain/check/witness.h"

#include "domain/city/date.h"
#include "domain/city/hints.h"

enum {
    TRIES = 300,
    MINUTE_MS = 60 * 1000,
    HOUR_MINUTES = 60,
    MORNING_HOUR = 10 + 1,
    MORNING = 10 * HOUR_MINUTES + 1,
    PLAIN_TRIES = 6,
    ADDED_MAX = 4
};

#define SOMEBODY "某商店"

struct leader {
    struct span unit; /* its name */
    uint64_t random;
};

struct span leader_name_of(const struct looking *looking, struct unit unit)
{
    struct span name = unit_name(looking->city, unit);
    struct unit found =
        hints_unit_at_start(city_hints(looking->city), name, unit_place(looking->city, unit));
    return found.index == unit.index ? name : (struct span){0};
}

struct leader *leader_create(struct looking *looking)
{
    struct leader *leader = arena_take(looking->arena, sizeof *leader);
    for (uint32_t i = 0; i < city_units(looking->city) && leader->unit.bytes == 0; i++) {
        struct span name = unit_name(looking->city, (struct unit){i});
        struct unit found = hints_unit_at_start(city_hints(looking->city), name, PLACE_NONE);
        if (found.index == i && found.index != UNIT_NONE.index)
            leader->unit = name;
    }
    leader->random = 1;
    return leader;
}

/* splitmix64 */
uint32_t leader_draw(struct looking *looking, uint32_t limit)
{
    struct leader *leader = looking->leader;
    uint64_t value = leader->random += 0x9E3779B97F4A7C15;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return (uint32_t)((value ^ value >> 31) % limit);
}

/* -- running ----------------------------------------------------------------------------------- */

bool witness_run(struct looking *looking, const struct witness *witness, struct run *run)
{
    struct misfit misfit;
    struct case_words words = {.line = witness->line,
                               .category = witness->category,
                               .place = witness->place,
                               .respondent = witness->respondent,
                               .text = witness->text};
    run->facts = (struct facts){
        .channel = witness->channel,
        .type = witness->type,
        .applicant = witness->applicant != APPLICANT_NONE ? witness->applicant : APPLICANT_CITIZEN,
        .urgency = witness->urgency != URGENCY_NONE ? witness->urgency : URGENCY_NORMAL,
        .regime = witness->regime,
        .earlier = witness->earlier ? FLAG_YES : FLAG_NO,
        .answered = witness->answered ? FLAG_YES : FLAG_NO,
        .about = UNIT_NONE,
        .line = LINE_NONE,
        .category = CATEGORY_NONE,
        .place = PLACE_NONE,
    };
    facts_set_moment(&run->facts, witness->at_ms);
    if (!facts_resolve(looking->city, &words, false, looking->scratch, &run->facts, &misfit))
        return false;
    rules_trace(looking->policy->rules, &run->facts, looking->scratch, &run->outputs, run->seen);
    return true;
}

/* The row of an earlier table that keeps the case from being dispatched; NULL where none does. */
static const struct table_row *find_keeper(const struct looking *looking, const struct run *run,
                                           uint32_t table)
{
    for (uint32_t i = 0; i < run->outputs.rows_count; i++) {
        struct row row = run->outputs.rows[i];
        const struct table_row *read = looked_row(&looking->tables[row.table], row.row);
        if (row.table < table && read->outputs.disposition != DISPOSITION_NONE &&
            read->outputs.disposition != DISPOSITION_DISPATCH)
            return read;
    }
    return NULL;
}

bool run_comes_to(const struct looking *looking, const struct run *run, uint32_t table)
{
    return find_keeper(looking, run, table) == NULL;
}

/* -- words ------------------------------------------------------------------------------------- */

void wording_begin(struct wording *wording, struct span wanted)
{
    memcpy(wording->text, wanted.data, wanted.bytes);
    wording->wanted = wording->bytes = wanted.bytes;
    wording->added = 0;
}

/* A word that a cell forbids; KEYWORD_NONE where it forbids none. */
static uint32_t draw_forbidden(struct looking *looking, const struct text_cell *cell)
{
    uint32_t word = KEYWORD_NONE;
    for (uint32_t i = 0, seen = 0; i < cell->count; i++)
        if (cell->clauses[i].kind == CLAUSE_NONE && leader_draw(looking, ++seen) == 0)
            word = cell->clauses[i].keywords[leader_draw(looking, cell->clauses[i].count)];
    return word;
}

void wording_pass(struct looking *looking, const struct run *run, uint32_t table,
                  struct wording *wording)
{
    const struct table_row *keeper = find_keeper(looking, run, table);
    uint32_t word =
        keeper != NULL ? draw_forbidden(looking, &keeper->text) : (uint32_t)KEYWORD_NONE;
    wording->bytes = wording->added < ADDED_MAX ? wording->bytes : wording->wanted;
    wording->added = wording->added < ADDED_MAX ? wording->added : 0;
    if (word == KEYWORD_NONE) {
        wording->bytes = wording->wanted;
        wording->added = 0;
        return;
    }
    struct span text = keyword_text(looking->keywords, word);
    if (wording->bytes + text.bytes + 1 > sizeof wording->text)
        return;
    if (wording->bytes > 0)
        wording->text[wording->bytes++] = ',';
    memcpy(wording->text + wording->bytes, text.data, text.bytes);
    wording->bytes += text.bytes;
    wording->added++;
}

static bool is_held(struct match_rows rows, uint32_t row)
{
    for (uint32_t i = 0; i < rows.count; i++)
        if (rows.rows[i] == row)
            return true;
    return false;
}

static bool arrives(struct looking *looking, const struct aim *aim, const struct run *run)
{
    const struct looked *looked = aim->looked;
    uint32_t values[INPUT_COUNT];
    const struct facts *facts = &run->seen[looked->index];
    if (!run_comes_to(looking, run, looked->index))
        return false;
    input_values(facts, values);
    if (looked_picks(looked) &&
        matcher_match(looked->matcher, values, facts->hits, looked->room) != aim->row)
        return false;
    struct match_rows held = matcher_match_all(looked->matcher, values, facts->hits, looked->room);
    bool there =
        looked_picks(looked) || (aim->row == ROW_NONE ? held.count == 0 : is_held(held, aim->row));
    return there && (aim->with == ROW_NONE || is_held(held, aim->with));
}

/* -- making cases up --------------------------------------------------------------------------- */

/* Nothing but what every case has; later anything that one may have. */
void leader_plain(struct looking *looking, uint32_t try, uint32_t values[INPUT_COUNT])
{
    static const uint32_t plain[INPUT_COUNT] = {
        [INPUT_CHANNEL] = CHANNEL_PHONE,
        [INPUT_TYPE] = TYPE_COMPLAINT,
        [INPUT_APPLICANT] = APPLICANT_CITIZEN,
        [INPUT_URGENCY] = URGENCY_NORMAL,
        [INPUT_HOUR] = MORNING_HOUR,
        [INPUT_TIME] = MORNING,
        [INPUT_REGIME] = REGIME_NORMAL,
        [INPUT_EARLIER] = FLAG_NO,
        [INPUT_ANSWERED] = FLAG_NO,
    };
    static const uint32_t types[PLAIN_TRIES] = {TYPE_COMPLAINT, TYPE_HELP,       TYPE_REPORT,
                                                TYPE_ENQUIRY,   TYPE_SUGGESTION, TYPE_PRAISE};
    memcpy(values, plain, sizeof plain);
    values[INPUT_DATE] = input_date(looking->today);
    values[INPUT_TYPE] = types[try % PLAIN_TRIES];
    for (uint32_t i = 0; try >= PLAIN_TRIES && i < INPUT_COUNT; i++) {
        uint32_t first = input_is_always_said((enum input)i);
        uint32_t size = input_size(looking->city, (enum input)i);
        if (i != INPUT_TEXT && i != INPUT_TYPE && i != INPUT_DATE && i != INPUT_HOUR &&
            leader_draw(looking, 4) == 0)
            values[i] = first + leader_draw(looking, size - first);
    }
}

/* The class of a value, if it is one of a box. */
static bool box_lets(const uint64_t *box, const struct axis *axis, uint32_t value)
{
    for (uint32_t class = 0; class < axis->classes; class ++)
        if (value >= axis->values[class] && value - axis->values[class] < axis->weights[class])
            return box_has(box, axis, class);
    return false;
}

/* Some value of a class that may be had. */
static uint32_t draw(struct looking *looking, const struct aim *aim, const struct axis *axis)
{
    for (uint32_t i = 0; i < 8; i++) {
        uint32_t class = leader_draw(looking, axis->classes);
        if (box_has(aim->box, axis, class))
            return axis->values[class] + leader_draw(looking, (uint32_t)axis->weights[class]);
    }
    return aim->point->values[axis->input];
}

const struct witness *leader_keep(struct looking *looking, const struct witness *witness)
{
    struct witness *kept = arena_take(looking->arena, sizeof *kept);
    *kept = *witness;
    kept->text = span_of(arena_copy(looking->arena, witness->text), witness->text.bytes);
    return kept;
}

/* What the table asks is plain where it may be, then as at the point, later anywhere in the box. */
static void fill(struct looking *looking, const struct aim *aim, uint32_t try,
                 uint32_t values[INPUT_COUNT])
{
    leader_plain(looking, try, values);
    for (uint32_t i = 0; i < aim->looked->grid.axes_count; i++) {
        const struct axis *axis = &aim->looked->grid.axes[i];
        bool drawn = aim->box != NULL && try >= PLAIN_TRIES && leader_draw(looking, 2) == 0;
        if (try == 0 && aim->box != NULL && box_lets(aim->box, axis, values[axis->input]))
            continue;
        values[axis->input] = drawn ? draw(looking, aim, axis) : aim->point->values[axis->input];
        if (axis->input == INPUT_HOUR)
            values[INPUT_TIME] = (values[INPUT_HOUR] - 1) * HOUR_MINUTES + 1;
    }
    /* What an earlier table writes need not be what the case says. */
    if (try >= 2 * PLAIN_TRIES && leader_draw(looking, 2) == 0)
        values[INPUT_URGENCY] = 1 + leader_draw(looking, URGENCY_COUNT - 1);
    if (try >= 2 * PLAIN_TRIES && leader_draw(looking, 4) == 0)
        values[INPUT_CATEGORY] = 0;
}

struct witness leader_make(const struct looking *looking, const uint32_t values[INPUT_COUNT],
                           struct span text)
{
    const struct city *city = looking->city;
    struct witness witness = {
        .channel = (enum channel)values[INPUT_CHANNEL],
        .type = (enum type)values[INPUT_TYPE],
        .applicant = (enum applicant)values[INPUT_APPLICANT],
        .urgency = (enum urgency)values[INPUT_URGENCY],
        .earlier = values[INPUT_EARLIER] == FLAG_YES,
        .answered = values[INPUT_ANSWERED] == FLAG_YES,
        .text = text,
        .at_ms = ms_of_day(input_day(values[INPUT_DATE])) +
                 (int64_t)(values[INPUT_TIME] - 1) * MINUTE_MS,
        .regime = (enum regime)values[INPUT_REGIME],
    };
    if (values[INPUT_LINE] > 0)
        witness.line = line_number(city, (struct line){values[INPUT_LINE] - 1});
    if (values[INPUT_CATEGORY] > 0)
        witness.category = category_code(city, (struct category){values[INPUT_CATEGORY] - 1});
    if (values[INPUT_PLACE] > 0)
        witness.place = place_code(city_places(city), (struct place){values[INPUT_PLACE] - 1});
    if (values[INPUT_RESPONDENT] == RESPONDENT_UNIT)
        witness.respondent = looking->leader->unit;
    if (values[INPUT_RESPONDENT] == RESPONDENT_OTHER)
        witness.respondent = span_of_string(SOMEBODY);
    return witness;
}

const struct witness *witness_lead(struct looking *looking, const struct aim *aim)
{
    struct run run;
    struct wording wording;
    wording_begin(&wording, span_of(aim->point->text, aim->point->bytes));
    for (uint32_t try = 0; try < TRIES; try++) {
        uint32_t values[INPUT_COUNT];
        fill(looking, aim, try, values);
        struct witness witness = leader_make(looking, values, span_of(wording.text, wording.bytes));
        if (!witness_run(looking, &witness, &run))
            continue;
        if (arrives(looking, aim, &run))
            return leader_keep(looking, &witness);
        wording_pass(looking, &run, aim->looked->index, &wording);
    }
    return NULL;
}
