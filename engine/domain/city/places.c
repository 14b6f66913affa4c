#include "domain/city/places.h"

#include "base/check.h"
#include "domain/city/codes.h"
#include "domain/city/names.h"
#include "domain/city/path.h"

#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS = 4, NAME_BYTES_MAX = 120 };

_Static_assert(PLACE_PATH_BYTES_MAX > TIER_COUNT * (NAME_BYTES_MAX + 1), "a path is never cut");

struct record {
    enum tier tier;
    uint32_t level; /* of the code, an index into code_digits */
    char code12[PLACE_CODE_BYTES];
    struct span name, kind, short_name;
    struct cell where;
};

/* Where a place stands in the tree: apart, since a case climbs it again and again. */
struct node {
    uint32_t parent;
    uint32_t limit; /* of the subtree */
    enum tier tier;
};

struct places {
    struct span source;
    struct record *records;
    struct node *nodes; /* one a record */
    uint32_t count;
    struct codes *by_code; /* of 12 digits */
    const struct names *names;
};

/* A province's, and then those of the tiers. */
static const uint8_t code_digits[TIER_COUNT] = {2, 4, 6, 9, 12};

enum { PROVINCE = 0, CITY = TIER_CITY, NO_LEVEL = TIER_COUNT };

/* -- reading ----------------------------------------------------------------------------------- */

bool place_looks_like_code(struct span text)
{
    for (size_t i = 0; i < text.bytes; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.bytes > 0;
}

static uint32_t level_of(struct span code)
{
    uint32_t level = 0;
    while (level < NO_LEVEL && code_digits[level] != code.bytes)
        level++;
    return level;
}

/* The empty span for a name that will not do. */
static struct span read_name(const struct sheet *sheet, struct cell cell, struct diag *diag)
{
    if (cell.text.bytes <= NAME_BYTES_MAX && memchr(cell.text.data, '/', cell.text.bytes) == NULL)
        return cell.text;
    sheet_complain(sheet, cell, diag,
                   "a name has at most %d bytes, and no '/', which divides the "
                   "names of a path",
                   NAME_BYTES_MAX);
    return (struct span){0};
}

static bool check_code(const struct sheet *sheet, struct cell cell, struct diag *diag)
{
    struct span code = sheet_code(cell.text);
    if (place_looks_like_code(code) && level_of(code) != NO_LEVEL)
        return true;
    if (sheet_is_mangled(code))
        sheet_complain(sheet, cell, diag,
                       "'%.*s' is what a spreadsheet makes of a long code; write "
                       "it in full with "
                       "a # in front, such as #511126001001",
                       SPAN_ARG(code));
    else
        sheet_complain(sheet, cell, diag,
                       "'%.*s' is no place code; they have 4 digits (city), 6 (county), 9 "
                       "(township) or 12 (village); a province above cities has 2",
                       SPAN_ARG(code));
    return false;
}

/* A place whose name is wrong is kept, so that those below it are not called
 * orphans. */
static bool read_row(const struct sheet *sheet, const struct sheet_row *row, struct diag *diag,
                     struct record *record)
{
    if (!check_code(sheet, row->cells[0], diag))
        return false;
    struct span code = sheet_code(row->cells[0].text);
    if (row->cells[1].text.bytes == 0)
        sheet_complain(sheet, row->cells[1], diag, "place %.*s needs a name", SPAN_ARG(code));
    uint32_t level = level_of(code);
    *record = (struct record){.tier = level == PROVINCE ? TIER_CITY : (enum tier)level,
                              .level = level,
                              .name = read_name(sheet, row->cells[1], diag),
                              .kind = row->cells[2].text,
                              .short_name = read_name(sheet, row->cells[3], diag),
                              .where = row->cells[0]};
    memset(record->code12, '0', sizeof record->code12);
    memcpy(record->code12, code.data, code.bytes);
    return true;
}

static int by_code(const void *a, const void *b)
{
    const struct record *left = a;
    const struct record *right = b;
    int order = memcmp(left->code12, right->code12, sizeof left->code12);
    if (order == 0)
        order = (int)left->level - (int)right->level;
    return order != 0 ? order : (int)left->where.line - (int)right->where.line;
}

/* By a code of any number of digits. */
static struct place find(const struct places *places, struct span code)
{
    char code12[PLACE_CODE_BYTES];
    memset(code12, '0', sizeof code12);
    memcpy(code12, code.data, code.bytes);
    return (struct place){codes_find(places->by_code, span_of(code12, sizeof code12))};
}

static void sort_records(struct places *places, struct arena *arena)
{
    qsort(places->records, places->count, sizeof *places->records, by_code);
    places->nodes = arena_take(arena, (places->count + 1) * sizeof *places->nodes);
    places->by_code = codes_create(places->count, arena);
    for (uint32_t i = 0; i < places->count; i++) {
        struct record *record = &places->records[i];
        places->nodes[i].tier = record->tier;
        codes_add(places->by_code, span_of(record->code12, sizeof record->code12), i);
    }
}

/* The code of the next higher tier is the same digits, fewer of them. */
static void find_parent(const struct sheet *sheet, struct places *places, uint32_t index,
                        struct diag *diag)
{
    const struct record *record = &places->records[index];
    uint8_t digits = code_digits[record->level - 1];
    struct place parent = find(places, span_of(record->code12, digits));
    if (!place_is_none(parent) && places->records[parent.index].level + 1 == record->level)
        places->nodes[index].parent = parent.index;
    else
        sheet_complain(sheet, record->where, diag,
                       "place %.*s has no parent here; add a line of %.*s, or mend the code",
                       code_digits[record->level], record->code12, digits, record->code12);
}

/* The one place without a parent: a province stands before its cities, by its code. */
static void check_root(const struct sheet *sheet, const struct record *root,
                       const struct record *record, struct diag *diag)
{
    if (record->level == CITY)
        sheet_complain(sheet, record->where, diag,
                       "a second city, %.4s beside %.4s (line %u); a directory holds one, or their "
                       "province above them, a line with its 2 digits",
                       record->code12, root->code12, root->where.line);
    else
        sheet_complain(sheet, record->where, diag,
                       "a second province, %.2s beside %.*s (line %u); a directory holds one",
                       record->code12, code_digits[root->level], root->code12, root->where.line);
}

static void check_tree(const struct sheet *sheet, struct places *places, struct diag *diag)
{
    const struct record *root = NULL;
    for (uint32_t i = 0; i < places->count; i++) {
        struct record *record = &places->records[i];
        places->nodes[i].parent = PLACE_NONE.index;
        if (i > 0 && memcmp(record->code12, record[-1].code12, sizeof record->code12) == 0)
            sheet_complain(sheet, record->where, diag, "place %.*s stands here already (line %u)",
                           code_digits[record->level], record->code12,
                           places->records[i - 1].where.line);
        else if (record->level > CITY ||
                 (record->level == CITY && root != NULL && root->level == PROVINCE))
            find_parent(sheet, places, i, diag);
        else if (root == NULL)
            root = record;
        else
            check_root(sheet, root, record, diag);
    }
    if (root == NULL)
        diag_add(diag, sheet->path, 0, 0, "there is no city; add a line with a code of 4 digits");
}

/* In the order of codes all places of a subtree follow its root. */
static void set_limits(struct places *places)
{
    for (uint32_t i = places->count; i-- > 0;) {
        struct node *node = &places->nodes[i];
        if (node->limit == 0)
            node->limit = i + 1;
        if (node->parent != PLACE_NONE.index && places->nodes[node->parent].limit < node->limit)
            places->nodes[node->parent].limit = node->limit;
    }
}

const struct places *places_load(struct folder folder, struct arena *arena, struct diag *diag)
{
    static const char *const header[] = {"code", "name", "kind", "short_name"};
    struct sheet sheet;
    if (folder_read(folder, "places.csv", arena, diag, &sheet) != OK ||
        !sheet_has_header(&sheet, header, COLUMNS, diag))
        return NULL;
    struct places *places = arena_take(arena, sizeof *places);
    places->source = sheet.source;
    places->records = arena_take(arena, sheet.count * sizeof *places->records);
    for (uint32_t i = 1; i < sheet.count; i++)
        if (sheet_fits(&sheet, &sheet.rows[i], COLUMNS, diag) &&
            read_row(&sheet, &sheet.rows[i], diag, &places->records[places->count]))
            places->count++;
    sort_records(places, arena);
    check_tree(&sheet, places, diag);
    set_limits(places);
    places->names = names_build(places, arena);
    return places->count > 0 ? places : NULL;
}

/* -- looking
 * -----------------------------------------------------------------------------------
 */

static const struct record *record_at(const struct places *places, struct place place)
{
    CHECK(place.index < places->count);
    return &places->records[place.index];
}

static const struct node *node_at(const struct places *places, struct place place)
{
    CHECK(place.index < places->count);
    return &places->nodes[place.index];
}

uint32_t places_count(const struct places *places)
{
    return places->count;
}

struct span places_source(const struct places *places)
{
    return places->source;
}

bool places_have_province(const struct places *places)
{
    return record_at(places, (struct place){0})->level == PROVINCE;
}

enum tier place_tier(const struct places *places, struct place place)
{
    return node_at(places, place)->tier;
}

struct place place_parent(const struct places *places, struct place place)
{
    return (struct place){node_at(places, place)->parent};
}

uint32_t place_limit(const struct places *places, struct place place)
{
    return node_at(places, place)->limit;
}

bool place_is_within(const struct places *places, struct place place, struct place above)
{
    return place.index >= above.index && place.index < place_limit(places, above);
}

struct place place_at_tier(const struct places *places, struct place place, enum tier tier)
{
    while (node_at(places, place)->tier > tier)
        place = place_parent(places, place);
    return place;
}

struct span place_code(const struct places *places, struct place place)
{
    const struct record *record = record_at(places, place);
    return span_of(record->code12, code_digits[record->level]);
}

struct span place_code12(const struct places *places, struct place place)
{
    return span_of(record_at(places, place)->code12, PLACE_CODE_BYTES);
}

struct span place_name(const struct places *places, struct place place)
{
    return record_at(places, place)->name;
}

struct span place_short_name(const struct places *places, struct place place)
{
    return record_at(places, place)->short_name;
}

struct span place_kind(const struct places *places, struct place place)
{
    return record_at(places, place)->kind;
}

size_t place_path(const struct places *places, struct place place, char *path)
{
    struct place chain[TIER_COUNT];
    uint32_t count = 0;
    size_t bytes = 0;
    for (; !place_is_none(place); place = place_parent(places, place))
        chain[count++] = place;
    path[0] = '\0';
    while (count-- > 0) {
        struct span name = place_name(places, chain[count]);
        bytes += (size_t)snprintf(path + bytes, PLACE_PATH_BYTES_MAX - bytes, "%s%.*s",
                                  bytes == 0 ? "" : "/", SPAN_ARG(name));
    }
    return bytes;
}

struct place places_find_code(const struct places *places, struct span code)
{
    if (level_of(code) == NO_LEVEL || !place_looks_like_code(code))
        return PLACE_NONE;
    return find(places, code);
}

enum resolution places_resolve(const struct places *places, struct span path,
                               struct place_candidates *candidates)
{
    return path_resolve(places->names, places, path, candidates);
}

const struct names *places_names(const struct places *places)
{
    return places->names;
}
