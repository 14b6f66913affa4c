/* Any bytes as a CSV file: they are read, or it is said where and why not.
 *
 * What was read is written again, every cell in quotes, and must be read as the same: so quotes,
 * line ends, encodings and empty columns cannot get lost on the way.
 */
#include "base/check.h"
#include "base/utf8.h"
#include "domain/city/sheet.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    return 0;
}

static bool is_text(struct span span)
{
    return utf8_check(span) == span.bytes;
}

static void check_findings(const struct diag *diag)
{
    for (size_t i = 0; i < diag_count(diag) && i < DIAG_MAX; i++) {
        const struct finding *finding = diag_at(diag, i);
        CHECK(finding->line > 0);
        CHECK(is_text(span_of_string(finding->text)));
    }
}

/* Cells are trimmed text, in reading order, and no row is empty. */
static void check_cells(const struct sheet *sheet)
{
    uint32_t line = 0;
    uint32_t column = 0;
    for (uint32_t i = 0; i < sheet->count; i++) {
        const struct sheet_row *row = &sheet->rows[i];
        CHECK(row->count <= SHEET_COLUMNS_MAX);
        CHECK(sheet_width(row) > 0);
        CHECK(row->line == row->cells[0].line);
        for (uint32_t j = 0; j < row->count; j++) {
            struct cell cell = row->cells[j];
            CHECK(cell.line > line || (cell.line == line && cell.column > column));
            CHECK(is_text(cell.text));
            CHECK(span_equal(sheet_trim(cell.text), cell.text));
            line = cell.line;
            column = cell.column;
        }
    }
}

/* A comma behind the last cell, so that none of them can be taken for the divider. */
static struct span write(const struct sheet *sheet, struct arena *arena)
{
    size_t room = 1;
    for (uint32_t i = 0; i < sheet->count; i++)
        for (uint32_t j = 0; j < sheet->rows[i].count; j++)
            room += 2 * sheet->rows[i].cells[j].text.bytes + sizeof "\"\",\n";
    char *text = arena_take(arena, room);
    size_t used = 0;
    for (uint32_t i = 0; i < sheet->count; i++) {
        for (uint32_t j = 0; j < sheet->rows[i].count; j++) {
            struct span cell = sheet->rows[i].cells[j].text;
            text[used++] = '"';
            for (size_t k = 0; k < cell.bytes; k++) {
                if (cell.data[k] == '"')
                    text[used++] = '"';
                text[used++] = (char)cell.data[k];
            }
            text[used++] = '"';
            text[used++] = ',';
        }
        text[used++] = '\n';
    }
    CHECK(used < room);
    return span_of(text, used);
}

static void check_same(const struct sheet *a, const struct sheet *b)
{
    CHECK(a->count == b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        CHECK(sheet_width(&a->rows[i]) == sheet_width(&b->rows[i]));
        for (uint32_t j = 0; j < sheet_width(&a->rows[i]); j++)
            CHECK(span_equal(a->rows[i].cells[j].text, b->rows[i].cells[j].text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct arena *arena = arena_create();
    struct diag *diag = diag_create();
    struct sheet sheet;
    struct sheet again;
    enum err err = sheet_parse("t.csv", span_of(data, bytes), arena, diag, &sheet);
    check_findings(diag);
    if (err != OK)
        CHECK(err == ERR_INVALID && diag_count(diag) > 0);
    else {
        check_cells(&sheet);
        CHECK(sheet_parse("t.csv", write(&sheet, arena), arena, diag, &again) == OK);
        check_same(&sheet, &again);
    }
    diag_destroy(&diag);
    arena_destroy(&arena);
    return 0;
}
