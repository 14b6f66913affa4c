/* weights_read - a table of weights as a person put it into the spreadsheet, understood. */
#include "base/utf8.h"
#include "domain/rules/table_parts.h"
#include "domain/rules/weights.h"
#include "domain/text/fold.h"
#include "domain/text/room.h"

#include <stdlib.h>

enum { HEAD_ROWS = 3, NOTE = UINT8_MAX };

/* What is being read, and which column of the sheet is which of the table's. */
struct weights_reading {
    const struct reading *reading;
    struct weights *weights;
    uint8_t column_of[RULES_COLUMNS_MAX]; /* NOTE: a note */
};

bool weights_is(const struct sheet *sheet)
{
    return sheet->count > 0 && span_is(sheet->rows[0].cells[0].text, "W");
}

#define COMPLAIN(weights_reading, cell, ...)                                                       \
    sheet_complain(&(weights_reading)->reading->sheet, cell, (weights_reading)->reading->diag,     \
                   __VA_ARGS__)

/* A whole number no further from 0 than max, in digits of any width; "-" and nothing are 0. */
static bool read_number(const struct weights_reading *own, struct cell cell, int32_t max,
                        int32_t *number)
{
    uint8_t *folded = arena_take(own->reading->arena, cell.text.bytes + 1);
    struct span text = span_of(folded, fold(cell.text, folded));
    bool negative = text.bytes > 1 && text.data[0] == '-';
    *number = 0;
    if (text.bytes == 0 || span_is(text, "-"))
        return true;
    for (size_t i = negative; i < text.bytes; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        *number = *number * 10 + (text.data[i] - '0');
        if (*number > max)
            return false;
    }
    *number = negative ? -*number : *number;
    return true;
}

/* -- the head ---------------------------------------------------------------------------------- */

static void read_margin(struct weights_reading *own)
{
    const struct reading *reading = own->reading;
    struct cell word = reading->sheet.rows[1].cells[0];
    struct cell cell = reading->sheet.rows[2].cells[0];
    own->weights->margin = 1;
    if (!span_is(word.text, "margin"))
        COMPLAIN(own, word, "write 'margin' here, and below it by how much a column must lead");
    if (!read_number(own, cell, WEIGHTS_MARGIN_MAX, &own->weights->margin) ||
        own->weights->margin < 1)
        COMPLAIN(own, cell,
                 "'%.*s' is no margin; write by how much a column must lead, a whole number from 1 "
                 "to %d",
                 SPAN_ARG(utf8_clip(cell.text, SHOWN_BYTES)), WEIGHTS_MARGIN_MAX);
}

/* One that lies in another of the same column stands there for nothing. */
static bool is_apart(const struct weights_reading *own, const struct weights_column *column,
                     struct category category, struct cell cell)
{
    const struct city *city = own->reading->city;
    for (uint32_t i = 0; i < column->count; i++) {
        struct category other = column->categories[i];
        if (category.index >= category_limit(city, other) ||
            other.index >= category_limit(city, category))
            continue;
        COMPLAIN(own, cell, "#%.*s and #%.*s have cases in common; name the wider one alone",
                 SPAN_ARG(category_code(city, other)), SPAN_ARG(category_code(city, category)));
        return false;
    }
    return true;
}

/* Line 3: the categories that a column stands for. */
static void read_categories(struct weights_reading *own, struct cell cell, uint8_t index)
{
    const struct reading *reading = own->reading;
    struct weights_column *column = &own->weights->columns[index];
    struct category *categories =
        arena_take(reading->arena, (cell.text.bytes + 1) * sizeof *categories);
    struct span rest = cell_fold(cell.text, reading->arena);
    struct span item;
    column->categories = categories;
    if (rest.bytes == 0)
        COMPLAIN(own, cell, "name the categories of this column, such as #0301");
    while (rest.bytes > 0 && cell_next_item(&rest, &item)) {
        struct category category;
        if (!table_find_value(reading, OUTPUT_CATEGORY, cell, item, &category.index) ||
            !is_apart(own, column, category, cell))
            continue;
        for (uint32_t i = category.index; i < category_limit(reading->city, category); i++)
            own->weights->columns_of[i] |= (uint16_t)(1u << index);
        categories[column->count++] = category;
    }
}

static void read_column(struct weights_reading *own, uint32_t at)
{
    const struct sheet *sheet = &own->reading->sheet;
    struct cell kind = sheet->rows[1].cells[at];
    struct weights *weights = own->weights;
    own->column_of[at] = NOTE;
    if (span_starts_with(kind.text, span_of_string("note:")))
        return;
    if (!span_is(kind.text, "out:category")) {
        COMPLAIN(own, kind,
                 "'%.*s' is no kind of column in a table of weights; they are out:category and "
                 "note:...",
                 SPAN_ARG(utf8_clip(kind.text, SHOWN_BYTES)));
        return;
    }
    if (weights->columns_count == WEIGHTS_COLUMNS_MAX) {
        COMPLAIN(own, kind, "is one column of weights too many; there are at most %d",
                 WEIGHTS_COLUMNS_MAX);
        return;
    }
    uint8_t index = (uint8_t)weights->columns_count++;
    own->column_of[at] = index;
    weights->columns[index].label = sheet_cell(&sheet->rows[0], at).text;
    if (weights->columns[index].label.bytes == 0)
        COMPLAIN(own, sheet_cell(&sheet->rows[0], at),
                 "is empty; write what people call this column, since explanations do");
    read_categories(own, sheet_cell(&sheet->rows[2], at), index);
}

static void read_columns(struct weights_reading *own)
{
    const struct reading *reading = own->reading;
    const struct sheet_row *kinds = &reading->sheet.rows[1];
    own->weights->columns_of = arena_take(reading->arena, (city_categories(reading->city) + 1) *
                                                              sizeof *own->weights->columns_of);
    for (uint32_t at = 1; at < kinds->count; at++)
        read_column(own, at);
    if (own->weights->columns_count == 0)
        diag_add(reading->diag, reading->sheet.path, kinds->line, 0,
                 "no column is out:category, so the table weighs nothing");
}

/* -- rows -------------------------------------------------------------------------------------- */

/* Folded, or of no bytes with a finding. */
static struct span read_keyword(struct weights_reading *own, struct cell cell)
{
    uint8_t *folded = arena_take(own->reading->arena, cell.text.bytes + 1);
    struct span keyword = span_of(folded, fold(cell.text, folded));
    if (keyword.bytes > 0 && cell.text.bytes <= WEIGHTS_KEYWORD_BYTES_MAX)
        return keyword;
    COMPLAIN(own, cell, "'%.*s' is no keyword; write a word of up to %d bytes",
             SPAN_ARG(utf8_clip(cell.text, SHOWN_BYTES)), WEIGHTS_KEYWORD_BYTES_MAX);
    return (struct span){0};
}

static void read_weight(struct weights_reading *own, struct cell cell, int16_t *weight)
{
    int32_t number;
    if (read_number(own, cell, WEIGHTS_WEIGHT_MAX, &number))
        *weight = (int16_t)number;
    else
        COMPLAIN(own, cell, "'%.*s' is no weight; write a whole number from -%d to %d",
                 SPAN_ARG(utf8_clip(cell.text, SHOWN_BYTES)), WEIGHTS_WEIGHT_MAX,
                 WEIGHTS_WEIGHT_MAX);
}

static bool has_width(const struct weights_reading *own, const struct sheet_row *row)
{
    const struct reading *reading = own->reading;
    return sheet_fits_to(&reading->sheet, row, reading->sheet.rows[1].count, "but line 2",
                         reading->diag);
}

static void read_row(struct weights_reading *own, const struct sheet_row *row)
{
    const struct reading *reading = own->reading;
    struct weights *weights = own->weights;
    struct table *table = reading->table;
    if (!has_width(own, row))
        return;
    struct span keyword = read_keyword(own, row->cells[0]);
    if (keyword.bytes == 0)
        return;
    uint32_t index = weights->rows_count++;
    weights->keywords[index] =
        keywords_add_sought(city_keywords(reading->city), keyword, TEXT_WEIGHING);
    for (uint32_t at = 1; at < reading->sheet.rows[1].count; at++)
        if (own->column_of[at] != NOTE)
            read_weight(own, row->cells[at], &weights->rows[index][own->column_of[at]]);
    table->rows[table->rows_count++] = (struct table_row){
        .id = row->cells[0].text,
        .values = arena_take(reading->arena, sizeof(struct values)),
        .outputs = {.category = CATEGORY_NONE, .function = FUNCTION_NONE},
        .where = row->cells[0],
    };
}

struct known {
    uint32_t keyword, row;
};

static int by_keyword(const void *a, const void *b)
{
    const struct known *left = a;
    const struct known *right = b;
    return left->keyword != right->keyword ? (left->keyword > right->keyword) * 2 - 1
                                           : (left->row > right->row) * 2 - 1;
}

/* Keywords that fold alike share a number. */
static void check_keywords(const struct weights_reading *own)
{
    const struct weights *weights = own->weights;
    const struct table *table = own->reading->table;
    struct known *sorted = room_for(weights->rows_count, sizeof *sorted);
    for (uint32_t i = 0; i < weights->rows_count; i++)
        sorted[i] = (struct known){weights->keywords[i], i};
    qsort(sorted, weights->rows_count, sizeof *sorted, by_keyword);
    for (uint32_t i = 1; i < weights->rows_count; i++)
        if (sorted[i].keyword == sorted[i - 1].keyword)
            COMPLAIN(
                own, table->rows[sorted[i].row].where, "keyword %.*s stands here twice (line %u)",
                SPAN_ARG(table->rows[sorted[i].row].id), table->rows[sorted[i - 1].row].where.line);
    free(sorted);
}

void weights_read(struct reading *reading)
{
    const struct sheet *sheet = &reading->sheet;
    struct weights *weights = arena_take(reading->arena, sizeof *weights);
    struct weights_reading own = {.reading = reading, .weights = weights};
    reading->table->hit_policy = HIT_WEIGHTS;
    reading->table->answer = ANSWER_WEIGHTS;
    reading->table->weights = weights;
    reading->table->rows = arena_take(reading->arena, sheet->count * sizeof *reading->table->rows);
    weights->keywords = arena_take(reading->arena, sheet->count * sizeof *weights->keywords);
    weights->rows = arena_take(reading->arena, sheet->count * sizeof *weights->rows);
    (void)has_width(&own, &sheet->rows[0]);
    (void)has_width(&own, &sheet->rows[2]);
    read_margin(&own);
    read_columns(&own);
    for (uint32_t i = HEAD_ROWS; i < sheet->count; i++)
        read_row(&own, &sheet->rows[i]);
    if (sheet->count == HEAD_ROWS)
        diag_add(reading->diag, sheet->path, 0, 0, "has no rows, so the table weighs nothing");
    check_keywords(&own);
}
