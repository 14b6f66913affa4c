#include "domain/rules/answer.h"

#include "base/check.h"

static uint8_t note_row(uint32_t table, uint32_t row, struct outputs *outputs)
{
    VERIFY(outputs->rows_count < RULES_CITED_MAX);
    outputs->rows[outputs->rows_count] = (struct row){(uint16_t)table, (uint16_t)row};
    return (uint8_t)outputs->rows_count++;
}

/* -- one row ----------------------------------------------------------------------------------- */

/* Urgency, limits and advice: they stand beside the assignment. */
static void write_handling(const struct row_outputs *row, struct asking *asking)
{
    struct outputs *outputs = asking->outputs;
    if (row->disposition != DISPOSITION_NONE)
        outputs->disposition = row->disposition;
    if (row->advice.bytes > 0)
        outputs->advice = row->advice;
    if (row->urgency != URGENCY_NONE) {
        outputs->urgency = asking->now.urgency = row->urgency;
        input_values_again(&asking->now, asking->values);
    }
    if (row->limit.count > 0)
        outputs->limit = row->limit;
    if (row->sign_limit.count > 0)
        outputs->sign_limit = row->sign_limit;
}

static void name_functions(const struct function *functions, uint32_t count, uint8_t noted,
                           struct named *named)
{
    for (uint32_t i = 0; i < count; i++) {
        named->functions[i] = functions[i];
        named->rows[i] = noted;
    }
    named->count = count;
}

static void say_category(struct category category, bool from_words, struct asking *asking)
{
    asking->outputs->category = asking->now.category = category;
    asking->outputs->category_from_words = from_words;
    input_values_again(&asking->now, asking->values);
}

/* Lets a row that is noted speak; its category and urgency are facts for the tables after it. */
static void write_outputs(const struct row_outputs *row, uint8_t noted, struct asking *asking)
{
    struct outputs *outputs = asking->outputs;
    if (row->category.index != CATEGORY_NONE.index)
        say_category(row->category, false, asking);
    if (outputs->disposition != DISPOSITION_DISPATCH)
        return;
    write_handling(row, asking);
    if (row->function.index != FUNCTION_NONE.index) {
        outputs->function = row->function;
        outputs->function_row = noted;
    }
    if (row->tier != TIER_NONE)
        outputs->tier = row->tier;
    if (row->co_count > 0)
        name_functions(row->co, row->co_count, noted, &outputs->co);
    if (row->informed_count > 0)
        name_functions(row->informed, row->informed_count, noted, &outputs->informed);
    if (row->reporter != REPORTER_UNSAID)
        outputs->reporter_shown = row->reporter == REPORTER_SHOWN;
}

static void answer_row(const struct compiled *compiled, uint32_t index,
                       struct match_scratch *scratch, struct asking *asking)
{
    uint32_t row = matcher_match(compiled->matcher, asking->values, asking->now.hits, scratch);
    if (row == UINT32_MAX)
        asking->outputs->missed = true;
    else
        write_outputs(&compiled->outputs[row], note_row(index, row, asking->outputs), asking);
}

/* -- lists ------------------------------------------------------------------------------------- */

struct lists {
    struct named co, informed;
    bool crowded; /* there was no room for some */
};

static bool add_function(struct function function, uint8_t noted, uint32_t count_max,
                         struct named *named, struct lists *lists)
{
    for (uint32_t i = 0; i < named->count; i++)
        if (named->functions[i].index == function.index)
            return false;
    if (named->count == count_max) {
        lists->crowded = true;
        return false;
    }
    named->functions[named->count] = function;
    named->rows[named->count++] = noted;
    return true;
}

/* Adds what a row names, which would be noted so; false where it names nothing new. */
static bool add_row(const struct row_outputs *row, uint32_t noted, struct lists *lists)
{
    bool adds = false;
    for (uint32_t i = 0; i < row->co_count; i++)
        adds |= add_function(row->co[i], (uint8_t)noted, RULES_UNITS_MAX, &lists->co, lists);
    for (uint32_t i = 0; i < row->informed_count; i++)
        adds |= add_function(row->informed[i], (uint8_t)noted, RULES_INFORMED_MAX, &lists->informed,
                             lists);
    return adds;
}

/* By a function's place among the allowed values. */
static void sort_by_place(struct named *named, const uint32_t *places)
{
    for (uint32_t i = 1; i < named->count; i++) {
        struct function function = named->functions[i];
        uint8_t row = named->rows[i];
        uint32_t at = i;
        for (; at > 0 && places[function.index] < places[named->functions[at - 1].index]; at--) {
            named->functions[at] = named->functions[at - 1];
            named->rows[at] = named->rows[at - 1];
        }
        named->functions[at] = function;
        named->rows[at] = row;
    }
}

static void write_list(const struct named *named, const uint32_t *places, struct named *written)
{
    if (named->count == 0)
        return;
    *written = *named;
    if (places != NULL)
        sort_by_place(written, places);
}

/* It is no miss where no row holds. */
static void answer_lists(const struct compiled *compiled, uint32_t index,
                         struct match_scratch *scratch, const struct asking *asking)
{
    const struct table *table = compiled->table;
    struct outputs *outputs = asking->outputs;
    struct lists lists = {.crowded = false};
    if (outputs->disposition != DISPOSITION_DISPATCH)
        return;
    struct match_rows rows =
        matcher_match_all(compiled->matcher, asking->values, asking->now.hits, scratch);
    if (rows.count == 0 && table->otherwise != NULL)
        rows = (struct match_rows){&table->rows_count, 1};
    for (uint32_t i = 0; i < rows.count; i++)
        if (add_row(&compiled->outputs[rows.rows[i]], outputs->rows_count, &lists))
            (void)note_row(index, rows.rows[i], outputs);
    write_list(&lists.co, table->co_places, &outputs->co);
    write_list(&lists.informed, table->informed_places, &outputs->informed);
    outputs->crowded |= lists.crowded;
}

/* -- limits ------------------------------------------------------------------------------------ */

/* The one that counts so far, and the row that says it. */
struct extreme {
    struct time_limit limit;
    uint32_t row; /* where limit.count is 0, none */
};

/* In one table what is reckoned in minutes is shorter than what is in working days, or it would not
 * have been read (table_check.c). */
static bool is_longer(struct time_limit a, struct time_limit b)
{
    return a.natural != b.natural ? b.natural : a.count > b.count;
}

static void try_limit(struct time_limit limit, uint32_t row, bool longest, struct extreme *extreme)
{
    struct time_limit so_far = extreme->limit;
    if (limit.count > 0 &&
        (so_far.count == 0 || (longest ? is_longer(limit, so_far) : is_longer(so_far, limit))))
        *extreme = (struct extreme){limit, row};
}

static void write_limits(uint32_t index, struct extreme limit, struct extreme sign,
                         struct outputs *outputs)
{
    if (limit.limit.count > 0) {
        outputs->limit = limit.limit;
        (void)note_row(index, limit.row, outputs);
    }
    if (sign.limit.count > 0) {
        outputs->sign_limit = sign.limit;
        if (limit.limit.count == 0 || limit.row != sign.row)
            (void)note_row(index, sign.row, outputs);
    }
}

static void answer_limits(const struct compiled *compiled, uint32_t index,
                          struct match_scratch *scratch, const struct asking *asking)
{
    const struct table *table = compiled->table;
    bool longest = table->hit_policy == HIT_GREATEST;
    struct extreme limit = {.row = 0};
    struct extreme sign = {.row = 0};
    if (asking->outputs->disposition != DISPOSITION_DISPATCH)
        return;
    struct match_rows rows =
        matcher_match_all(compiled->matcher, asking->values, asking->now.hits, scratch);
    if (rows.count == 0 && table->otherwise != NULL)
        rows = (struct match_rows){&table->rows_count, 1};
    if (rows.count == 0)
        asking->outputs->missed = true;
    for (uint32_t i = 0; i < rows.count; i++) {
        const struct row_outputs *row = &compiled->outputs[rows.rows[i]];
        try_limit(row->limit, rows.rows[i], longest, &limit);
        try_limit(row->sign_limit, rows.rows[i], longest, &sign);
    }
    write_limits(index, limit, sign, asking->outputs);
}

/* -- weights ----------------------------------------------------------------------------------- */

static void name_candidates(const struct weights *weights, uint32_t possible,
                            struct outputs *outputs)
{
    outputs->candidates_count = 0;
    for (uint32_t i = 0; i < weights->columns_count; i++)
        for (uint32_t j = 0; (possible >> i & 1) != 0 && j < weights->columns[i].count; j++)
            if (outputs->candidates_count < CATEGORY_CANDIDATES_MAX)
                outputs->candidates[outputs->candidates_count++] =
                    weights->columns[i].categories[j];
}

/* One category, where nobody has said one. */
static void take_what_is_left(struct asking *asking)
{
    struct category only = asking->now.narrowing.only;
    if (only.index != CATEGORY_NONE.index && asking->now.category.index == CATEGORY_NONE.index)
        say_category(only, true, asking);
}

/* It is no miss where no keyword stands there. */
static void answer_weights(const struct compiled *compiled, uint32_t index, struct asking *asking)
{
    const struct weights *weights = compiled->table->weights;
    struct weighing weighing;
    if (asking->now.category.index != CATEGORY_NONE.index)
        return;
    weigher_weigh(compiled->weigher, asking->now.hits, &weighing);
    if (weighing.row == UINT32_MAX)
        return;
    (void)note_row(index, weighing.row, asking->outputs);
    asking->now.narrowing = (struct narrowing){weights, weighing.possible, CATEGORY_NONE};
    if (weighing.clear && weights->columns[weighing.best].count == 1)
        asking->now.narrowing.only = weights->columns[weighing.best].categories[0];
    name_candidates(weights, weighing.possible, asking->outputs);
    if (!compiled->vote_follows)
        take_what_is_left(asking);
}

/* -- votes ------------------------------------------------------------------------------------- */

struct match_rows answer_vote_rows(const struct compiled *compiled, const struct facts *seen,
                                   const uint32_t *values, struct match_scratch *scratch,
                                   uint32_t *kept)
{
    struct match_rows rows = matcher_match_all(compiled->matcher, values, seen->hits, scratch);
    const struct narrowing *narrowing = &seen->narrowing;
    uint32_t count = 0;
    if (narrowing->weights == NULL)
        return rows;
    for (uint32_t i = 0; i < rows.count; i++) {
        uint32_t category = compiled->ballots[rows.rows[i]].category;
        if (!weights_rule_out(narrowing->weights, narrowing->possible, category))
            kept[count++] = rows.rows[i];
    }
    return (struct match_rows){kept, count};
}

/* It is no miss where no row holds; then what weights left may be clear by itself. */
static void answer_vote(const struct compiled *compiled, uint32_t index,
                        struct match_scratch *scratch, struct asking *asking)
{
    struct outputs *outputs = asking->outputs;
    struct vote_result result;
    struct match_rows rows =
        answer_vote_rows(compiled, &asking->now, asking->values, scratch, asking->kept);
    vote_count(asking->vote, compiled->table->hit_policy, compiled->ballots, rows, &result);
    if (result.row == UINT32_MAX) {
        take_what_is_left(asking);
        return;
    }
    (void)note_row(index, result.row, outputs);
    memcpy(outputs->candidates, result.candidates, sizeof result.candidates);
    outputs->candidates_count = result.candidates_count;
    if (result.category.index != CATEGORY_NONE.index)
        say_category(result.category, true, asking);
}

/* -- all --------------------------------------------------------------------------------------- */

void answer_table(const struct compiled *compiled, uint32_t index, struct match_scratch *scratch,
                  struct asking *asking)
{
    switch (compiled->answer) {
    case ANSWER_ROW:
        answer_row(compiled, index, scratch, asking);
        return;
    case ANSWER_LISTS:
        answer_lists(compiled, index, scratch, asking);
        return;
    case ANSWER_LIMITS:
        answer_limits(compiled, index, scratch, asking);
        return;
    case ANSWER_VOTE:
        answer_vote(compiled, index, scratch, asking);
        return;
    case ANSWER_WEIGHTS:
        answer_weights(compiled, index, asking);
        return;
    }
}

uint32_t answer_citations_max(const struct table *table)
{
    struct lists lists = {.crowded = false};
    if (table->answer != ANSWER_LISTS)
        return table->answer == ANSWER_LIMITS ? 2 : 1;
    for (uint32_t i = 0; i < table->rows_count; i++)
        (void)add_row(&table->rows[i].outputs, 0, &lists);
    uint32_t count = lists.co.count + lists.informed.count;
    if (count > table->rows_count)
        count = table->rows_count;
    return count > 0 ? count : 1;
}
