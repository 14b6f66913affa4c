#include "tools/learn/report.h"

#include "base/check.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { LABEL_COLUMNS = 18 };

struct led {
    int32_t lead;
    bool right;
};

static int by_lead(const void *a, const void *b)
{
    const struct led *left = a;
    const struct led *right = b;
    return (left->lead < right->lead) - (left->lead > right->lead);
}

static bool is_right(const struct corpus *corpus, const struct verdict *verdicts, uint32_t i)
{
    return verdicts[i].label == corpus->messages[i].label;
}

int32_t report_margin(const struct corpus *corpus, const struct verdict *verdicts, double precision)
{
    struct led *sorted = calloc((size_t)corpus->count + 1, sizeof *sorted);
    int32_t margin = WEIGHTS_MARGIN_MAX;
    uint32_t right = 0;
    CHECK(sorted != NULL);
    for (uint32_t i = 0; i < corpus->count; i++)
        sorted[i] = (struct led){verdicts[i].lead, is_right(corpus, verdicts, i)};
    qsort(sorted, corpus->count, sizeof *sorted, by_lead);
    for (uint32_t i = 0; i < corpus->count; i++) {
        bool last = i + 1 == corpus->count || sorted[i + 1].lead < sorted[i].lead;
        right += sorted[i].right;
        if (last && sorted[i].lead > 0 && sorted[i].lead <= WEIGHTS_MARGIN_MAX &&
            right >= precision * (i + 1))
            margin = sorted[i].lead;
    }
    free(sorted);
    return margin;
}

static double percent(uint32_t part, uint32_t whole)
{
    return whole > 0 ? 100.0 * part / whole : 0;
}

/* Rows: what they are; columns: what they were taken for. */
struct confusion {
    uint32_t counts[LABELS_MAX][LABELS_MAX];
};

static void count(const struct corpus *corpus, const struct verdict *verdicts,
                  struct confusion *confusion)
{
    for (uint32_t i = 0; i < corpus->count; i++)
        if (verdicts[i].label != NO_LABEL)
            confusion->counts[corpus->messages[i].label][verdicts[i].label]++;
}

static double f1(const struct confusion *confusion, const struct corpus *corpus, uint32_t label)
{
    uint32_t are = 0;
    uint32_t taken = 0;
    for (uint32_t i = 0; i < corpus->count; i++)
        are += corpus->messages[i].label == label;
    for (uint32_t i = 0; i < corpus->labels_count; i++)
        taken += confusion->counts[i][label];
    return are + taken > 0 ? 2.0 * confusion->counts[label][label] / (are + taken) : 0;
}

static void print_label(FILE *out, struct span label)
{
    size_t columns = utf8_columns(label);
    fprintf(out, "  %.*s%*s", SPAN_ARG(label),
            columns < LABEL_COLUMNS ? (int)(LABEL_COLUMNS - columns) : 1, "");
}

static void print_confusion(FILE *out, const struct corpus *corpus, const struct label_map *map,
                            const struct confusion *confusion)
{
    fprintf(out, "\nwhat they are, and how many were taken for each label in the same order; F1\n");
    for (uint32_t i = 0; i < corpus->labels_count; i++) {
        uint32_t label = map->order[i];
        print_label(out, corpus->labels[label]);
        for (uint32_t j = 0; j < corpus->labels_count; j++)
            fprintf(out, "%6u", confusion->counts[label][map->order[j]]);
        fprintf(out, "   %.3f\n", f1(confusion, corpus, label));
    }
}

void report_table(FILE *out, const struct corpus *corpus, const struct label_map *map,
                  const struct verdict *verdicts, int32_t margin)
{
    struct confusion confusion = {.counts = {{0}}};
    uint32_t right = 0;
    uint32_t decided = 0;
    uint32_t decided_right = 0;
    double macro = 0;
    count(corpus, verdicts, &confusion);
    for (uint32_t i = 0; i < corpus->labels_count; i++)
        macro += f1(&confusion, corpus, i) / corpus->labels_count;
    for (uint32_t i = 0; i < corpus->count; i++) {
        bool clear = verdicts[i].label != NO_LABEL && verdicts[i].lead >= margin;
        right += is_right(corpus, verdicts, i);
        decided += clear;
        decided_right += clear && is_right(corpus, verdicts, i);
    }
    fprintf(out, "the table alone, always deciding: accuracy %.4f, macro-F1 %.4f\n",
            percent(right, corpus->count) / 100, macro);
    fprintf(out, "by a margin of %d: %.1f %% decided, of these %.1f %% right\n", margin,
            percent(decided, corpus->count), percent(decided_right, decided));
    print_confusion(out, corpus, map, &confusion);
}

void report_book(FILE *out, const char *what, const struct corpus *corpus,
                 const struct verdict *verdicts)
{
    uint32_t right = 0;
    uint32_t elsewhere = 0;
    uint32_t desk = 0;
    for (uint32_t i = 0; i < corpus->count; i++) {
        right += verdicts[i].by_book >> corpus->messages[i].label & 1;
        elsewhere += verdicts[i].by_book == 0 && !verdicts[i].to_desk;
        desk += verdicts[i].to_desk;
    }
    fprintf(out,
            "%s: %.1f %% decided, of these %.1f %% right; right of all %.1f %%; %.1f %% in "
            "categories of no column\n",
            what, percent(corpus->count - desk, corpus->count),
            percent(right, corpus->count - desk), percent(right, corpus->count),
            percent(elsewhere, corpus->count));
}
