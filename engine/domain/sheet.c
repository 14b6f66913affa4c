#include "domain/sheet.h"

#include "base/check.h"
#include "base/file.h"
#include "base/utf8.h"

#include <csv.h>
#include <stdarg.h>
#include <stdlib.h>

/* libcsv says what a cell holds, not where it stands. Fed a byte at a time, its callbacks come at
 * the byte that ends a cell, so where the next one begins is known here. */
struct reading {
    struct sheet *sheet;
    struct arena *arena;
    struct diag *diag;
    uint32_t line, column;             /* of the next byte */
    uint32_t start_line, start_column; /* of the open cell */
    bool started;                      /* the open cell has a byte that is not a blank */
    bool inhabited;                    /* the open row has a cell that is not empty */
    bool too_wide;
    struct cell cells[SHEET_COLUMNS_MAX];
    uint32_t cells_count;
    struct sheet_row *rows;
    uint32_t rows_count;
    uint32_t rows_room;
};

static struct span trim(struct span text)
{
    while (text.bytes > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = span_of(text.data + 1, text.bytes - 1);
    while (text.bytes > 0 &&
           (text.data[text.bytes - 1] == ' ' || text.data[text.bytes - 1] == '\t'))
        text.bytes--;
    return text;
}

static void on_cell(void *data, size_t bytes, void *self)
{
    struct reading *reading = self;
    struct span text = trim(span_of(data, bytes));
    if (reading->cells_count == SHEET_COLUMNS_MAX) {
        reading->too_wide = true;
        return;
    }
    reading->inhabited |= text.bytes > 0;
    reading->cells[reading->cells_count++] = (struct cell){
        .text = span_of(arena_copy(reading->arena, text), text.bytes),
        .line = reading->start_line,
        .column = reading->start_column,
    };
    reading->started = false;
}

static void keep_row(struct reading *reading)
{
    if (reading->rows_count == reading->rows_room) {
        reading->rows_room = reading->rows_room == 0 ? 256 : 2 * reading->rows_room;
        reading->rows = realloc(reading->rows, reading->rows_room * sizeof *reading->rows);
        CHECK(reading->rows != NULL);
    }
    size_t bytes = reading->cells_count * sizeof *reading->cells;
    struct cell *cells = arena_take(reading->arena, bytes);
    memcpy(cells, reading->cells, bytes);
    reading->rows[reading->rows_count++] =
        (struct sheet_row){.cells = cells, .count = reading->cells_count, .line = cells[0].line};
}

static void on_row(int ending, void *self)
{
    struct reading *reading = self;
    (void)ending;
    if (reading->too_wide)
        diag_add(reading->diag, reading->sheet->path, reading->cells[0].line, 0,
                 "has more than %d cells", SHEET_COLUMNS_MAX);
    if (reading->inhabited)
        keep_row(reading);
    reading->cells_count = 0;
    reading->inhabited = reading->too_wide = reading->started = false;
}

static bool feed_byte(struct reading *reading, struct csv_parser *parser, uint8_t byte)
{
    bool blank = byte == ' ' || byte == '\t';
    if (!reading->started && !blank) {
        reading->start_line = reading->line;
        reading->start_column = reading->column;
        reading->started = byte != '\r' && byte != '\n';
    }
    if (csv_parse(parser, &byte, 1, on_cell, on_row, reading) != 1)
        return false;
    if (byte == '\n') {
        reading->line++;
        reading->column = 1;
    } else if ((byte & 0xC0) != 0x80) {
        reading->column++;
    }
    return true;
}

static enum err parse(struct reading *reading, struct span text)
{
    struct csv_parser parser;
    int made = csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    CHECK(made == 0);
    bool good = true;
    for (size_t i = 0; good && i < text.bytes; i++)
        good = feed_byte(reading, &parser, text.data[i]);
    if (!good)
        diag_add(reading->diag, reading->sheet->path, reading->line, reading->column,
                 "a quote stands where none may: put the whole cell in quotes, and double each "
                 "quote inside");
    else if (csv_fini(&parser, on_cell, on_row, reading) != 0) {
        good = false;
        diag_add(reading->diag, reading->sheet->path, reading->start_line, reading->start_column,
                 "a cell begins with a quote that is never closed");
    }
    csv_free(&parser);
    return good ? OK : ERR_INVALID;
}

static uint32_t line_of(struct span text, size_t offset)
{
    uint32_t line = 1;
    for (size_t i = 0; i < offset; i++)
        line += text.data[i] == '\n';
    return line;
}

/* GB18030 is what spreadsheets here save by default: pairs whose lead byte is 0x81 to 0xFE. */
static bool looks_like_gb18030(struct span text, size_t offset)
{
    return offset + 1 < text.bytes && text.data[offset] >= 0x81 && text.data[offset] <= 0xFE &&
           text.data[offset + 1] >= 0x40;
}

static enum err check_text(struct sheet *sheet, struct span text, struct diag *diag)
{
    size_t good = utf8_check(text);
    if (good == text.bytes)
        return OK;
    diag_add(diag, sheet->path, line_of(text, good), 0,
             text.data[good] < 0x20 ? "holds a control character, byte %zu of the file; delete it"
             : looks_like_gb18030(text, good)
                 ? "is not UTF-8 from byte %zu of the file on; it looks like GB18030: save it as "
                   "\"CSV UTF-8\""
                 : "is not UTF-8 from byte %zu of the file on; save it as UTF-8",
             good);
    return ERR_INVALID;
}

enum err sheet_read(const char *path, struct arena *arena, struct diag *diag, struct sheet *sheet)
{
    *sheet = (struct sheet){.path = arena_copy(arena, span_of_string(path))};
    enum err err = file_read(path, SHEET_BYTES_MAX, arena, &sheet->source);
    if (err != OK) {
        diag_add(diag, path, 0, 0,
                 err == ERR_NOT_FOUND ? "is missing"
                 : err == ERR_FULL    ? "is larger than 64 MiB"
                                      : "cannot be read");
        return err == ERR_FULL ? ERR_INVALID : err;
    }
    struct span text = sheet->source;
    if (span_starts_with(text, span_of_string("\xEF\xBB\xBF")))
        text = span_of(text.data + 3, text.bytes - 3);
    err = check_text(sheet, text, diag);
    if (err != OK)
        return err;
    struct reading reading = {.sheet = sheet, .arena = arena, .diag = diag, .line = 1, .column = 1};
    err = parse(&reading, text);
    if (err == OK && reading.rows_count > 0) {
        size_t bytes = reading.rows_count * sizeof *reading.rows;
        sheet->rows = memcpy(arena_take(arena, bytes), reading.rows, bytes);
        sheet->count = reading.rows_count;
    }
    free(reading.rows);
    return err;
}

static void write_header(const char *const *names, uint32_t count, char *text, size_t bytes)
{
    size_t used = 0;
    for (uint32_t i = 0; i < count && used < bytes; i++)
        used += (size_t)snprintf(text + used, bytes - used, "%s%s", i == 0 ? "" : ",", names[i]);
}

bool sheet_has_header(const struct sheet *sheet, const char *const *names, uint32_t count,
                      struct diag *diag)
{
    bool same = sheet->count > 0 && sheet->rows[0].count == count;
    for (uint32_t i = 0; same && i < count; i++)
        same = span_is(sheet->rows[0].cells[i].text, names[i]);
    if (same)
        return true;
    char expected[512];
    write_header(names, count, expected, sizeof expected);
    diag_add(diag, sheet->path, 1, 0, "the first line must be: %s", expected);
    return false;
}

bool sheet_fits(const struct sheet *sheet, const struct sheet_row *row, uint32_t count,
                struct diag *diag)
{
    if (row->count == count)
        return true;
    diag_add(diag, sheet->path, row->line, 0, "has %u cells, the first line has %u", row->count,
             count);
    return false;
}

struct cell sheet_cell(const struct sheet_row *row, uint32_t index)
{
    if (index < row->count)
        return row->cells[index];
    struct cell last = row->cells[row->count - 1];
    return (struct cell){.line = last.line, .column = last.column};
}

void sheet_complain(const struct sheet *sheet, struct cell cell, struct diag *diag,
                    const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    diag_add(diag, sheet->path, cell.line, cell.column, "%s", text);
}
