#include "domain/city/sheet.h"

#include "base/check.h"
#include "base/file.h"
#include "base/utf8.h"
#include "domain/city/date.h"
#include "domain/city/divider.h"
#include "domain/city/encoding.h"

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
    bool returned;                     /* the last byte was a carriage return */
    bool inhabited;                    /* the open row has a cell that is not empty */
    bool too_wide;
    struct cell cells[SHEET_COLUMNS_MAX];
    uint32_t cells_count;
    struct sheet_row *rows;
    uint32_t rows_count;
    uint32_t rows_room;
};

/* What looks empty on a screen: space, tab, no-break space, and the full-width space that Chinese
 * keyboards type; the wide and the zero-width ones of web pages, and the byte-order mark that stays
 * inside where files were put together. */
static const char *const blanks[] = {
    " ",           "\t", "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x8B",
    "\xEF\xBB\xBF"};

/* ASCII's signs, letters and digits, and the usual Chinese characters: most of what there is. */
static bool is_plain(uint8_t lead)
{
    return (lead > ' ' && lead < 0x7F) || (lead >= 0xE4 && lead <= 0xE9);
}

/* Bytes of the blank at the front or the back of a text, 0 where there is none. */
static size_t blank_bytes(struct span text, bool back)
{
    if (text.bytes == 0)
        return 0;
    size_t lead = back ? text.bytes - 1 : 0;
    while (lead > 0 && (text.data[lead] & 0xC0) == 0x80)
        lead--;
    if (is_plain(text.data[lead]))
        return 0;
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
        struct span blank = span_of_string(blanks[i]);
        if (text.bytes >= blank.bytes &&
            span_equal(span_of(text.data + (back ? text.bytes - blank.bytes : 0), blank.bytes),
                       blank))
            return blank.bytes;
    }
    return 0;
}

struct span sheet_trim(struct span text)
{
    size_t blank;
    while ((blank = blank_bytes(text, false)) > 0)
        text = span_of(text.data + blank, text.bytes - blank);
    while ((blank = blank_bytes(text, true)) > 0)
        text.bytes -= blank;
    return text;
}

static void on_cell(void *data, size_t bytes, void *self)
{
    struct reading *reading = self;
    struct span text = sheet_trim(span_of(data, bytes));
    reading->started = false;
    if (reading->cells_count == SHEET_COLUMNS_MAX) {
        reading->too_wide |= text.bytes > 0;
        return;
    }
    reading->inhabited |= text.bytes > 0;
    reading->cells[reading->cells_count++] = (struct cell){
        .text = span_of(arena_copy(reading->arena, text), text.bytes),
        .line = reading->start_line,
        .column = reading->start_column,
    };
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

static void begin_cell(struct reading *reading)
{
    reading->start_line = reading->line;
    reading->start_column = reading->column;
}

/* A line ends with LF, CR or CR LF, in quotes too. */
static void advance(struct reading *reading, uint8_t byte)
{
    bool ends = byte == '\n' || byte == '\r';
    if (ends && !(byte == '\n' && reading->returned))
        reading->line++;
    if (ends)
        reading->column = 1;
    else if ((byte & 0xC0) != 0x80)
        reading->column++;
    reading->returned = byte == '\r';
}

static bool feed_byte(struct reading *reading, struct csv_parser *parser, uint8_t byte)
{
    bool ends = byte == '\r' || byte == '\n';
    if (!reading->started && byte != ' ' && byte != '\t') {
        begin_cell(reading);
        reading->started = !ends;
    }
    if (csv_parse(parser, &byte, 1, on_cell, on_row, reading) != 1)
        return false;
    advance(reading, byte);
    return true;
}

static void complain_of_quote(const struct reading *reading)
{
    if (reading->start_line == reading->line)
        diag_add(reading->diag, reading->sheet->path, reading->line, reading->column,
                 "a quote stands where none may: put the whole cell in quotes, and double each "
                 "quote inside");
    else
        diag_add(reading->diag, reading->sheet->path, reading->start_line, reading->start_column,
                 "a cell begins with a quote that is not closed before line %u", reading->line);
}

static enum err parse(struct reading *reading, struct span text)
{
    struct csv_parser parser;
    int made = csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    CHECK(made == 0);
    bool good = true;
    for (size_t i = 0; good && i < text.bytes; i++)
        good = feed_byte(reading, &parser, text.data[i]);
    CHECK(good || csv_error(&parser) == CSV_EPARSE);
    if (!reading->started)
        begin_cell(reading); /* an empty one, if the last line ends with a comma */
    if (!good)
        complain_of_quote(reading);
    else if (csv_fini(&parser, on_cell, on_row, reading) != 0) {
        good = false;
        diag_add(reading->diag, reading->sheet->path, reading->start_line, reading->start_column,
                 "a cell begins with a quote that is never closed");
    }
    csv_free(&parser);
    return good ? OK : ERR_INVALID;
}

/* Where the text ends, a fault begins. */
static void complain_at_end(const struct sheet *sheet, struct span text, struct diag *diag,
                            const char *fault)
{
    struct reading at = {.line = 1, .column = 1};
    for (size_t i = 0; i < text.bytes; i++)
        advance(&at, text.data[i]);
    diag_add(diag, sheet->path, at.line, at.column, "%s", fault);
}

static bool is_divided_by_commas(const struct sheet *sheet, struct span text, struct diag *diag)
{
    const char *name;
    char fault[128];
    size_t offset = divider_of_file(text, &name);
    if (offset == text.bytes)
        return true;
    snprintf(fault, sizeof fault,
             "%s divides the cells here; save the file as CSV with commas, \"CSV UTF-8\"", name);
    complain_at_end(sheet, span_of(text.data, offset), diag, fault);
    return false;
}

/* Columns in which nothing stands are what a spreadsheet adds behind the last. */
static void drop_empty_columns(struct reading *reading)
{
    uint32_t width = 0;
    for (uint32_t i = 0; i < reading->rows_count; i++) {
        uint32_t used = sheet_width(&reading->rows[i]);
        width = used > width ? used : width;
    }
    for (uint32_t i = 0; i < reading->rows_count; i++)
        if (reading->rows[i].count > width)
            reading->rows[i].count = width;
}

enum err sheet_parse(const char *path, struct span source, struct arena *arena, struct diag *diag,
                     struct sheet *sheet)
{
    char fault[ENCODING_FAULT_BYTES];
    struct span text;
    *sheet = (struct sheet){.path = arena_copy(arena, span_of_string(path)), .source = source};
    if (!encoding_decode(source, arena, &text, fault)) {
        complain_at_end(sheet, text, diag, fault);
        return ERR_INVALID;
    }
    if (!is_divided_by_commas(sheet, text, diag))
        return ERR_INVALID;
    struct reading reading = {.sheet = sheet, .arena = arena, .diag = diag, .line = 1, .column = 1};
    enum err err = parse(&reading, text);
    if (err == OK && reading.rows_count > 0) {
        drop_empty_columns(&reading);
        size_t bytes = reading.rows_count * sizeof *reading.rows;
        sheet->rows = memcpy(arena_take(arena, bytes), reading.rows, bytes);
        sheet->count = reading.rows_count;
    }
    free(reading.rows);
    return err;
}

enum err sheet_read(const char *path, struct arena *arena, struct diag *diag, struct sheet *sheet)
{
    struct span source;
    enum err err = file_read(path, SHEET_BYTES_MAX, arena, &source);
    if (err == OK)
        return sheet_parse(path, source, arena, diag, sheet);
    diag_add(diag, path, 0, 0, "%s",
             err == ERR_NOT_FOUND ? "is missing"
             : err == ERR_FULL    ? "is larger than 64 MiB; split it, or drop what is not a table"
                                  : "cannot be read; is it a file, and may it be read?");
    return err == ERR_FULL ? ERR_INVALID : err;
}

uint32_t sheet_width(const struct sheet_row *row)
{
    uint32_t width = row->count;
    while (width > 0 && row->cells[width - 1].text.bytes == 0)
        width--;
    return width;
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
    bool same = sheet->count > 0 && sheet_width(&sheet->rows[0]) == count;
    for (uint32_t i = 0; same && i < count; i++)
        same = span_is(sheet->rows[0].cells[i].text, names[i]);
    if (same)
        return true;
    char expected[512];
    write_header(names, count, expected, sizeof expected);
    diag_add(diag, sheet->path, sheet->count > 0 ? sheet->rows[0].line : 1, 0,
             "the first line must be: %s", expected);
    return false;
}

/* What seems to divide cells of the row instead of commas, or NULL. */
static const char *other_divider(const struct sheet_row *row)
{
    const char *name = NULL;
    for (uint32_t i = 0; i < row->count && name == NULL; i++)
        (void)divider_find(row->cells[i].text, &name);
    return name;
}

bool sheet_fits_to(const struct sheet *sheet, const struct sheet_row *row, uint32_t count,
                   const char *what, struct diag *diag)
{
    uint32_t width = sheet_width(row);
    const char *divider = row->count < count ? other_divider(row) : NULL;
    if (row->count >= count && width <= count)
        return true;
    if (divider != NULL)
        diag_add(diag, sheet->path, row->line, 0,
                 "has %u cells, %s has %u; %s does not divide cells, write ','", row->count, what,
                 count, divider);
    else
        diag_add(diag, sheet->path, row->line, 0, "has %u cells, %s has %u%s",
                 row->count < count ? row->count : width, what, count,
                 row->count < count ? "" : "; quote a cell that has a comma inside");
    return false;
}

bool sheet_fits(const struct sheet *sheet, const struct sheet_row *row, uint32_t count,
                struct diag *diag)
{
    return sheet_fits_to(sheet, row, count, "the first line", diag);
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
    int bytes = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (bytes >= (int)sizeof text) /* cut, but not through a character */
        text[utf8_clip(span_of(text, sizeof text - 1), sizeof text - 4).bytes] = '\0';
    diag_add(diag, sheet->path, cell.line, cell.column, "%s", text);
}

struct span sheet_code(struct span text)
{
    bool marked = text.bytes > 0 && text.data[0] == '#';
    return marked ? span_of(text.data + 1, text.bytes - 1) : text;
}

bool sheet_is_mangled(struct span text)
{
    bool exponent = false;
    for (size_t i = 0; i < text.bytes; i++) {
        uint8_t byte = text.data[i];
        if (i > 0 && (byte == 'E' || byte == 'e'))
            exponent = true;
        else if ((byte < '0' || byte > '9') && byte != '.' && byte != '+')
            return false;
    }
    return exponent && text.bytes > 0 && text.data[0] >= '0' && text.data[0] <= '9';
}

bool sheet_is_dated(struct span text)
{
    int32_t day;
    enum date_fault fault = date_parse(text, &day);
    return fault == DATE_OK || fault == DATE_MONTH || fault == DATE_NO_YEAR;
}
