/* CSV files as cells: what they hold, where they stand, and what is said of files that are none.
 *
 * Small files are written into a directory of their own and read back. A random writer that keeps
 * count of lines and columns by itself judges the reader over many sheets; random bytes show that
 * whatever cannot be read is explained.
 */
#include "domain/city/sheet.h"
#include "tests/support/city_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct small_city small;
static struct sheet sheet;

static void set_up(void)
{
    small_city_make(&small);
}

static void tear_down(void)
{
    small_city_remove(&small);
}

TestSuite(sheet, .init = set_up, .fini = tear_down);

static enum err read_bytes(const void *data, size_t bytes)
{
    char path[128];
    small_city_forget(&small);
    city_file_write(&small, "t.csv", span_of(data, bytes));
    snprintf(path, sizeof path, "%s/t.csv", small.directory);
    return sheet_read(path, small.arena, small.diag, &sheet);
}

static enum err read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

/* All cells as "line:column text", rows by LF, cells by '|'. */
static const char *as_text(void)
{
    static char text[4096];
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < sheet.count; i++)
        for (uint32_t j = 0; j < sheet.rows[i].count; j++) {
            struct cell cell = sheet.rows[i].cells[j];
            used += (size_t)snprintf(text + used, sizeof text - used, "%u:%u %.*s%s", cell.line,
                                     cell.column, SPAN_ARG(cell.text),
                                     j + 1 < sheet.rows[i].count ? "|" : "\n");
        }
    return text;
}

#define EXPECT_FINDINGS(...)                                                                       \
    do {                                                                                           \
        static const char *const wanted[] = {__VA_ARGS__};                                         \
        cr_expect(city_file_found(small.diag, wanted, sizeof wanted / sizeof wanted[0]));          \
    } while (0)

Test(sheet, cells_know_their_line_and_column_in_characters)
{
    cr_assert_eq(read_text("code,name\n"
                           "5111,乐山市,\n"
                           ",,\"a, \"\"b\"\"\"\n"
                           "\"two\nlines, 两行\",behind\n"
                           "last,"),
                 OK);
    cr_expect_str_eq(as_text(), "1:1 code|1:6 name\n"
                                "2:1 5111|2:6 乐山市|2:10 \n"
                                "3:1 |3:2 |3:3 a, \"b\"\n"
                                "4:1 two\nlines, 两行|5:12 behind\n"
                                "6:1 last|6:6 \n");
    cr_expect_eq(sheet.rows[3].line, 4);
    cr_expect_eq(diag_count(small.diag), 0);
}

Test(sheet, all_line_ends_and_a_byte_order_mark_are_read_alike)
{
    static const char *const texts[] = {"a,b\n\nc,d\n", "a,b\r\n\r\nc,d\r\n", "a,b\r\rc,d",
                                        "\xEF\xBB\xBF\x61,b\n\nc,d"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cr_assert_eq(read_text(texts[i]), OK);
        cr_expect_str_eq(as_text(), "1:1 a|1:3 b\n3:1 c|3:3 d\n", "of text %zu", i);
        cr_expect_eq(sheet.source.bytes, strlen(texts[i]), "the source is the file as it was");
    }
}

Test(sheet, blanks_around_a_cell_go_and_empty_rows_are_skipped)
{
    cr_assert_eq(read_text("  a\t,\" b \"\n , ,\n\n,,\n\xE3\x80\x80 c d\xC2\xA0 ,\xE3\x80\x80\n"),
                 OK);
    cr_expect_str_eq(as_text(), "1:3 a|1:6 b\n5:1 c d|5:9 \n");
    cr_assert_eq(read_text(""), OK);
    cr_expect_eq(sheet.count, 0);
    cr_expect(sheet_trim(span_of_string(" \xE3\x80\x80 ")).bytes == 0);
    struct span web = span_of_string("\xE2\x80\x8B\xEF\xBB\xBF\xE2\x80\x82市\xE2\x80\x83\xC2\xA0");
    cr_expect(span_is(sheet_trim(web), "市"));
}

Test(sheet, what_is_no_sheet_is_explained)
{
    cr_expect_eq(read_text("a,b\n市,x\"y\n"), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:2:4: a quote stands where none may");
    cr_expect_eq(read_text("a,b\n\"x\"y,\n"), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:2:4: a quote stands where none may");
    cr_expect_eq(read_text("a,b\nc,\"d\n"), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:2:3: a cell begins with a quote that is never closed");
    cr_expect_eq(read_text("a,\"b\nc,\"d\n"), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:1:3: a cell begins with a quote that is not closed before line 2");
    cr_expect_eq(read_bytes("a,b\n市c\0d,", 10), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:2:3: holds a control character");
    cr_expect_eq(read_text("a\x7F"), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:1:2: holds a control character");
    cr_expect_eq(read_text("a,b\r\nCaf\xE9,x\n"), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:2:4: byte 0xE9 here is neither UTF-8 nor GB18030; save the file as");
    cr_expect_eq(read_text("a,\xC0\xD6\r\n\xC9\xBD\xCA\xD0,\xFF\n"), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:2:4: byte 0xFF here is neither UTF-8 nor GB18030");
}

Test(sheet, findings_point_right_in_any_encoding)
{
    static const char *const wanted = "1:1 code|1:6 name\n2:1 市|2:3 乐, 山|2:10 x\n";
    cr_assert_eq(read_text("code,name\n市,\"乐, 山\",x\n"), OK);
    cr_expect_str_eq(as_text(), wanted);
    const char *gb18030 = "code,name\n\xCA\xD0,\"\xC0\xD6, \xC9\xBD\",x\n";
    cr_assert_eq(read_text(gb18030), OK);
    cr_expect_str_eq(as_text(), wanted);
    cr_expect(span_is(sheet.source, gb18030), "the source is the file as it was");
    static const char utf16[] = "\xFF\xFE"
                                "c\0o\0d\0e\0,\0n\0a\0m\0e\0\n\0"
                                "\x02\x5E,\0\"\0\x50\x4E,\0 \0q\\\"\0,\0x\0\n\0";
    cr_assert_eq(read_bytes(utf16, sizeof utf16 - 1), OK);
    cr_expect_str_eq(as_text(), wanted);
}

/* -- what spreadsheets add, and what else may divide cells ------------------------------------- */

static const char *const two[] = {"code", "name"};

Test(sheet, empty_columns_and_rows_behind_the_last_are_nothing)
{
    cr_assert_eq(read_text("code,name,,\n1,,,\n,,,\n2,b,\xE3\x80\x80,\n,,,\n,,,\n"), OK);
    cr_expect_str_eq(as_text(), "1:1 code|1:6 name\n2:1 1|2:3 \n4:1 2|4:3 b\n");
    cr_expect(sheet_has_header(&sheet, two, 2, small.diag));
    for (uint32_t i = 1; i < sheet.count; i++)
        cr_expect(sheet_fits(&sheet, &sheet.rows[i], 2, small.diag));
    cr_expect_eq(diag_count(small.diag), 0);

    cr_assert_eq(read_text("code,name,,\n1,a,,\n2,b,,c\n3,,,\n4\n"), OK);
    cr_expect(sheet_has_header(&sheet, two, 2, small.diag));
    for (uint32_t i = 1; i < sheet.count; i++)
        cr_expect_eq(sheet_fits(&sheet, &sheet.rows[i], 2, small.diag), i == 1 || i == 3);
    EXPECT_FINDINGS("t.csv:3: has 4 cells, the first line has 2; quote a cell that has a comma",
                    "t.csv:5: has 1 cells, the first line has 2");
    cr_expect_eq(sheet_width(&sheet.rows[0]), 2);
    cr_expect_eq(sheet_width(&sheet.rows[2]), 4);
    cr_expect_eq(sheet_width(&sheet.rows[3]), 1);
}

Test(sheet, what_divides_cells_instead_of_commas_is_named)
{
    cr_expect_eq(read_text("\n \ncode;name\n1;a\n"), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:3:5: ';' divides the cells here; save the file as CSV with commas");
    cr_expect_eq(read_text("\"code\"\t\"name\"\n"), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:1:7: a tab divides the cells here");
    cr_expect_eq(read_text("编码，名称\n"), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:1:3: the full-width '，' divides the cells here");
    cr_expect_eq(read_text("编码；名称，;\r"), ERR_INVALID);
    EXPECT_FINDINGS("t.csv:1:3: '；' divides the cells here");
    cr_assert_eq(read_text("code,name;\n1，2\n3;4\n5\t6\n7；8\n9\n\"甲，乙\",a\n"), OK);
    for (uint32_t i = 1; i < sheet.count; i++)
        cr_expect_eq(sheet_fits(&sheet, &sheet.rows[i], 2, small.diag), i == 6);
    EXPECT_FINDINGS(
        "t.csv:2: has 1 cells, the first line has 2; the full-width '，' does not divide cells, "
        "write ','",
        "t.csv:3: has 1 cells, the first line has 2; ';' does not divide cells",
        "t.csv:4: has 1 cells, the first line has 2; a tab does not divide cells",
        "t.csv:5: has 1 cells, the first line has 2; '；' does not divide cells",
        "t.csv:6: has 1 cells, the first line has 2");
    cr_assert_eq(read_text("code\t\n"), OK);
}

Test(sheet, files_that_cannot_be_read_are_named)
{
    char path[128];
    snprintf(path, sizeof path, "%s/none.csv", small.directory);
    cr_expect_eq(sheet_read(path, small.arena, small.diag, &sheet), ERR_NOT_FOUND);
    cr_expect_eq(sheet_read(small.directory, small.arena, small.diag, &sheet), ERR_IO);
    city_file_write_text(&small, "t.csv", "");
    snprintf(path, sizeof path, "%s/t.csv", small.directory);
    cr_assert_eq(truncate(path, (off_t)SHEET_BYTES_MAX + 1), 0);
    cr_expect_eq(sheet_read(path, small.arena, small.diag, &sheet), ERR_INVALID);
    const char *name = strrchr(small.directory, '/') + 1;
    cr_expect_eq(diag_count(small.diag), 3);
    cr_expect_str_eq(city_file_finding(small.diag, 0), "none.csv: is missing");
    cr_expect(strstr(city_file_finding(small.diag, 1), name) != NULL);
    cr_expect(strstr(city_file_finding(small.diag, 2), "larger than 64 MiB") != NULL);
}

Test(sheet, headers_and_widths_are_checked)
{
    static const char *const header[] = {"code", "name"};
    cr_assert_eq(read_text("\ncode,name\n1,2\n3\n4,5,6\n"), OK);
    cr_expect(sheet_has_header(&sheet, header, 2, small.diag));
    cr_expect(sheet_fits(&sheet, &sheet.rows[1], 2, small.diag));
    cr_expect(!sheet_fits(&sheet, &sheet.rows[2], 2, small.diag));
    cr_expect(!sheet_fits(&sheet, &sheet.rows[3], 2, small.diag));
    EXPECT_FINDINGS("t.csv:4: has 1 cells, the first line has 2",
                    "t.csv:5: has 3 cells, the first line has 2");
    struct cell behind = sheet_cell(&sheet.rows[2], 7);
    cr_expect(behind.text.bytes == 0 && behind.line == 4 && behind.column == 1);

    static const char *const wrong[] = {"\nname,code\n", "code\n", "code,name,kind\n", "", "\n,\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_assert_eq(read_text(wrong[i]), OK);
        cr_expect(!sheet_has_header(&sheet, header, 2, small.diag));
        cr_expect_str_eq(city_file_finding(small.diag, 0),
                         i == 0 ? "t.csv:2: the first line must be: code,name"
                                : "t.csv:1: the first line must be: code,name");
    }
}

Test(sheet, a_row_has_at_most_64_cells)
{
    char text[256];
    memset(text, ',', sizeof text);
    text[0] = 'a';
    cr_expect_eq(read_bytes(text, sizeof text), OK);
    cr_expect_eq(sheet.rows[0].count, 1, "and any number of empty ones");
    cr_expect_eq(diag_count(small.diag), 0);
    text[SHEET_COLUMNS_MAX] = text[SHEET_COLUMNS_MAX + 2] = 'z';
    cr_expect_eq(read_bytes(text, SHEET_COLUMNS_MAX + 1), OK);
    cr_expect_eq(sheet.rows[0].count, SHEET_COLUMNS_MAX);
    cr_expect_eq(diag_count(small.diag), 0);
    cr_expect_eq(read_bytes(text, SHEET_COLUMNS_MAX + 3), OK);
    cr_expect_eq(sheet.rows[0].count, SHEET_COLUMNS_MAX);
    EXPECT_FINDINGS("t.csv:1: has more than 64 cells");
}

Test(sheet, a_complaint_is_cut_between_characters)
{
    char text[1024];
    cr_assert_eq(read_text("a"), OK);
    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "市", 4);
    for (int shift = 0; shift < 3; shift++) {
        small_city_forget(&small);
        sheet_complain(&sheet, (struct cell){.line = 1}, small.diag, "%.*s%s", shift, "ab", text);
        const char *found = diag_at(small.diag, 0)->text;
        size_t bytes = strlen(found);
        cr_expect(bytes > 500 && memcmp(found + bytes - 3, "市", 3) == 0);
    }
}

Test(sheet, codes_are_told_from_what_spreadsheets_make_of_them)
{
    cr_expect(span_is(sheet_code(span_of_string("#0301")), "0301"));
    cr_expect(span_is(sheet_code(span_of_string("0301")), "0301"));
    cr_expect(span_is(sheet_code(span_of_string("#")), ""));
    static const char *const mangled[] = {"5.11126E+11", "5e11", "5.1E11"};
    static const char *const whole[] = {"", "E", "E+11", "511126", "5.1", "5E1x", "#5E11", "e5"};
    for (size_t i = 0; i < sizeof mangled / sizeof mangled[0]; i++)
        cr_expect(sheet_is_mangled(span_of_string(mangled[i])), "%s", mangled[i]);
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        cr_expect(!sheet_is_mangled(span_of_string(whole[i])), "%s", whole[i]);
    static const char *const dates[] = {"1-Mar", "Mar-01", "3月1日", "2026/3/1", "2026-03-01"};
    static const char *const ids[] = {"3-1", "", "a-3-1", "2026-03", "march", "3.1"};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++)
        cr_expect(sheet_is_dated(span_of_string(dates[i])), "%s", dates[i]);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        cr_expect(!sheet_is_dated(span_of_string(ids[i])), "%s", ids[i]);
}

/* -- random sheets ----------------------------------------------------------------------------- */

struct writer {
    char text[1 << 14];
    size_t used;
    uint32_t line, column;
};

static void put(struct writer *writer, const char *character)
{
    memcpy(writer->text + writer->used, character, strlen(character));
    writer->used += strlen(character);
    if (character[0] == '\n') {
        writer->line++;
        writer->column = 1;
    } else if (character[0] != '\r') {
        writer->column++;
    }
}

/* One cell, quoted where it must be or by chance; never blank at its ends, never empty. */
static void put_cell(struct writer *writer, unsigned *seed, char *value)
{
    static const char *const characters[] = {"a", "市", "é", "\"", ",", "\n", " ", "#", "𠮷", "x"};
    size_t count = 1 + (size_t)rand_r(seed) % 6;
    bool quoted = rand_r(seed) % 3 == 0;
    char middle[64] = "";
    for (size_t i = 0; i < count; i++) {
        const char *character = characters[rand_r(seed) % 10];
        quoted |= strchr("\",\n", character[0]) != NULL;
        strcat(middle, character);
    }
    sprintf(value, "<%s>", middle);
    if (quoted)
        put(writer, "\"");
    for (const char *at = value; *at != '\0';) {
        size_t bytes = 1;
        while ((at[bytes] & 0xC0) == 0x80)
            bytes++;
        char character[8] = "";
        memcpy(character, at, bytes);
        put(writer, character);
        if (character[0] == '"')
            put(writer, character);
        at += bytes;
    }
    if (quoted)
        put(writer, "\"");
}

Test(sheet, random_sheets_are_read_as_they_were_written)
{
    unsigned seed = (unsigned)getpid();
    fprintf(stderr, "seed %u\n", seed);
    for (int round = 0; round < 200; round++) {
        struct writer writer = {.used = 0, .line = 1, .column = 1};
        struct {
            char text[80];
            uint32_t line, column;
        } cells[8][8];
        uint32_t rows = 1 + (uint32_t)rand_r(&seed) % 8;
        uint32_t columns = 1 + (uint32_t)rand_r(&seed) % 8;
        bool returns = rand_r(&seed) % 2 == 0;
        for (uint32_t i = 0; i < rows; i++)
            for (uint32_t j = 0; j < columns; j++) {
                if (j > 0)
                    put(&writer, ",");
                cells[i][j].line = writer.line;
                cells[i][j].column = writer.column;
                put_cell(&writer, &seed, cells[i][j].text);
                if (j + 1 == columns && returns)
                    put(&writer, "\r");
                if (j + 1 == columns)
                    put(&writer, "\n");
            }
        cr_assert_eq(read_bytes(writer.text, writer.used), OK);
        cr_assert_eq(sheet.count, rows);
        for (uint32_t i = 0; i < rows; i++)
            for (uint32_t j = 0; j < columns; j++) {
                struct cell cell = sheet.rows[i].cells[j];
                cr_assert(span_is(cell.text, cells[i][j].text), "%.*s is not %s",
                          SPAN_ARG(cell.text), cells[i][j].text);
                cr_assert_eq(cell.line, cells[i][j].line);
                cr_assert_eq(cell.column, cells[i][j].column);
            }
    }
}

Test(sheet, random_bytes_are_read_or_explained)
{
    static const char alphabet[] = "\",\n\r a#\xE5\xB8\x82\xC0\x7F";
    unsigned seed = (unsigned)getpid();
    fprintf(stderr, "seed %u\n", seed);
    for (int round = 0; round < 1000; round++) {
        char text[24];
        size_t bytes = (size_t)rand_r(&seed) % sizeof text;
        for (size_t i = 0; i < bytes; i++)
            text[i] = alphabet[(size_t)rand_r(&seed) % sizeof alphabet];
        enum err err = read_bytes(text, bytes);
        cr_assert_eq(err == OK, diag_count(small.diag) == 0);
    }
}
