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
 * keyboards type. */
static const char *const blanks[] = {" ", "\t", "\xC2\xA0", "\xE3\x80\x80"};

/* Bytes of the blank at the front or the back of a text, 0 where there is none. */
static size_t blank_bytes(struct span text, bool back)
{
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
        reading->too_wide = true;
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

static size_t line_start(struct span text, size_t offset)
{
    while (offset > 0 && text.data[offset - 1] != '\n')
        offset--;
    return offset;
}

static bool is_high(uint8_t byte)
{
    return byte >= 0x81 && byte <= 0xFE;
}

/* GB18030 is what spreadsheets here save by default. A line of it is ASCII and characters of two
 * bytes or four; Latin-1, say, is not. */
static bool looks_like_gb18030(struct span text, size_t line_offset)
{
    const uint8_t *at = text.data + line_offset;
    const uint8_t *end = text.data + text.bytes;
    while (at < end && *at != '\n') {
        if (*at < 0x80)
            at++;
        else if (end - at >= 2 && is_high(at[0]) && at[1] >= 0x40 && at[1] != 0x7F && at[1] != 0xFF)
            at += 2;
        else if (end - at >= 4 && is_high(at[0]) && at[1] >= '0' && at[1] <= '9' &&
                 is_high(at[2]) && at[3] >= '0' && at[3] <= '9')
            at += 4;
        else
            return false;
    }
    return true;
}

static bool looks_like_utf16(struct span text)
{
    return span_starts_with(text, span_of_string("\xFF\xFE")) ||
           span_starts_with(text, span_of_string("\xFE\xFF"));
}

static enum err check_text(struct sheet *sheet, struct span text, struct diag *diag)
{
    size_t good = utf8_check(text);
    if (good == text.bytes)
        return OK;
    struct reading at = {.line = 1, .column = 1};
    for (size_t i = 0; i < good; i++)
        advance(&at, text.data[i]);
    const char *why = text.data[good] < 0x80   ? "holds a control character here; delete it"
                      : looks_like_utf16(text) ? "is not UTF-8 but UTF-16; save it as \"CSV UTF-8\""
                      : looks_like_gb18030(text, line_start(text, good))
                          ? "is not UTF-8; it looks like GB18030: save it as \"CSV UTF-8\""
                          : "is not UTF-8 here; save it as UTF-8";
    diag_add(diag, sheet->path, at.line, at.column, "%s", why);
    return ERR_INVALID;
}

static enum err read_text(struct sheet *sheet, struct arena *arena, struct diag *diag)
{
    enum err err = file_read(sheet->path, SHEET_BYTES_MAX, arena, &sheet->source);
    if (err == OK)
        return OK;
    diag_add(diag, sheet->path, 0, 0, "%s",
             err == ERR_NOT_FOUND ? "is missing"
             : err == ERR_FULL    ? "is larger than 64 MiB; split it, or drop what is not a table"
                                  : "cannot be read; is it a file, and may it be read?");
    return err == ERR_FULL ? ERR_INVALID : err;
}

enum err sheet_read(const char *path, struct arena *arena, struct diag *diag, struct sheet *sheet)
{
    *sheet = (struct sheet){.path = arena_copy(arena, span_of_string(path))};
    enum err err = read_text(sheet, arena, diag);
    if (err != OK)
        return err;
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
    diag_add(diag, sheet->path, sheet->count > 0 ? sheet->rows[0].line : 1, 0,
             "the first line must be: %s", expected);
    return false;
}

bool sheet_fits(const struct sheet *sheet, const struct sheet_row *row, uint32_t count,
                struct diag *diag)
{
    if (row->count == count)
        return true;
    diag_add(diag, sheet->path, row->line, 0,
             "has %u cells, the first line has %u; quote a cell that has a comma inside",
             row->count, count);
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
