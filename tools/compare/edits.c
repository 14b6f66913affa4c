#include "tools/compare/edits.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

const char *const edit_kind_names[EDIT_KINDS] = {"changed", "added", "removed"};
const char *const edit_kind_labels[EDIT_KINDS] = {"修改", "新增", "删除"};

enum { RULES_HEAD = 3 /* lines of a table of the book; of others it is one */ };

/* A file of one policy, taken apart. */
struct file {
    struct sheet sheet; /* without rows where there is no such file */
    uint32_t head;      /* lines before the first row */
    bool weights;       /* keywords and weights, whose kinds do not tell columns apart */
    uint32_t keys;      /* cells that tell rows apart: the first, or the first two */
    const struct sheet_row **sorted; /* its rows, by their first cell */
    uint32_t sorted_count;
};

struct finding_edits {
    struct edits *edits;
    struct arena *arena;
    const char *name; /* of the file */
    struct file before, after;
};

/* -- files ------------------------------------------------------------------------------------- */

static const struct source *source_of(const struct policy *policy, uint32_t index)
{
    if (index < CITY_SOURCES)
        return &city_sources(policy->city)[index];
    index -= CITY_SOURCES;
    return index < rules_sources(policy->rules) ? rules_source(policy->rules, index) : NULL;
}

static const struct source *find_source(const struct policy *policy, const char *name)
{
    const struct source *source;
    for (uint32_t i = 0; (source = source_of(policy, i)) != NULL; i++)
        if (strcmp(source->name, name) == 0)
            return source;
    return NULL;
}

static int compare_keys(const struct sheet_row *first, const struct sheet_row *second,
                        uint32_t keys)
{
    int order = 0;
    for (uint32_t i = 0; order == 0 && i < keys; i++)
        order = span_compare(sheet_cell(first, i).text, sheet_cell(second, i).text);
    return order;
}

static int by_key(const void *a, const void *b, void *keys)
{
    const struct sheet_row *first = *(const struct sheet_row *const *)a;
    const struct sheet_row *second = *(const struct sheet_row *const *)b;
    int order = compare_keys(first, second, *(const uint32_t *)keys);
    return order != 0 ? order : (first->line > second->line) - (first->line < second->line);
}

/* Are there rows with the same key? Sorted by it. */
static bool has_twins(const struct file *file)
{
    for (uint32_t i = 1; i < file->sorted_count; i++)
        if (compare_keys(file->sorted[i - 1], file->sorted[i], file->keys) == 0)
            return true;
    return false;
}

static void sort(struct file *file, uint32_t keys)
{
    file->keys = keys;
    if (file->sorted_count > 0)
        qsort_r(file->sorted, file->sorted_count, sizeof *file->sorted, by_key, &file->keys);
}

/* It was read before, when the policy was loaded, so what is wrong with it is known. */
static struct file read_file(const struct source *source, struct arena *arena)
{
    struct file file = {.head = 1, .keys = 1};
    if (source == NULL)
        return file;
    struct diag *diag = diag_create();
    enum err err = sheet_parse(source->name, source->content, arena, diag, &file.sheet);
    diag_destroy(&diag);
    if (err != OK)
        file.sheet.count = 0;
    if (file.sheet.count >= RULES_HEAD) {
        struct span second = sheet_cell(&file.sheet.rows[1], 0).text;
        file.weights = span_is(second, "margin");
        file.head = second.bytes == 0 || file.weights ? RULES_HEAD : 1;
    }
    file.sorted = arena_take(arena, (file.sheet.count + 1) * sizeof *file.sorted);
    for (uint32_t i = file.head; i < file.sheet.count; i++)
        file.sorted[file.sorted_count++] = &file.sheet.rows[i];
    sort(&file, 1);
    return file;
}

/* The row of the same key, of several the first; NULL. */
static const struct sheet_row *find_row(const struct file *file, const struct sheet_row *like)
{
    uint32_t first = 0;
    uint32_t limit = file->sorted_count;
    while (first < limit) {
        uint32_t middle = first + (limit - first) / 2;
        if (compare_keys(file->sorted[middle], like, file->keys) < 0)
            first = middle + 1;
        else
            limit = middle;
    }
    return first < file->sorted_count && compare_keys(file->sorted[first], like, file->keys) == 0
               ? file->sorted[first]
               : NULL;
}

/* -- cells ------------------------------------------------------------------------------------- */

/* What a column is known by: its kind in a decision table, else its name. */
static struct span column_name(const struct file *file, uint32_t column)
{
    bool has_kinds = file->head == RULES_HEAD && !file->weights;
    return sheet_cell(&file->sheet.rows[has_kinds ? 1 : 0], column).text;
}

static struct span cell_of(const struct file *file, const struct sheet_row *row, struct span column)
{
    for (uint32_t i = 0; file->sheet.count > 0 && i < file->sheet.rows[0].count; i++)
        if (span_equal(column_name(file, i), column))
            return sheet_cell(row, i).text;
    return (struct span){0};
}

static bool has_column(const struct file *file, struct span column)
{
    for (uint32_t i = 0; i < file->sheet.rows[0].count; i++)
        if (span_equal(column_name(file, i), column))
            return true;
    return false;
}

/* "urban"; "#511102, police" where it takes two cells. */
static struct span key_text(const struct finding_edits *finding, const struct sheet_row *row)
{
    struct span first = sheet_cell(row, 0).text;
    struct span second = sheet_cell(row, 1).text;
    if (finding->after.keys == 1)
        return first;
    char *text = arena_take(finding->arena, first.bytes + second.bytes + 3);
    int bytes = sprintf(text, "%.*s, %.*s", SPAN_ARG(first), SPAN_ARG(second));
    return span_of(text, (size_t)bytes);
}

/* row: NULL for the head. */
static struct edit *add(struct finding_edits *finding, const struct sheet_row *row,
                        enum edit_kind kind)
{
    struct span key = row != NULL ? key_text(finding, row) : (struct span){0};
    struct edits *edits = finding->edits;
    if (edits->count == edits->room) {
        struct edit *old = edits->list;
        edits->room = edits->room == 0 ? 64 : 2 * edits->room;
        edits->list = arena_take(finding->arena, edits->room * sizeof *edits->list);
        if (edits->count > 0)
            memcpy(edits->list, old, edits->count * sizeof *old);
    }
    edits->kinds[kind]++;
    edits->list[edits->count] = (struct edit){.file = finding->name, .row = key, .kind = kind};
    return &edits->list[edits->count++];
}

/* Columns of the new file, then those that only the old one has; but for the first, which both rows
 * have alike. */
static void compare_row(struct finding_edits *finding, const struct sheet_row *before,
                        const struct sheet_row *after)
{
    const struct file *files[] = {&finding->after, &finding->before};
    struct edited_cell cells[2 * SHEET_COLUMNS_MAX];
    uint32_t count = 0;
    for (int i = 0; i < 2; i++)
        for (uint32_t column = 1; column < files[i]->sheet.rows[0].count; column++) {
            struct span name = column_name(files[i], column);
            struct edited_cell cell = {sheet_cell(&files[i]->sheet.rows[0], column).text,
                                       cell_of(&finding->before, before, name),
                                       cell_of(&finding->after, after, name)};
            bool seen = i > 0 && has_column(&finding->after, name);
            if (!seen && !span_equal(cell.before, cell.after) &&
                count < sizeof cells / sizeof cells[0])
                cells[count++] = cell;
        }
    if (count == 0)
        return;
    struct edit *edit = add(finding, after, EDIT_CHANGED);
    struct edited_cell *kept = arena_take(finding->arena, count * sizeof *kept);
    memcpy(kept, cells, count * sizeof *kept);
    edit->cells = kept;
    edit->cells_count = count;
}

static bool is_same_head(const struct file *before, const struct file *after)
{
    if (before->head != after->head)
        return false;
    for (uint32_t line = 0; line < before->head && line < before->sheet.count; line++) {
        const struct sheet_row *first = &before->sheet.rows[line];
        const struct sheet_row *second = &after->sheet.rows[line];
        for (uint32_t i = 0; i < first->count || i < second->count; i++)
            if (!span_equal(sheet_cell(first, i).text, sheet_cell(second, i).text))
                return false;
    }
    return true;
}

/* -- rows -------------------------------------------------------------------------------------- */

/* Do rows that both have come in another order? */
static bool is_reordered(const struct file *before, const struct file *after)
{
    uint32_t line = 0;
    for (uint32_t i = after->head; i < after->sheet.count; i++) {
        const struct sheet_row *row = find_row(before, &after->sheet.rows[i]);
        if (row == NULL)
            continue;
        if (row->line < line)
            return true;
        line = row->line;
    }
    return false;
}

static void compare_files(struct finding_edits *finding)
{
    const struct file *before = &finding->before;
    const struct file *after = &finding->after;
    bool both = before->sheet.count > 0 && after->sheet.count > 0;
    if (both && !is_same_head(before, after))
        add(finding, NULL, EDIT_CHANGED);
    for (uint32_t i = after->head; i < after->sheet.count; i++) {
        const struct sheet_row *row = &after->sheet.rows[i];
        const struct sheet_row *then = find_row(before, row);
        if (then == NULL)
            add(finding, row, EDIT_ADDED);
        else
            compare_row(finding, then, row);
    }
    for (uint32_t i = before->head; i < before->sheet.count; i++)
        if (find_row(after, &before->sheet.rows[i]) == NULL)
            add(finding, &before->sheet.rows[i], EDIT_REMOVED);
    if (both && before->head == RULES_HEAD && !before->weights)
        finding->edits->reordered |= is_reordered(before, after);
}

/* Either may be NULL, where that policy has no such file. */
static void compare_sources(const char *name, const struct source *before,
                            const struct source *after, struct arena *arena, struct edits *edits)
{
    struct finding_edits finding = {.edits = edits, .arena = arena, .name = name};
    if (before != NULL && after != NULL && span_equal(before->content, after->content))
        return;
    finding.before = read_file(before, arena);
    finding.after = read_file(after, arena);
    if (has_twins(&finding.before) || has_twins(&finding.after)) {
        sort(&finding.before, 2);
        sort(&finding.after, 2);
    }
    compare_files(&finding);
}

void edits_find(const struct policy *before, const struct policy *after, struct arena *arena,
                struct edits *edits)
{
    const struct source *source;
    *edits = (struct edits){.count = 0};
    for (uint32_t i = 0; (source = source_of(after, i)) != NULL; i++)
        compare_sources(source->name, find_source(before, source->name), source, arena, edits);
    for (uint32_t i = 0; (source = source_of(before, i)) != NULL; i++)
        if (find_source(after, source->name) == NULL)
            compare_sources(source->name, source, NULL, arena, edits);
}

size_t edits_part(const struct edited_cell *cell, struct span *before, struct span *after)
{
    enum { SHORT_BYTES = 60 };
    size_t same = 0;
    size_t begin = 0;
    *before = cell->before;
    *after = cell->after;
    if (before->bytes <= SHORT_BYTES && after->bytes <= SHORT_BYTES)
        return 0;
    for (; same < before->bytes && same < after->bytes && before->data[same] == after->data[same];
         same++)
        if (before->data[same] == ' ')
            begin = same + 1;
    *before = span_of(before->data + begin, before->bytes - begin);
    *after = span_of(after->data + begin, after->bytes - begin);
    return begin;
}
