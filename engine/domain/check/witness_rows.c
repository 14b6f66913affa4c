/* witness_rows - leads a case to several rows at once, each of another table. */
#include "domain/check/witness.h"

enum { TRIES = 200, DRAWS = 24, PLAIN_TRIES = 6, HOUR_MINUTES = 60 };

/* What all of the rows ask of an input, as far as they ask it. */
static bool passes(const struct looking *looking, const struct row *rows, uint32_t count,
                   enum input input, uint32_t value)
{
    for (uint32_t r = 0; r < count; r++) {
        const struct looked *looked = &looking->tables[rows[r].table];
        for (uint32_t i = 0; i < looked->table->inputs_count; i++)
            if (looked->table->inputs[i] == input &&
                !values_have(&looked_row(looked, rows[r].row)->values[i], value))
                return false;
    }
    return true;
}

/* The cell of an input that says something, of any row; NULL where none does. */
static const struct values *find_cell(const struct looking *looking, const struct row *rows,
                                      uint32_t count, enum input input)
{
    for (uint32_t r = 0; r < count; r++) {
        const struct looked *looked = &looking->tables[rows[r].table];
        const struct values *values = looked_row(looked, rows[r].row)->values;
        for (uint32_t i = 0; i < looked->table->inputs_count; i++)
            if (looked->table->inputs[i] == input && !values[i].any)
                return &values[i];
    }
    return NULL;
}

/* A value that all let pass, the plain one first; else the plain one, and the case may fail. */
static uint32_t choose(struct looking *looking, const struct row *rows, uint32_t count,
                       enum input input, uint32_t plain, bool plainly)
{
    const struct values *cell = find_cell(looking, rows, count, input);
    if (cell == NULL || (plainly && passes(looking, rows, count, input, plain)))
        return plain;
    for (uint32_t i = 0; i < DRAWS; i++) {
        const struct interval *interval =
            &cell->intervals[plainly && i < cell->count ? i : leader_draw(looking, cell->count)];
        uint32_t value = interval->first;
        if (!plainly || i >= cell->count)
            value += leader_draw(looking, interval->limit - interval->first);
        if (passes(looking, rows, count, input, value))
            return value;
    }
    return plain;
}

static bool all_win(const struct run *run, const struct row *rows, uint32_t count)
{
    for (uint32_t r = 0; r < count; r++) {
        bool found = false;
        for (uint32_t i = 0; i < run->outputs.rows_count; i++)
            found |= run->outputs.rows[i].table == rows[r].table &&
                     run->outputs.rows[i].row == rows[r].row;
        if (!found)
            return false;
    }
    return true;
}

static bool find_text(const struct looking *looking, const struct row *rows, uint32_t count,
                      char *text, size_t *bytes)
{
    struct wants wants = {.any_count = 0};
    for (uint32_t r = 0; r < count; r++)
        wants_cell(&wants, &looked_row(&looking->tables[rows[r].table], rows[r].row)->text);
    return !wants.crowded && wants_text(&wants, looking->keywords, text, bytes);
}

static void fill(struct looking *looking, const struct row *rows, uint32_t count, enum type type,
                 uint32_t try, uint32_t values[INPUT_COUNT])
{
    leader_plain(looking, try, values);
    if (type != TYPE_NONE)
        values[INPUT_TYPE] = type;
    for (uint32_t i = 0; i < INPUT_COUNT; i++)
        if (i != INPUT_TEXT && (i != INPUT_TYPE || type == TYPE_NONE))
            values[i] = choose(looking, rows, count, (enum input)i, values[i], try < PLAIN_TRIES);
    if (find_cell(looking, rows, count, INPUT_HOUR) != NULL &&
        find_cell(looking, rows, count, INPUT_TIME) == NULL)
        values[INPUT_TIME] = (values[INPUT_HOUR] - 1) * HOUR_MINUTES + 1;
}

const struct witness *witness_lead_rows(struct looking *looking, const struct row *rows,
                                        uint32_t count, enum type type)
{
    char text[WANTS_TEXT_BYTES];
    size_t bytes = 0;
    struct run run;
    struct wording wording;
    if ((type != TYPE_NONE && !passes(looking, rows, count, INPUT_TYPE, type)) ||
        !find_text(looking, rows, count, text, &bytes))
        return NULL;
    wording_begin(&wording, span_of(text, bytes));
    for (uint32_t try = 0; try < TRIES; try++) {
        uint32_t values[INPUT_COUNT];
        fill(looking, rows, count, type, try, values);
        struct witness witness = leader_make(looking, values, span_of(wording.text, wording.bytes));
        if (!witness_run(looking, &witness, &run))
            continue;
        if (all_win(&run, rows, count) && run_comes_to(looking, &run, rows[0].table))
            return leader_keep(looking, &witness);
        wording_pass(looking, &run, rows[0].table, &wording);
    }
    return NULL;
}
