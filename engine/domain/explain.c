#include "domain/explain.h"

#include "domain/explain_say.h"
#include "domain/explain_weights.h"
#include "domain/rules/scale.h"
#include "domain/rules/table.h"

enum { FAULT_BYTES = 256, HELD_MAX = 256 };

/* -- cells ------------------------------------------------------------------------------------- */

/* An item of a cell with its name, where it is a code. */
static struct span say_item(const struct city *city, enum input input, struct span item,
                            struct arena *arena)
{
    struct category category = city_category(city, sheet_code(item));
    struct place place = places_find_code(city_places(city), sheet_code(item));
    struct line line = city_line(city, item);
    if (input == INPUT_CATEGORY && category.index != CATEGORY_NONE.index)
        return explain_category(city, category, arena);
    if (input == INPUT_PLACE && !place_is_none(place))
        return explain_place(city, place, arena);
    if (input == INPUT_LINE && line.index != LINE_NONE.index)
        return explain_line(city, line, arena);
    if (input_words(input) != NULL && word_find(input_words(input), item) != 0)
        return explain_word(input_words(input), word_find(input_words(input), item), arena);
    return item;
}

/* Which item of a list it is that the value is in. */
static struct span find_part(const struct city *city, enum input input, struct span folded,
                             uint32_t value, struct arena *arena)
{
    char fault[FAULT_BYTES];
    struct span item;
    if (span_starts_with(folded, span_of_string("not")))
        return (struct span){0};
    while (cell_next_item(&folded, &item)) {
        struct values values;
        if (cell_parse(city, input, item, arena, &values, fault, sizeof fault) &&
            values_have(&values, value))
            return say_item(city, input, item, arena);
    }
    return (struct span){0};
}

/* facts may be NULL. */
static struct explained_cell explain_condition(const struct city *city, enum input input,
                                               const struct table_row *row, struct span cell,
                                               const struct facts *facts, bool fails,
                                               struct arena *arena)
{
    struct explained_cell explained = {.cell = cell, .fails = fails};
    if (facts == NULL)
        return explained;
    if (input == INPUT_TEXT) {
        explained.value = explain_keywords(city, &row->text, facts->hits, fails, arena);
        return explained;
    }
    explained.value = explain_value(city, input, facts, arena);
    explained.part =
        find_part(city, input, cell_fold(cell, arena), input_value(facts, input), arena);
    return explained;
}

static struct span name_output(const struct city *city, enum output output, struct span item)
{
    struct category category = city_category(city, sheet_code(item));
    struct function function = city_function(city, item);
    switch (output) {
    case OUTPUT_CATEGORY:
        return category.index != CATEGORY_NONE.index ? category_name(city, category)
                                                     : (struct span){0};
    case OUTPUT_FUNCTION:
    case OUTPUT_CO:
    case OUTPUT_INFORMED:
        return function.index != FUNCTION_NONE.index ? function_name(city, function)
                                                     : (struct span){0};
    case OUTPUT_TIER:
        return span_of_string(word_label(&tier_words, word_find(&tier_words, item)));
    case OUTPUT_DISPOSITION:
        return span_of_string(word_label(&disposition_words, word_find(&disposition_words, item)));
    case OUTPUT_URGENCY:
        return span_of_string(word_label(&urgency_words, word_find(&urgency_words, item)));
    default:
        return (struct span){0};
    }
}

/* The names of all that the cell lists. */
static struct span name_outputs(const struct city *city, enum output output, struct span folded,
                                struct arena *arena)
{
    struct span names = {0};
    struct span item;
    if (output_kinds[output].values_max == 0)
        return names;
    while (cell_next_item(&folded, &item)) {
        struct span name = name_output(city, output, item);
        if (name.bytes > 0)
            names = explain_say(arena, "%.*s%s%.*s", SPAN_ARG(names), names.bytes > 0 ? ", " : "",
                                SPAN_ARG(name));
    }
    return names;
}

/* -- rows -------------------------------------------------------------------------------------- */

static struct span behind(struct span text, const char *prefix)
{
    size_t bytes = strlen(prefix);
    return span_of(text.data + bytes, text.bytes - bytes);
}

/* facts may be NULL. dispatched: what it says counts; else only a category does. failing: a bit for
 * each input whose cell does. */
struct looking {
    const struct city *city;
    const struct table_row *row;
    const struct facts *facts;
    bool dispatched;
    uint32_t failing;
};

static bool is_failing(const struct looking *looking, enum input input)
{
    return (looking->failing >> input & 1) != 0;
}

/* The column of dates may be made of three cells, of which one may let the day pass alone. */
static bool input_fails(const struct looking *looking, enum input input, struct span folded,
                        struct arena *arena)
{
    char fault[FAULT_BYTES];
    struct values values;
    if (!is_failing(looking, input) || input != INPUT_DATE)
        return is_failing(looking, input);
    return !cell_parse(looking->city, input, folded, arena, &values, fault, sizeof fault) ||
           !values_have(&values, input_value(looking->facts, input));
}

static bool is_out_of_date(const struct looking *looking, bool is_until, struct span folded)
{
    char fault[FAULT_BYTES];
    uint32_t date;
    if (!is_failing(looking, INPUT_DATE) ||
        !scale_read(INPUT_DATE, folded, &date, fault, sizeof fault))
        return false;
    return (input_value(looking->facts, INPUT_DATE) >= date) == is_until;
}

static void explain_cell(const struct looking *looking, struct span kind, struct span label,
                         struct span cell, struct arena *arena, struct explained_row *explained)
{
    const struct city *city = looking->city;
    struct span folded = cell_fold(cell, arena);
    if (folded.bytes == 0 || span_is(folded, "-"))
        return;
    if (span_is(kind, "note:basis"))
        explained->basis = cell;
    if (span_is(kind, "from") || span_is(kind, "until"))
        explained->conditions[explained->conditions_count++] = (struct explained_cell){
            .label = label,
            .cell = cell,
            .value = looking->facts != NULL ? explain_date(looking->facts->date, arena)
                                            : (struct span){0},
            .fails = is_out_of_date(looking, span_is(kind, "until"), folded)};
    if (span_starts_with(kind, span_of_string("in:"))) {
        enum input input = input_find(behind(kind, "in:"));
        struct explained_cell *condition = &explained->conditions[explained->conditions_count++];
        *condition = explain_condition(city, input, looking->row, cell, looking->facts,
                                       input_fails(looking, input, folded, arena), arena);
        condition->label = label;
    }
    if (span_starts_with(kind, span_of_string("out:"))) {
        enum output output = output_find(behind(kind, "out:"));
        if (!looking->dispatched && output != OUTPUT_CATEGORY)
            return;
        explained->outputs[explained->outputs_count++] = (struct explained_cell){
            .label = label, .cell = cell, .value = name_outputs(city, output, folded, arena)};
    }
}

/* Ids are unique, and every row was read from one of the sheet's. */
static const struct sheet_row *find_written(const struct table *table, const struct table_row *row)
{
    uint32_t i = 0;
    while (table->sheet.rows[i].cells[0].line != row->where.line)
        i++;
    return &table->sheet.rows[i];
}

static const struct table_row *row_of(const struct policy *policy, struct row row)
{
    const struct table *table = rules_table(policy->rules, row.table);
    return row.row < table->rows_count ? &table->rows[row.row] : table->otherwise;
}

static void explain_cells(const struct policy *policy, struct row row,
                          const struct looking *looking, struct arena *arena,
                          struct explained_row *explained)
{
    const struct table *table = rules_table(policy->rules, row.table);
    const struct sheet_row *labels = &table->sheet.rows[0];
    const struct sheet_row *kinds = &table->sheet.rows[1];
    const struct sheet_row *written = find_written(table, looking->row);
    *explained = (struct explained_row){.name = rules_row_name(policy->rules, row)};
    for (uint32_t i = 1; i < kinds->count; i++)
        explain_cell(looking, kinds->cells[i].text, sheet_cell(labels, i).text,
                     sheet_cell(written, i).text, arena, explained);
}

static void explain_seen(const struct policy *policy, struct row row, const struct facts *facts,
                         bool dispatched, struct arena *arena, struct explained_row *explained)
{
    struct looking looking = {policy->city, row_of(policy, row), facts, dispatched, 0};
    explain_cells(policy, row, &looking, arena, explained);
}

void explain_row_failing(const struct policy *policy, struct row row, const struct facts *seen,
                         uint32_t failing, struct arena *arena, struct explained_row *explained)
{
    struct looking looking = {policy->city, row_of(policy, row), seen, true, failing};
    explain_cells(policy, row, &looking, arena, explained);
}

void explain_row(const struct policy *policy, struct row row, struct arena *arena,
                 struct explained_row *explained)
{
    explain_seen(policy, row, NULL, true, arena, explained);
}

/* -- rows that decide together ----------------------------------------------------------------- */

/* Heaviest first, as they stand in the file among equals. */
static void sort_by_weight(const struct policy *policy, struct row *rows, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct row moved = rows[i];
        uint32_t weight = row_of(policy, moved)->outputs.weight;
        uint32_t at = i;
        for (; at > 0 && row_of(policy, rows[at - 1])->outputs.weight < weight; at--)
            rows[at] = rows[at - 1];
        rows[at] = moved;
    }
}

static struct span say_vote(const struct policy *policy, const struct table_row *row,
                            const struct facts *facts, struct arena *arena)
{
    struct span keywords = explain_keywords(policy->city, &row->text, facts->hits, false, arena);
    struct span category = explain_category(policy->city, row->outputs.category, arena);
    uint32_t weight = row->outputs.weight > 0 ? row->outputs.weight : 1; /* of C# each counts one */
    return explain_say(arena, "%.*s +%u %.*s%s%.*s", SPAN_ARG(row->id), weight, SPAN_ARG(category),
                       keywords.bytes > 0 ? ": " : "", SPAN_ARG(keywords));
}

static struct span say_functions(const struct city *city, const struct table_row *row,
                                 struct arena *arena)
{
    struct span text = row->id;
    for (uint32_t i = 0; i < row->outputs.co_count; i++)
        text = explain_say(arena, "%.*s %.*s", SPAN_ARG(text),
                           SPAN_ARG(function_name(city, row->outputs.co[i])));
    for (uint32_t i = 0; i < row->outputs.informed_count; i++)
        text = explain_say(arena, "%.*s %.*s", SPAN_ARG(text),
                           SPAN_ARG(function_name(city, row->outputs.informed[i])));
    return text;
}

static struct span say_limits(const struct table_row *row, struct arena *arena)
{
    char limit[TIME_LIMIT_BYTES_MAX];
    char sign[TIME_LIMIT_BYTES_MAX];
    (void)time_limit_format(row->outputs.limit, limit);
    (void)time_limit_format(row->outputs.sign_limit, sign);
    return explain_say(arena, "%.*s %s%s%s", SPAN_ARG(row->id), limit,
                       limit[0] != '\0' && sign[0] != '\0' ? " " : "", sign);
}

static struct span say_besides(const struct policy *policy, enum answer answer,
                               const struct table_row *row, const struct facts *facts,
                               struct arena *arena)
{
    switch (answer) {
    case ANSWER_VOTE:
        return say_vote(policy, row, facts, arena);
    case ANSWER_LIMITS:
        return say_limits(row, arena);
    case ANSWER_LISTS:
    case ANSWER_ROW:
    case ANSWER_WEIGHTS:
        break;
    }
    return say_functions(policy->city, row, arena);
}

static bool is_cited(const struct outputs *outputs, struct row row)
{
    for (uint32_t i = 0; i < outputs->rows_count; i++)
        if (outputs->rows[i].table == row.table && outputs->rows[i].row == row.row)
            return true;
    return false;
}

/* What else held of a table that is cited. */
static void explain_also(const struct policy *policy, uint32_t table, const struct outputs *outputs,
                         const struct facts *facts, struct scratch *scratch, struct arena *arena,
                         struct explained_row *explained)
{
    struct row held[HELD_MAX];
    enum answer answer = rules_table(policy->rules, table)->answer;
    if (answer == ANSWER_ROW)
        return;
    uint32_t count = rules_held(policy->rules, table, facts, scratch, held, (uint32_t)HELD_MAX);
    uint32_t noted = count < HELD_MAX ? count : (uint32_t)HELD_MAX;
    uint32_t cited = 0;
    if (answer == ANSWER_VOTE)
        sort_by_weight(policy, held, noted);
    for (uint32_t i = 0; i < noted; i++) {
        const struct table_row *row = row_of(policy, held[i]);
        if (is_cited(outputs, held[i]))
            cited++;
        else if (explained->also_count < EXPLAINED_ALSO_MAX)
            explained->also[explained->also_count++] =
                say_besides(policy, answer, row, facts, arena);
    }
    explained->also_more = count - cited - explained->also_count;
}

uint32_t explain_facts(const struct policy *policy, const struct facts *facts,
                       struct scratch *scratch, struct arena *arena,
                       struct explained_row rows[RULES_CITED_MAX])
{
    struct outputs outputs;
    struct facts seen[RULES_TABLES_MAX];
    bool dispatched = true;
    rules_trace(policy->rules, facts, scratch, &outputs, seen);
    for (uint32_t i = 0; i < outputs.rows_count; i++) {
        struct row row = outputs.rows[i];
        const struct facts *asked = &seen[row.table];
        if (rules_table(policy->rules, row.table)->weights != NULL) {
            explain_weights(policy, row, asked, arena, &rows[i]);
            continue;
        }
        explain_seen(policy, row, asked, dispatched, arena, &rows[i]);
        dispatched &= row_of(policy, row)->outputs.disposition <= DISPOSITION_DISPATCH;
        if (i == 0 || outputs.rows[i - 1].table != row.table)
            explain_also(policy, row.table, &outputs, asked, scratch, arena, &rows[i]);
    }
    return outputs.rows_count;
}

/* -- the climb --------------------------------------------------------------------------------- */

const char *explain_climb(const struct city *city, struct function function, struct place place,
                          struct unit kept_from, const struct excluded *excluded)
{
    struct unit unit = city_unit(city, function, place);
    if (unit.index == UNIT_NONE.index)
        return "has no unit for it";
    for (uint32_t i = 0; i < excluded->count; i++)
        if (excluded->units[i].index == unit.index)
            return "has returned it";
    return decide_is_kept_from(city, kept_from, unit) ? "is kept from it, since it is about it"
                                                      : "";
}
