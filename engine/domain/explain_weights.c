#include "domain/explain_weights.h"

#include "base/utf8.h"
#include "domain/rules/table.h"
#include "domain/rules/weights.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHOWN_MAX = 12, HELD_MAX = 512, TEXT_BYTES = 1024 };

/* What stands in the text, each keyword once. */
struct held {
    const struct weights *weights;
    const struct table *table;
    struct {
        uint32_t row;
        int32_t times; /* that its weights are added */
    } words[HELD_MAX];
    uint32_t count;
};

static void add(struct held *held, uint32_t row)
{
    uint32_t i = 0;
    while (i < held->count && held->words[i].row != row)
        i++;
    if (i == HELD_MAX)
        return;
    if (i == held->count) {
        held->words[i].row = row;
        held->words[i].times = 0;
        held->count++;
    }
    held->words[i].times++;
}

static int32_t says(const struct held *held, uint32_t i, uint32_t column)
{
    return held->words[i].times * held->weights->rows[held->words[i].row][column];
}

/* Further from 0, and then as they stand in the file. */
static bool is_before(const struct held *held, uint32_t a, uint32_t b, uint32_t column)
{
    int32_t left = abs(says(held, a, column));
    int32_t right = abs(says(held, b, column));
    return left != right ? left > right : held->words[a].row < held->words[b].row;
}

static void sort(struct held *held, uint32_t column)
{
    for (uint32_t i = 1; i < held->count; i++)
        for (uint32_t at = i; at > 0 && is_before(held, at, at - 1, column); at--) {
            uint32_t row = held->words[at].row;
            int32_t times = held->words[at].times;
            held->words[at] = held->words[at - 1];
            held->words[at - 1].row = row;
            held->words[at - 1].times = times;
        }
}

/* What does not fit is cut, but not through a character. */
__attribute__((format(printf, 3, 4))) static void append(char text[TEXT_BYTES], size_t *used,
                                                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int bytes = vsnprintf(text + *used, TEXT_BYTES - *used, format, arguments);
    va_end(arguments);
    *used += (size_t)bytes;
    if (*used < TEXT_BYTES)
        return;
    *used = utf8_check(span_of(text, TEXT_BYTES - 1));
    text[*used] = '\0';
}

static struct span keep(const char *text, struct arena *arena)
{
    struct span span = span_of_string(text);
    return span_of(arena_copy(arena, span), span.bytes);
}

/* Of the sorted, those that say something about the column; where none does, one shows that. */
static uint32_t count_saying(const struct held *held, uint32_t column)
{
    uint32_t count = 0;
    while (count < held->count && says(held, count, column) != 0)
        count++;
    return count == 0 && held->count > 0 ? 1 : count;
}

/* 公交 2 x 31, 站 -4 and 7 more. */
static struct span say_words(struct held *held, uint32_t column, struct arena *arena)
{
    char text[TEXT_BYTES] = "";
    size_t used = 0;
    sort(held, column);
    uint32_t count = count_saying(held, column);
    for (uint32_t shown = 0; shown < count && shown < SHOWN_MAX; shown++) {
        uint32_t row = held->words[shown].row;
        append(text, &used, "%s%.*s ", shown > 0 ? ", " : "", SPAN_ARG(held->table->rows[row].id));
        if (held->words[shown].times > 1)
            append(text, &used, "%d x ", held->words[shown].times);
        append(text, &used, "%d", held->weights->rows[row][column]);
    }
    if (count > SHOWN_MAX)
        append(text, &used, " and %u more", count - SHOWN_MAX);
    return keep(text, arena);
}

/* The heaviest but the best; of one column there is none. */
static uint32_t next_of(const struct weights *weights, const struct weighing *weighing)
{
    uint32_t next = WEIGHTS_COLUMNS_MAX;
    for (uint32_t i = 0; i < weights->columns_count; i++)
        if (i != weighing->best &&
            (next == WEIGHTS_COLUMNS_MAX || weighing->sums[i] > weighing->sums[next]))
            next = i;
    return next;
}

static struct span say_sum(int32_t sum, struct arena *arena)
{
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "%d", sum);
    return keep(text, arena);
}

static struct span say_lead(const struct weights *weights, const struct weighing *weighing,
                            struct arena *arena)
{
    char text[TEXT_BYTES] = "";
    size_t used = 0;
    const char *before = "; left as well: ";
    append(text, &used, "leads by %d, needs %d", weighing->lead, weights->margin);
    for (uint32_t i = 0; !weighing->clear && i < weights->columns_count; i++) {
        if ((weighing->possible >> i & 1) == 0 || i == weighing->best)
            continue;
        append(text, &used, "%s%.*s", before, SPAN_ARG(weights->columns[i].label));
        before = ", ";
    }
    return keep(text, arena);
}

static void hold(const struct rules *rules, struct row row, const struct facts *seen,
                 struct held *held)
{
    struct text_words words = text_sought(seen->hits, TEXT_WEIGHING);
    held->table = rules_table(rules, row.table);
    held->weights = held->table->weights;
    held->count = 0;
    for (uint32_t i = 0; i < words.count; i++) {
        uint32_t at = rules_weigh_row(rules, row.table, words.list[i]);
        if (at != UINT32_MAX)
            add(held, at);
    }
}

void explain_weights(const struct policy *policy, struct row row, const struct facts *seen,
                     struct arena *arena, struct explained_row *explained)
{
    struct weighing weighing;
    struct held held;
    hold(policy->rules, row, seen, &held);
    bool weighed = rules_weigh(policy->rules, row.table, seen, &weighing);
    const struct weights_column *columns = held.weights->columns;
    uint32_t next = next_of(held.weights, &weighing);
    *explained = (struct explained_row){.name = rules_row_name(policy->rules, row)};
    if (!weighed)
        return;
    explained->conditions[explained->conditions_count++] =
        (struct explained_cell){.label = columns[weighing.best].label,
                                .cell = held.table->rows[row.row].id,
                                .value = say_words(&held, weighing.best, arena)};
    explained->outputs[explained->outputs_count++] =
        (struct explained_cell){.label = columns[weighing.best].label,
                                .cell = say_sum(weighing.sums[weighing.best], arena),
                                .value = say_lead(held.weights, &weighing, arena)};
    if (next == WEIGHTS_COLUMNS_MAX)
        return;
    char text[TEXT_BYTES] = "";
    size_t used = 0;
    struct span words = say_words(&held, next, arena);
    append(text, &used, "%.*s %d: %.*s", SPAN_ARG(columns[next].label), weighing.sums[next],
           SPAN_ARG(words));
    explained->also[explained->also_count++] = keep(text, arena);
}
