/* comparison - on a terminal, and what all ways of telling it need. */
#include "tools/compare/comparison.h"

#include "base/utf8.h"
#include "domain/city/date.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    EDITS_SHOWN = 8, /* of a file */
    GROUPS_SHOWN = 20,
    INNER_SHOWN = 5,
    LOADS_SHOWN = 20,
    NUMBER_COLUMNS = 9,
    CELL_COLUMNS = 40
};

/* -- for all ----------------------------------------------------------------------------------- */

struct load {
    uint32_t end;
    uint64_t before, after;
};

static uint64_t moved(const struct load *load)
{
    return load->before > load->after ? load->before - load->after : load->after - load->before;
}

static int by_change(const void *a, const void *b)
{
    const struct load *first = a;
    const struct load *second = b;
    if (moved(first) != moved(second))
        return moved(first) < moved(second) ? 1 : -1;
    return (first->end > second->end) - (first->end < second->end);
}

uint32_t comparison_loads(const struct difference *difference, uint32_t *ends)
{
    uint32_t count = 0;
    uint32_t all = change_ends(difference->pair);
    struct load *loads = calloc(all, sizeof *loads);
    for (uint32_t end = 0; loads != NULL && end < all; end++) {
        struct load load = {end, difference->loads[SIDE_OLD][end],
                            difference->loads[SIDE_NEW][end]};
        if (load.before != load.after)
            loads[count++] = load;
    }
    if (count > 0)
        qsort(loads, count, sizeof *loads, by_change);
    for (uint32_t i = 0; i < count; i++)
        ends[i] = loads[i].end;
    free(loads);
    return count;
}

bool comparison_days(const struct difference *difference, int32_t *first, int32_t *last)
{
    bool any = false;
    for (int32_t i = 0; i < difference->days_count; i++) {
        if (difference->days[i] == 0)
            continue;
        if (!any)
            *first = difference->first_day + i;
        *last = difference->first_day + i;
        any = true;
    }
    return any;
}

uint32_t comparison_file_limit(const struct edits *edits, uint32_t first)
{
    uint32_t limit = first + 1;
    while (limit < edits->count && strcmp(edits->list[limit].file, edits->list[first].file) == 0)
        limit++;
    return limit;
}

/* -- lines ------------------------------------------------------------------------------------- */

/* 642,189 */
static const char *format_count(uint64_t count, char text[32])
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    int used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
    return text;
}

static void print_count(uint64_t count, uint64_t all, FILE *out)
{
    char text[32];
    fprintf(out, "%*s", NUMBER_COLUMNS, format_count(count, text));
    if (all > 0)
        fprintf(out, "  %5.1f %%", 100.0 * (double)count / (double)all);
}

static void pad(const char *text, size_t columns, FILE *out)
{
    size_t used = utf8_columns(span_of_string(text));
    fprintf(out, "%s%*s", text, used < columns ? (int)(columns - used) : 0, "");
}

static void print_samples(const struct comparison *comparison, const struct samples *samples,
                          FILE *out)
{
    struct sampler *sampler = comparison->sampler;
    for (uint32_t i = 0; i < samples->count; i++) {
        sampler_read(sampler, samples->serials[i]);
        if (sampler->titles)
            fprintf(out, "             %s  %s\n", sampler->number, sampler->title);
        else
            fprintf(out, "%s%s",
                    i == 0       ? "             e.g. "
                    : i % 4 == 0 ? "\n                  "
                                 : " ",
                    sampler->number);
    }
    if (samples->count > 0 && !sampler->titles)
        putc('\n', out);
}

static void print_others(uint32_t others, uint64_t tickets, int indent, FILE *out)
{
    char text[32];
    if (others > 0)
        fprintf(out, "%*s%*s  (%u others)\n", indent, "", NUMBER_COLUMNS,
                format_count(tickets, text), others);
}

/* -- groups ------------------------------------------------------------------------------------ */

static void print_values(const struct pair *pair, const struct change *key, FILE *out)
{
    char text[CHANGE_TEXT_BYTES_MAX];
    change_value_text(pair, key->aspect, &key->values[SIDE_OLD], text);
    fprintf(out, "%s -> ", text);
    change_value_text(pair, key->aspect, &key->values[SIDE_NEW], text);
    fprintf(out, "%s", text);
}

static void print_rows(const struct pair *pair, const struct change *key, FILE *out)
{
    fprintf(out, "%.*s -> %.*s", SPAN_ARG(change_row_text(pair, SIDE_OLD, key->rows[SIDE_OLD])),
            SPAN_ARG(change_row_text(pair, SIDE_NEW, key->rows[SIDE_NEW])));
}

static void print_category(const struct pair *pair, uint32_t category, FILE *out)
{
    if (category == COMMON_NONE)
        fputs("(none)", out);
    else
        fprintf(out, "#%.*s %.*s", SPAN_ARG(pair_category_code(pair, category)),
                SPAN_ARG(pair_category_name(pair, category)));
}

static void print_tier(uint32_t tier, FILE *out)
{
    fprintf(out, "%s %s", groups_tier_name(tier), groups_tier_label(tier));
}

static void print_key(const struct pair *pair, const struct change *key, uint32_t keep, FILE *out)
{
    if (keep & KEEP_TIERS) {
        print_tier(key->values[SIDE_OLD].words[0], out);
        fputs(" -> ", out);
        print_tier(key->values[SIDE_NEW].words[0], out);
    }
    if (keep & KEEP_CATEGORY)
        print_category(pair, key->category, out);
    if (keep & KEEP_VALUES)
        print_values(pair, key, out);
    if (keep & KEEP_ROWS && keep & KEEP_VALUES)
        fputs(", ", out);
    if (keep & KEEP_ROWS)
        print_rows(pair, key, out);
}

/* What a group is made of. */
static void print_inner(const struct comparison *comparison, const struct group *group,
                        uint32_t keep, uint32_t inner_keep, FILE *out)
{
    const struct difference *difference = comparison->difference;
    struct groups inner = groups_fold(difference->pair, &difference->groups, group->key.aspect,
                                      inner_keep, group, keep);
    uint64_t rest = group->count;
    char text[32];
    for (uint32_t i = 0; i < inner.count && i < INNER_SHOWN; i++) {
        fprintf(out, "      %*s  ", NUMBER_COLUMNS, format_count(inner.list[i].count, text));
        print_key(difference->pair, &inner.list[i].key, inner_keep, out);
        putc('\n', out);
        rest -= inner.list[i].count;
    }
    print_others(inner.count > INNER_SHOWN ? inner.count - INNER_SHOWN : 0, rest, 6, out);
    groups_free(&inner);
}

/* One list of groups; inner_keep 0: they are not taken apart. */
static void print_groups(const struct comparison *comparison, const char *title, uint32_t aspect,
                         uint32_t keep, uint32_t inner_keep, bool samples, FILE *out)
{
    const struct difference *difference = comparison->difference;
    struct groups groups =
        groups_fold(difference->pair, &difference->groups, aspect, keep, NULL, 0);
    uint64_t rest = difference->aspects[aspect];
    if (groups.count > 0)
        fprintf(out, "\n%s\n", title);
    for (uint32_t i = 0; i < groups.count && i < GROUPS_SHOWN; i++) {
        const struct group *group = &groups.list[i];
        print_count(group->count, difference->tickets, out);
        fputs("  ", out);
        print_key(difference->pair, &group->key, keep, out);
        putc('\n', out);
        if (inner_keep != 0)
            print_inner(comparison, group, keep, inner_keep, out);
        if (samples)
            print_samples(comparison, &group->samples, out);
        rest -= group->count;
    }
    print_others(groups.count > GROUPS_SHOWN ? groups.count - GROUPS_SHOWN : 0, rest, 0, out);
    groups_free(&groups);
}

/* -- all --------------------------------------------------------------------------------------- */

static void print_head(const struct comparison *comparison, FILE *out)
{
    static const char *const names[SIDES] = {"OLD", "NEW"};
    const struct difference *difference = comparison->difference;
    char text[32], from[DATE_BYTES_MAX], to[DATE_BYTES_MAX];
    int32_t first, last;
    for (enum side side = 0; side < SIDES; side++)
        fprintf(out, "%s  %.*s  %s\n", names[side], NAMED_BOOK_SHORT, comparison->hashes[side],
                comparison->books[side]);
    fprintf(out, "%s ticket%s of %s", format_count(difference->tickets, text),
            difference->tickets == 1 ? "" : "s", comparison->store);
    if (comparison_days(difference, &first, &last)) {
        date_format(first, from);
        date_format(last, to);
        fprintf(out, ", %s to %s", from, to);
    }
    putc('\n', out);
    if (difference->erased > 0)
        fprintf(out, "%s more had their story erased, and are not compared\n",
                format_count(difference->erased, text));
    for (enum side side = 0; side < SIDES; side++)
        if (difference->not_resolved[side] > 0)
            fprintf(out, "%s name a place or category that %s does not know, and go to its desk\n",
                    format_count(difference->not_resolved[side], text), names[side]);
}

static void print_clipped_text(struct span text, FILE *out)
{
    struct span shown = text.bytes > 0 ? text : span_of_string("-");
    while (utf8_columns(shown) > CELL_COLUMNS)
        shown = utf8_clip(shown, shown.bytes - 1);
    fprintf(out, "%.*s%s", SPAN_ARG(shown), shown.bytes < text.bytes ? "..." : "");
}

static void print_edit(const struct edit *edit, FILE *out)
{
    fprintf(out, "  %s  ", edit->file);
    print_clipped_text(edit->row.bytes > 0 ? edit->row : span_of_string("(head)"), out);
    if (edit->cells_count == 0)
        fprintf(out, "  %s", edit_kind_names[edit->kind]);
    for (uint32_t i = 0; i < edit->cells_count; i++) {
        struct span before, after;
        const char *cut = edits_part(&edit->cells[i], &before, &after) > 0 ? "... " : "";
        fprintf(out, "%s%.*s: %s", i == 0 ? "  " : "; ", SPAN_ARG(edit->cells[i].label), cut);
        print_clipped_text(before, out);
        fprintf(out, " -> %s", cut);
        print_clipped_text(after, out);
    }
    putc('\n', out);
}

static void print_edits(const struct edits *edits, FILE *out)
{
    fprintf(out, "\nedited 目录改动: %u row%s changed, %u added, %u removed%s\n",
            edits->kinds[EDIT_CHANGED], edits->kinds[EDIT_CHANGED] == 1 ? "" : "s",
            edits->kinds[EDIT_ADDED], edits->kinds[EDIT_REMOVED],
            edits->reordered ? "; some stand in another order" : "");
    for (uint32_t i = 0; i < edits->count; i++) {
        uint32_t limit = comparison_file_limit(edits, i);
        for (uint32_t j = i; j < limit && j < i + EDITS_SHOWN; j++)
            print_edit(&edits->list[j], out);
        if (limit > i + EDITS_SHOWN)
            fprintf(out, "  %s  (%u others)\n", edits->list[i].file, limit - i - EDITS_SHOWN);
        i = limit - 1;
    }
}

static void print_totals(const struct difference *difference, FILE *out)
{
    enum { TITLE_COLUMNS = 42 };
    char title[128];
    fputs("\nwould be handled otherwise\n", out);
    for (uint32_t i = 0; i <= ASPECTS; i++) {
        bool all = i == ASPECTS;
        snprintf(title, sizeof title, "%s %s", all ? "any of these" : aspect_kinds[i].title,
                 all ? "合计" : aspect_kinds[i].label);
        fputs("  ", out);
        pad(title, TITLE_COLUMNS, out);
        print_count(all ? difference->changed : difference->aspects[i], difference->tickets, out);
        putc('\n', out);
    }
    if (difference->by_other_rows > 0) {
        fputs("  ", out);
        pad("the same, but by another row", TITLE_COLUMNS, out);
        print_count(difference->by_other_rows, difference->tickets, out);
        putc('\n', out);
    }
}

static void print_loads(const struct difference *difference, FILE *out)
{
    char text[CHANGE_TEXT_BYTES_MAX], before[32], after[32];
    uint32_t *ends = calloc(change_ends(difference->pair), sizeof *ends);
    uint32_t count = ends != NULL ? comparison_loads(difference, ends) : 0;
    if (count > 0)
        fputs("\nload 办件量    before     after    change\n", out);
    for (uint32_t i = 0; i < count && i < LOADS_SHOWN; i++) {
        struct value value = {.words = {ends[i]}};
        int64_t change = (int64_t)difference->loads[SIDE_NEW][ends[i]] -
                         (int64_t)difference->loads[SIDE_OLD][ends[i]];
        change_value_text(difference->pair, ASPECT_WHERE, &value, text);
        fprintf(out, "           %*s %*s %+*" PRId64 "  %s\n", NUMBER_COLUMNS,
                format_count(difference->loads[SIDE_OLD][ends[i]], before), NUMBER_COLUMNS,
                format_count(difference->loads[SIDE_NEW][ends[i]], after), NUMBER_COLUMNS, change,
                text);
    }
    if (count > LOADS_SHOWN)
        fprintf(out, "           (%u others)\n", count - LOADS_SHOWN);
    free(ends);
}

void comparison_print(const struct comparison *comparison, FILE *out)
{
    char title[128];
    print_head(comparison, out);
    print_edits(comparison->edits, out);
    print_totals(comparison->difference, out);
    print_groups(comparison, "go elsewhere, by row 按规则", ASPECT_WHERE, KEEP_ROWS, KEEP_VALUES,
                 true, out);
    print_groups(comparison, "go elsewhere, by unit 按单位", ASPECT_WHERE, KEEP_VALUES, 0, false,
                 out);
    print_groups(comparison, "go elsewhere, by tier 按层级", ASPECT_WHERE, KEEP_TIERS, 0, false,
                 out);
    print_groups(comparison, "go elsewhere, by category 按事项", ASPECT_WHERE, KEEP_CATEGORY, 0,
                 false, out);
    print_loads(comparison->difference, out);
    for (uint32_t i = ASPECT_WHERE + 1; i < ASPECTS; i++) {
        snprintf(title, sizeof title, "%s %s", aspect_kinds[i].title, aspect_kinds[i].label);
        print_groups(comparison, title, i, KEEP_VALUES | KEEP_ROWS, 0, true, out);
    }
}
