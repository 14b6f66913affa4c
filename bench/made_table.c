#include "bench/made_table.h"

#include "base/check.h"
#include "base/clock.h"
#include "bench/micro_parts.h"
#include "domain/check/check.h"
#include "domain/city/date.h"
#include "domain/text/fold.h"

#include <stdio.h>
#include <sys/stat.h>

enum {
    PATH_BYTES = MICRO_PATH_BYTES + 64,
    COUNTIES = 4,
    TOWNSHIPS = 9, /* of each county */
    CATEGORIES = 10,
    KEYWORD_CHARACTERS_MAX = 5,
    CHARACTER_BYTES = 3,
    PLANTED = 80, /* one keyword in so many characters, beside those that come of themselves */
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const enum input inputs[] = {INPUT_CHANNEL, INPUT_TYPE,     INPUT_APPLICANT, INPUT_URGENCY,
                                    INPUT_LINE,    INPUT_CATEGORY, INPUT_PLACE,     INPUT_HOUR,
                                    INPUT_REGIME,  INPUT_TEXT};
static const char *const lines[] = {"12345", "12319", "12329"};
static const char *const tiers[] = {"village", "township", "county", "city"};
static const char characters[] =
    "噪音扰民夜间施工道路破损灯井盖排水堵塞垃圾清运公厕占经营停车收费物业小区电梯消防通违章建筑"
    "拆迁补偿工资拖欠社保医疗教育学校食品安全假药燃气供暖网络宽带快递油烟污染河流树木养殖土地证"
    "件户口低残疾人老出租公交站台班线路口红绿";

static const struct {
    const char *name, *text;
} fixed_files[] = {
    {"functions.csv", "code,name,city,county,township,village,basis\n"
                      "desk,热线,{place}热线,,,,\n"
                      "general,综合,{place},{place},{place},{place},\n"},
    {"units.csv", "place,function,name,basis\n"},
    {"lines.csv", "number,name,function,mode,basis\n"
                  "12345,热线,desk,main,\n"
                  "12319,城建,general,merged,\n"
                  "12329,公积金,general,dual,\n"},
    {"calendar.csv", "date,kind,name\n2026-11-24,workday,\n"},
};

/* splitmix64 */
static uint32_t up_to(struct made_table *made, uint32_t limit)
{
    uint64_t value = made->random += 0x9E3779B97F4A7C15;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return (uint32_t)((value ^ value >> 31) % limit);
}

/* -- the city ---------------------------------------------------------------------------------- */

static FILE *begin_file(const char *directory, const char *name)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    micro_must(file != NULL, path);
    return file;
}

static void end_file(FILE *file, const char *name)
{
    micro_must(fclose(file) == 0, name);
}

static void write_places(const char *directory)
{
    static const char *const counties[COUNTIES] = {"东山", "南江", "西岭", "北河"};
    static const char *const townships[TOWNSHIPS] = {"甲子", "乙丑", "丙寅", "丁卯", "戊辰",
                                                     "己巳", "庚午", "辛未", "壬申"};
    FILE *file = begin_file(directory, "places.csv");
    fprintf(file, "code,name,kind,short_name\n5111,中州市,地级市,\n");
    for (unsigned i = 0; i < COUNTIES; i++) {
        fprintf(file, "51110%u,%s县,县,\n", i + 1, counties[i]);
        for (unsigned j = 0; j < TOWNSHIPS; j++)
            fprintf(file, "51110%u10%u,%s镇,镇,\n", i + 1, j + 1, townships[j]);
    }
    end_file(file, "places.csv");
}

static void write_categories(const char *directory)
{
    FILE *file = begin_file(directory, "categories.csv");
    fprintf(file, "code,name\n");
    for (unsigned i = 1; i <= CATEGORIES; i++) {
        fprintf(file, "#%02u,门类%02u\n", i, i);
        for (unsigned j = 1; j <= CATEGORIES; j++)
            fprintf(file, "#%02u%02u,事项%02u%02u\n", i, j, i, j);
    }
    end_file(file, "categories.csv");
}

static void write_city(const char *directory)
{
    for (size_t i = 0; i < COUNT(fixed_files); i++) {
        FILE *file = begin_file(directory, fixed_files[i].name);
        fputs(fixed_files[i].text, file);
        end_file(file, fixed_files[i].name);
    }
    write_places(directory);
    write_categories(directory);
}

/* -- keywords ---------------------------------------------------------------------------------- */

static size_t put_characters(struct made_table *made, uint32_t count, char *out)
{
    char *end = out;
    for (uint32_t i = 0; i < count; i++, end += CHARACTER_BYTES) {
        size_t at = up_to(made, (sizeof characters - 1) / CHARACTER_BYTES);
        memcpy(end, characters + at * CHARACTER_BYTES, CHARACTER_BYTES);
    }
    return (size_t)(end - out);
}

/* Until there are so many, the city's own included. */
static void add_keywords(struct made_table *made, uint32_t limit)
{
    struct keywords *keywords = city_keywords(made->city);
    while (keywords_count(keywords) < limit) {
        char text[KEYWORD_CHARACTERS_MAX * CHARACTER_BYTES];
        uint8_t folded[sizeof text];
        size_t bytes = put_characters(made, 2 + up_to(made, KEYWORD_CHARACTERS_MAX - 1), text);
        bytes = fold(span_of(text, bytes), folded);
        uint32_t added = keywords_add(keywords, span_of(folded, bytes), false);
        CHECK(added != KEYWORD_NONE);
    }
}

static struct span random_keyword(struct made_table *made)
{
    const struct keywords *keywords = city_keywords(made->city);
    return keyword_text(keywords, up_to(made, keywords_count(keywords)));
}

/* -- the table --------------------------------------------------------------------------------- */

static void write_word(struct made_table *made, enum input input, FILE *file)
{
    const struct word_list *list = input_words(input);
    uint32_t limit = input_size(made->city, input);
    const char *first = word_name(list, 1 + up_to(made, limit - 1));
    const char *second = word_name(list, 1 + up_to(made, limit - 1));
    fprintf(file, up_to(made, 4) == 0 ? "\"not(%s)\"" : "\"%s, %s\"", first, second);
}

static void write_code(struct made_table *made, enum input input, FILE *file)
{
    bool deep = up_to(made, 2) == 0;
    if (input == INPUT_PLACE) {
        fprintf(file, "#51110%u", 1 + up_to(made, COUNTIES));
        if (deep)
            fprintf(file, "10%u", 1 + up_to(made, TOWNSHIPS));
        return;
    }
    fprintf(file, "#%02u", 1 + up_to(made, CATEGORIES));
    if (deep)
        fprintf(file, "%02u", 1 + up_to(made, CATEGORIES));
}

/* One clause, or two of which one forbids a name, which no other keyword has in it. */
static void write_words(struct made_table *made, FILE *file)
{
    uint32_t count = 1 + up_to(made, 3);
    fprintf(file, "\"%s(", up_to(made, 4) == 0 ? "all" : "any");
    for (uint32_t i = 0; i < count; i++)
        fprintf(file, "%s%.*s", i > 0 ? ", " : "", SPAN_ARG(random_keyword(made)));
    fprintf(file, up_to(made, 8) == 0 ? ") none(xyz)\"" : ")\"");
}

/* Says something in one of so many cells. */
static void write_cell(struct made_table *made, enum input input, uint32_t odds, FILE *file)
{
    uint32_t first = up_to(made, 12);
    if (up_to(made, odds) > 0)
        fputc('-', file);
    else if (input == INPUT_PLACE || input == INPUT_CATEGORY)
        write_code(made, input, file);
    else if (input == INPUT_LINE)
        fputs(lines[up_to(made, COUNT(lines))], file);
    else if (input == INPUT_HOUR)
        fprintf(file, "[%u..%u)", first, first + 1 + up_to(made, 12));
    else
        write_word(made, input, file);
    fputc(',', file);
}

/* Half of the rows go by words and little else, and stand before the others, so that a text makes a
 * difference where it should. */
static void write_row(struct made_table *made, uint32_t row, FILE *file)
{
    bool has_words = row % 2 == 0;
    fprintf(file, "r%u,", row);
    for (size_t i = 0; inputs[i] != INPUT_TEXT; i++)
        write_cell(made, inputs[i], has_words ? 4 : 2, file);
    if (has_words)
        write_words(made, file);
    else
        fputc('-', file);
    fprintf(file, ",%s\n", tiers[up_to(made, 2) + (has_words ? 0 : 2)]);
}

static void write_table(struct made_table *made, const char *directory, uint32_t rows)
{
    FILE *file = begin_file(directory, "rules/t.csv");
    fprintf(file, "P,,,,,,,,,,,\n");
    for (size_t i = 0; i < COUNT(inputs); i++)
        fprintf(file, ",in:%s", input_name(inputs[i]));
    fprintf(file, ",out:tier\n,,,,,,,,,,,\"village,township,county,city\"\n");
    for (uint32_t row = 0; row < rows; row++)
        write_row(made, row, file);
    fprintf(file, "else,-,-,-,-,-,-,-,-,-,-,city\n");
    end_file(file, "t.csv");
}

static void read_and_compile(struct made_table *made, const char *directory, struct diag *diag)
{
    int64_t start_ns = clock_own_cpu_ns();
    made->table =
        table_read(folder_of(directory), span_of_string("t"), made->city, made->arena, diag);
    CHECK(made->table != NULL);
    int64_t read_ns = clock_own_cpu_ns();
    size_t before = arena_bytes(made->arena);
    made->matcher = matcher_compile(made->table, made->city, made->arena);
    made->read_ms = (double)(read_ns - start_ns) / 1e6;
    made->compile_ms = (double)(clock_own_cpu_ns() - read_ns) / 1e6;
    made->matcher_bytes = arena_bytes(made->arena) - before;
}

static void write_book(const char *directory)
{
    FILE *file = begin_file(directory, "rules/book.csv");
    fputs("table,note\nt,\n", file);
    end_file(file, "book.csv");
}

/* Its files, in a directory of its own; the city is read, the table is not. */
static void make_files(struct made_table *made, uint32_t rows, uint32_t keywords,
                       char directory[MICRO_PATH_BYTES], struct diag *diag)
{
    char path[PATH_BYTES];
    *made = (struct made_table){.arena = arena_create(), .random = 1};
    micro_make_directory(directory);
    snprintf(path, sizeof path, "%s/rules", directory);
    micro_must(mkdir(path, 0700) == 0, path);
    write_city(directory);
    write_book(directory);
    made->city = city_load(folder_of(directory), made->arena, diag);
    CHECK(made->city != NULL);
    add_keywords(made, keywords);
    write_table(made, directory, rows);
}

static void compile_keywords(struct made_table *made, struct diag *diag)
{
    enum err compiled = keywords_compile(city_keywords(made->city), "t.csv", diag);
    diag_print(diag, stderr);
    CHECK(compiled == OK && diag_count(diag) == 0);
}

void made_table_make(struct made_table *made, uint32_t rows, uint32_t keywords)
{
    char directory[MICRO_PATH_BYTES];
    struct diag *diag = diag_create();
    make_files(made, rows, keywords, directory, diag);
    read_and_compile(made, directory, diag);
    compile_keywords(made, diag);
    micro_remove(directory);
    diag_destroy(&diag);
}

double made_table_check(uint32_t rows, uint32_t keywords, uint32_t *findings)
{
    char directory[MICRO_PATH_BYTES];
    struct made_table made;
    struct diag *diag = diag_create();
    make_files(&made, rows, keywords, directory, diag);
    struct policy policy = {.city = made.city, .arena = made.arena};
    policy.rules = rules_load(folder_of(directory), made.city, made.arena, diag);
    compile_keywords(&made, diag);
    int64_t start_ns = clock_own_cpu_ns();
    *findings = check_policy(&policy, day_of_ms(MICRO_NOW_MS), made.arena)->count;
    double spent_ms = (double)(clock_own_cpu_ns() - start_ns) / 1e6;
    micro_remove(directory);
    diag_destroy(&diag);
    made_table_free(&made);
    return spent_ms;
}

void made_table_free(struct made_table *made)
{
    keywords_close(city_keywords(made->city));
    arena_destroy(&made->arena);
}

/* -- cases ------------------------------------------------------------------------------------- */

void made_table_values(struct made_table *made, uint32_t *values)
{
    for (uint32_t i = 0; i < made->table->inputs_count; i++)
        values[made->table->inputs[i]] =
            up_to(made, input_size(made->city, made->table->inputs[i]));
}

struct span made_table_text(struct made_table *made, size_t bytes)
{
    char *text = arena_take(made->arena, bytes);
    size_t used = 0;
    while (used + CHARACTER_BYTES <= bytes) {
        struct span keyword = random_keyword(made);
        if (up_to(made, PLANTED) > 0 || used + keyword.bytes > bytes) {
            used += put_characters(made, 1, text + used);
            continue;
        }
        memcpy(text + used, keyword.data, keyword.bytes);
        used += keyword.bytes;
    }
    return span_of(text, used);
}
