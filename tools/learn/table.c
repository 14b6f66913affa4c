#include "tools/learn/table.h"

#include "base/check.h"
#include "base/utf8.h"
#include "domain/city/sheet.h"
#include "domain/rules/cell.h"
#include "domain/rules/output.h"

#include <stdio.h>
#include <stdlib.h>

/* -- which categories -------------------------------------------------------------------------- */

static const char *const header[] = {"label", "categories"};
enum { COLUMNS = sizeof header / sizeof header[0], SHOWN_BYTES = 48 };

static uint32_t find_label(const struct corpus *corpus, struct span label)
{
    uint32_t i = 0;
    while (i < corpus->labels_count && !span_equal(corpus->labels[i], label))
        i++;
    return i;
}

/* What is no category is told where it stands, and not of the table that is written of it. */
static void check_categories(const struct city *city, const struct sheet *sheet, struct cell cell,
                             struct arena *arena, struct diag *diag)
{
    struct span rest = cell_fold(cell.text, arena);
    struct span item;
    uint32_t category;
    if (rest.bytes == 0)
        sheet_complain(sheet, cell, diag, "name the categories of this label, such as #0301");
    while (rest.bytes > 0 && cell_next_item(&rest, &item))
        if (!output_value(city, OUTPUT_CATEGORY, item, &category))
            sheet_complain(sheet, cell, diag, "'%.*s' %s", SPAN_ARG(utf8_clip(item, SHOWN_BYTES)),
                           output_kinds[OUTPUT_CATEGORY].remedy);
}

static enum err read_map(const char *path, const struct city *city, const struct corpus *corpus,
                         struct arena *arena, struct diag *diag, struct label_map *map)
{
    struct sheet sheet;
    uint32_t columns = 0;
    enum err err = sheet_read(path, arena, diag, &sheet);
    if (err != OK)
        return err;
    if (!sheet_has_header(&sheet, header, COLUMNS, diag))
        return ERR_INVALID;
    for (uint32_t i = 1; i < sheet.count; i++) {
        const struct cell *cells = sheet.rows[i].cells;
        if (!sheet_fits(&sheet, &sheet.rows[i], COLUMNS, diag))
            continue;
        uint32_t label = find_label(corpus, cells[0].text);
        if (label == corpus->labels_count)
            continue; /* of a larger corpus */
        if (map->codes[label].data != NULL)
            sheet_complain(&sheet, cells[0], diag, "label %.*s stands here twice",
                           SPAN_ARG(cells[0].text));
        else
            map->order[columns++] = label;
        check_categories(city, &sheet, cells[1], arena, diag);
        map->codes[label] = cells[1].text;
    }
    for (uint32_t i = 0; i < corpus->labels_count; i++)
        if (map->codes[i].data == NULL)
            diag_add(diag, path, 0, 0, "has no row for the label %.*s",
                     SPAN_ARG(corpus->labels[i]));
    return OK;
}

static struct category find_category(const struct city *city, struct span label)
{
    struct category category = city_category(city, sheet_code(label));
    for (uint32_t i = 0; i < city_categories(city) && category.index == CATEGORY_NONE.index; i++)
        if (span_equal(category_name(city, (struct category){i}), label))
            category.index = i;
    return category;
}

/* Each label is a category. */
static void map_by_name(const struct city *city, const struct corpus *corpus, struct arena *arena,
                        struct diag *diag, struct label_map *map)
{
    for (uint32_t i = 0; i < corpus->labels_count; i++) {
        struct category category = find_category(city, corpus->labels[i]);
        char code[32];
        map->order[i] = i;
        if (category.index == CATEGORY_NONE.index) {
            diag_add(diag, "labels", 0, 0,
                     "'%.*s' is neither code nor name of a category; say with --map which "
                     "categories each label stands for",
                     SPAN_ARG(corpus->labels[i]));
            continue;
        }
        snprintf(code, sizeof code, "#%.*s", SPAN_ARG(category_code(city, category)));
        map->codes[i] = span_of_string(arena_copy(arena, span_of_string(code)));
    }
}

enum err label_map_read(const char *path, const struct city *city, const struct corpus *corpus,
                        struct arena *arena, struct diag *diag, struct label_map *map)
{
    size_t before = diag_count(diag);
    *map = (struct label_map){.order = {0}};
    if (path == NULL) {
        map_by_name(city, corpus, arena, diag, map);
    } else {
        enum err err = read_map(path, city, corpus, arena, diag, map);
        if (err != OK)
            return err;
    }
    return diag_count(diag) > before ? ERR_INVALID : OK;
}

/* -- writing ----------------------------------------------------------------------------------- */

/* Quoted where that is needed. */
static void write_cell(FILE *out, struct span text)
{
    bool quoted = false;
    for (size_t i = 0; i < text.bytes; i++)
        quoted |= text.data[i] == ',' || text.data[i] == '"' || text.data[i] == '\n';
    if (!quoted) {
        fprintf(out, "%.*s", SPAN_ARG(text));
        return;
    }
    putc('"', out);
    for (size_t i = 0; i < text.bytes; i++)
        fprintf(out, text.data[i] == '"' ? "\"\"" : "%c", text.data[i]);
    putc('"', out);
}

static void write_head(FILE *out, const struct corpus *corpus, const struct label_map *map,
                       int32_t margin)
{
    fputs("W", out);
    for (uint32_t i = 0; i < corpus->labels_count; i++) {
        putc(',', out);
        write_cell(out, corpus->labels[map->order[i]]);
    }
    fputs("\nmargin", out);
    for (uint32_t i = 0; i < corpus->labels_count; i++)
        fputs(",out:category", out);
    fprintf(out, "\n%d", margin);
    for (uint32_t i = 0; i < corpus->labels_count; i++) {
        putc(',', out);
        write_cell(out, map->codes[map->order[i]]);
    }
    putc('\n', out);
}

struct span learned_write(const struct learned *learned, const struct corpus *corpus,
                          const struct label_map *map, int32_t margin, struct arena *arena)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    CHECK(out != NULL);
    write_head(out, corpus, map, margin);
    for (uint32_t i = 0; i < learned->rows_count; i++) {
        char keyword[KEYWORD_LETTERS_MAX * 4 + 1];
        keyword_write(learned->rows[i].key, keyword);
        fputs(keyword, out);
        for (uint32_t j = 0; j < corpus->labels_count; j++)
            fprintf(out, ",%d", learned->rows[i].weights[map->order[j]]);
        putc('\n', out);
    }
    int closed = fclose(out);
    CHECK(closed == 0);
    struct span copy = span_of(arena_copy(arena, span_of(text, bytes)), bytes);
    free(text);
    return copy;
}
