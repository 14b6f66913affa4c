/* sheet - a CSV file as cells that know where they stand.
 *
 * RFC 4180 in UTF-8, and what spreadsheets make of it: byte-order marks, GB18030 and UTF-16
 * (encoding.h), lines that end with CR or CR LF, empty columns and rows behind the last. Blanks
 * around a cell are trimmed, the full-width one too. A row whose cells are all empty is skipped.
 * Everything about a city is read through here, so every finding can say file:line:column.
 */
#ifndef DOMAIN_CITY_SHEET_H
#define DOMAIN_CITY_SHEET_H

#include "base/diag.h"
#include "base/err.h"

enum { SHEET_BYTES_MAX = 64 * 1024 * 1024, SHEET_COLUMNS_MAX = 64 };

struct cell {
    struct span text; /* trimmed; lives as long as the arena */
    uint32_t line;    /* where the cell begins, from 1 */
    uint32_t column;  /* in characters, from 1 */
};

struct sheet_row {
    const struct cell *cells;
    uint32_t count;
    uint32_t line;
};

struct sheet {
    const char *path;
    struct span source; /* the file as it was read, byte for byte */
    const struct sheet_row *rows;
    uint32_t count;
};

/* Reads a file. What is wrong with it goes to diag; ERR_NOT_FOUND and ERR_INVALID say that there is
 * no sheet to work with (no text, a quote that never closes, no commas, too large). */
MUST_CHECK enum err sheet_read(const char *path, struct arena *arena, struct diag *diag,
                               struct sheet *sheet);

/* The same for a file that is in memory already; the path is for findings only. The source must
 * live as long as the sheet. */
MUST_CHECK enum err sheet_parse(const char *path, struct span source, struct arena *arena,
                                struct diag *diag, struct sheet *sheet);

/* Cells of a row up to its last that is not empty. */
uint32_t sheet_width(const struct sheet_row *row);

/* Is row 0 this header, cell by cell? Says to diag what it should be where it is not. */
MUST_CHECK bool sheet_has_header(const struct sheet *sheet, const char *const *names,
                                 uint32_t count, struct diag *diag);

/* Are there as many cells in the row as in a header of count? More are fine where they are empty.
 * Says so where there are not. */
MUST_CHECK bool sheet_fits(const struct sheet *sheet, const struct sheet_row *row, uint32_t count,
                           struct diag *diag);

/* The same where it is not the first line that has count. */
MUST_CHECK bool sheet_fits_to(const struct sheet *sheet, const struct sheet_row *row,
                              uint32_t count, const char *what, struct diag *diag);

/* The cell at index of a row, or an empty one just behind its last where the row is shorter. */
struct cell sheet_cell(const struct sheet_row *row, uint32_t index);

/* Adds a finding about a cell. */
void sheet_complain(const struct sheet *sheet, struct cell cell, struct diag *diag,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Without the blanks around it. */
struct span sheet_trim(struct span text);

/* A code without the leading # that keeps spreadsheets from making a number of it. */
struct span sheet_code(struct span text);

/* Is this what a spreadsheet makes of a long code, 5.11E+11? */
bool sheet_is_mangled(struct span text);

/* Is this what a spreadsheet makes of 3-1, a date? */
bool sheet_is_dated(struct span text);

#endif
