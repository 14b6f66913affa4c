/* categories - 事项: the tree of what cases are about, three levels, two digits a level. */
#include "base/check.h"
#include "domain/city/city_parts.h"

#include <stdlib.h>

static const char *const header[] = {"code", "name"};
enum { COLUMNS = sizeof header / sizeof header[0], LEVEL_DIGITS = 2, CODE_DIGITS_MAX = 6 };

static bool check_code(const struct sheet *sheet, struct cell code, struct diag *diag)
{
    struct span digits = sheet_code(code.text);
    bool good = place_looks_like_code(digits) && digits.bytes <= CODE_DIGITS_MAX;
    if (good && digits.bytes % LEVEL_DIGITS == 0)
        return true;
    if (good && digits.data[0] != '0')
        sheet_complain(sheet, code, diag,
                       "'%.*s' has an odd number of digits, so a spreadsheet may have taken its "
                       "leading zero; write #0%.*s",
                       SPAN_ARG(code.text), SPAN_ARG(digits));
    else
        sheet_complain(
            sheet, code, diag,
            "'%.*s' is no category code; write #03, #0301 or #030102, two digits a level",
            SPAN_ARG(code.text));
    return false;
}

static void read_row(struct city *city, const struct sheet *sheet, const struct sheet_row *row,
                     struct diag *diag)
{
    struct cell code = row->cells[0];
    struct span digits = sheet_code(code.text);
    if (!check_code(sheet, code, diag))
        return;
    city_check_name(sheet, row->cells[1], CITY_NAME_BYTES_MAX, diag);
    city->categories[city->categories_count++] =
        (struct category_record){.code = digits, .name = row->cells[1].text, .where = code};
}

static int by_code(const void *a, const void *b)
{
    const struct category_record *left = a;
    const struct category_record *right = b;
    int order = span_compare(left->code, right->code);
    return order != 0 ? order : (int)left->where.line - (int)right->where.line;
}

static void check_tree(const struct sheet *sheet, struct city *city, struct diag *diag)
{
    for (uint32_t i = 0; i < city->categories_count; i++) {
        const struct category_record *record = &city->categories[i];
        struct span code = record->code;
        if (i > 0 && span_equal(code, city->categories[i - 1].code))
            sheet_complain(sheet, record->where, diag,
                           "category %.*s stands here already (line %u)", SPAN_ARG(code),
                           city->categories[i - 1].where.line);
        struct span parent = span_of(code.data, code.bytes - LEVEL_DIGITS);
        if (parent.bytes > 0 && city_category(city, parent).index == CATEGORY_NONE.index)
            sheet_complain(sheet, record->where, diag,
                           "category %.*s has no parent here; add a row #%.*s", SPAN_ARG(code),
                           SPAN_ARG(parent));
    }
}

static void set_limits(struct city *city)
{
    for (uint32_t i = 0; i < city->categories_count; i++) {
        uint32_t limit = i + 1;
        while (limit < city->categories_count &&
               span_starts_with(city->categories[limit].code, city->categories[i].code))
            limit++;
        city->categories[i].limit = limit;
    }
}

bool categories_load(struct city *city, struct folder folder, struct arena *arena,
                     struct diag *diag)
{
    struct sheet sheet;
    if (!city_open_sheet(city, SOURCE_CATEGORIES, folder, "categories.csv", header, COLUMNS, arena,
                         diag, &sheet))
        return false;
    city->categories = arena_take(arena, sheet.count * sizeof *city->categories);
    for (uint32_t i = 1; i < sheet.count; i++)
        if (sheet_fits(&sheet, &sheet.rows[i], COLUMNS, diag))
            read_row(city, &sheet, &sheet.rows[i], diag);
    qsort(city->categories, city->categories_count, sizeof *city->categories, by_code);
    city->categories_by_code = codes_create(city->categories_count, arena);
    for (uint32_t i = 0; i < city->categories_count; i++)
        codes_add(city->categories_by_code, city->categories[i].code, i);
    check_tree(&sheet, city, diag);
    set_limits(city);
    return true;
}

uint32_t city_categories(const struct city *city)
{
    return city->categories_count;
}

struct category city_category(const struct city *city, struct span code)
{
    return (struct category){codes_find(city->categories_by_code, code)};
}

static const struct category_record *record_at(const struct city *city, struct category category)
{
    CHECK(category.index < city->categories_count);
    return &city->categories[category.index];
}

struct span category_code(const struct city *city, struct category category)
{
    return record_at(city, category)->code;
}

struct span category_name(const struct city *city, struct category category)
{
    return record_at(city, category)->name;
}

uint32_t category_limit(const struct city *city, struct category category)
{
    return record_at(city, category)->limit;
}
