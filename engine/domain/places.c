#include "domain/places.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAMES_MAX = 4, STEPS_MAX = 8 };

struct record {
    uint64_t code; /* as 12 digits */
    uint32_t parent;
    uint32_t limit; /* of the subtree */
    enum tier tier;
    char code12[PLACE_CODE_BYTES];
    struct span name, kind;
    struct span names[NAMES_MAX]; /* the full one first */
    uint32_t names_count;
    struct cell where;
};

/* One name of one place; sorted by name, so that all who bear it stand together. */
struct bearer {
    struct span name;
    uint32_t index;
    bool full;
};

struct places {
    struct span source;
    struct record *records;
    uint32_t count;
    struct bearer *bearers;
    uint32_t bearers_count;
};

static const uint8_t code_digits[TIER_COUNT] = {0, 4, 6, 9, 12};

/* Endings that people leave out, longest first. A village committee is also called by its village.
 */
static const struct {
    const char *ending, *instead;
} endings[] = {
    {"彝族自治县", ""}, {"居委会", ""}, {"村委会", "村"}, {"村委会", ""}, {"街道", ""},
    {"县", ""},         {"区", ""},     {"市", ""},       {"镇", ""},     {"乡", ""},
};

/* -- reading ----------------------------------------------------------------------------------- */

bool place_looks_like_code(struct span text)
{
    for (size_t i = 0; i < text.bytes; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.bytes > 0;
}

static enum tier tier_of_digits(size_t digits)
{
    for (uint32_t tier = TIER_CITY; tier < TIER_COUNT; tier++)
        if (code_digits[tier] == digits)
            return (enum tier)tier;
    return TIER_NONE;
}

static uint64_t widen(struct span code)
{
    uint64_t value = 0;
    for (size_t i = 0; i < PLACE_CODE_BYTES; i++)
        value = value * 10 + (i < code.bytes ? (uint64_t)(code.data[i] - '0') : 0);
    return value;
}

/* The code of the next higher tier: the same digits, fewer of them. */
static uint64_t parent_code(const struct record *record)
{
    return widen(span_of(record->code12, code_digits[record->tier - 1]));
}

static void add_name(struct record *record, struct span name)
{
    for (uint32_t i = 0; i < record->names_count; i++)
        if (span_equal(record->names[i], name))
            return;
    if (name.bytes > 0 && record->names_count < NAMES_MAX)
        record->names[record->names_count++] = name;
}

static void add_short_names(struct record *record, struct arena *arena)
{
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct span ending = span_of_string(endings[i].ending);
        struct span name = record->name;
        if (name.bytes <= ending.bytes ||
            !span_is(span_of(name.data + name.bytes - ending.bytes, ending.bytes),
                     endings[i].ending))
            continue;
        char text[PLACE_PATH_BYTES_MAX];
        int bytes = snprintf(text, sizeof text, "%.*s%s", (int)(name.bytes - ending.bytes),
                             (const char *)name.data, endings[i].instead);
        struct span made = span_of(text, (size_t)bytes);
        /* One character left over is no name that anybody uses. */
        if (made.bytes >= 6)
            add_name(record, span_of(arena_copy(arena, made), made.bytes));
    }
}

static bool read_row(const struct sheet *sheet, const struct sheet_row *row, struct arena *arena,
                     struct diag *diag, struct record *record)
{
    struct cell code = row->cells[0];
    struct cell name = row->cells[1];
    enum tier tier = tier_of_digits(code.text.bytes);
    if (!place_looks_like_code(code.text) || tier == TIER_NONE) {
        sheet_complain(sheet, code, diag,
                       "'%.*s' is no place code; they have 4 digits (city), 6 (county), 9 "
                       "(township) or 12 (village)",
                       SPAN_ARG(code.text));
        return false;
    }
    if (name.text.bytes == 0 || name.text.bytes > 128) {
        sheet_complain(sheet, name, diag, "place %.*s needs a name of at most 128 bytes",
                       SPAN_ARG(code.text));
        return false;
    }
    *record = (struct record){.code = widen(code.text),
                              .tier = tier,
                              .name = name.text,
                              .kind = row->cells[2].text,
                              .where = code};
    char digits[PLACE_CODE_BYTES + 1];
    snprintf(digits, sizeof digits, "%012llu", (unsigned long long)record->code);
    memcpy(record->code12, digits, PLACE_CODE_BYTES);
    add_name(record, name.text);
    add_name(record, row->cells[3].text);
    add_short_names(record, arena);
    return true;
}

static int by_code(const void *a, const void *b)
{
    const struct record *left = a;
    const struct record *right = b;
    if (left->code != right->code)
        return left->code < right->code ? -1 : 1;
    return (int)left->tier - (int)right->tier;
}

static struct place find(const struct places *places, uint64_t code)
{
    uint32_t low = 0;
    uint32_t high = places->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (places->records[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == places->count || places->records[low].code != code)
        return PLACE_NONE;
    return (struct place){low};
}

static void check_tree(const struct sheet *sheet, struct places *places, struct diag *diag)
{
    for (uint32_t i = 0; i < places->count; i++) {
        struct record *record = &places->records[i];
        record->parent = UINT32_MAX;
        if (i > 0 && record->code == places->records[i - 1].code) {
            sheet_complain(sheet, record->where, diag, "place %.12s stands here twice (line %u)",
                           record->code12, places->records[i - 1].where.line);
            continue;
        }
        if (record->tier == TIER_CITY) {
            if (i > 0)
                sheet_complain(sheet, record->where, diag,
                               "a second city, %.12s; a directory holds one", record->code12);
            continue;
        }
        struct place parent = find(places, parent_code(record));
        if (place_is_none(parent) || places->records[parent.index].tier + 1 != record->tier)
            sheet_complain(sheet, record->where, diag,
                           "place %.12s has no parent here; add the line of %012llu, or mend the "
                           "code",
                           record->code12, (unsigned long long)parent_code(record));
        else
            record->parent = parent.index;
    }
    if (places->count == 0 || places->records[0].tier != TIER_CITY)
        diag_add(diag, sheet->path, 0, 0, "there is no city; add a line with a code of 4 digits");
}

/* In the order of codes all places of a subtree follow its root. */
static void set_limits(struct places *places)
{
    for (uint32_t i = places->count; i-- > 0;) {
        struct record *record = &places->records[i];
        if (record->limit == 0)
            record->limit = i + 1;
        if (record->parent != UINT32_MAX && places->records[record->parent].limit < record->limit)
            places->records[record->parent].limit = record->limit;
    }
}

static int by_name(const void *a, const void *b)
{
    const struct bearer *left = a;
    const struct bearer *right = b;
    int order = span_compare(left->name, right->name);
    if (order != 0)
        return order;
    return (left->index > right->index) - (left->index < right->index);
}

static void index_names(struct places *places, struct arena *arena)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < places->count; i++)
        count += places->records[i].names_count;
    places->bearers = arena_take(arena, count * sizeof *places->bearers);
    for (uint32_t i = 0; i < places->count; i++)
        for (uint32_t j = 0; j < places->records[i].names_count; j++)
            places->bearers[places->bearers_count++] =
                (struct bearer){places->records[i].names[j], i, j == 0};
    qsort(places->bearers, count, sizeof *places->bearers, by_name);
}

const struct places *places_load(const char *directory, struct arena *arena, struct diag *diag)
{
    static const char *const header[] = {"code", "name", "kind", "short_name"};
    char path[1024];
    struct sheet sheet;
    snprintf(path, sizeof path, "%s/places.csv", directory);
    if (sheet_read(path, arena, diag, &sheet) != OK || !sheet_has_header(&sheet, header, 4, diag))
        return NULL;
    struct places *places = arena_take(arena, sizeof *places);
    places->source = sheet.source;
    places->records = arena_take(arena, sheet.count * sizeof *places->records);
    for (uint32_t i = 1; i < sheet.count; i++)
        if (sheet_fits(&sheet, &sheet.rows[i], 4, diag) &&
            read_row(&sheet, &sheet.rows[i], arena, diag, &places->records[places->count]))
            places->count++;
    qsort(places->records, places->count, sizeof *places->records, by_code);
    check_tree(&sheet, places, diag);
    set_limits(places);
    index_names(places, arena);
    return places->count > 0 ? places : NULL;
}

/* -- looking ----------------------------------------------------------------------------------- */

static const struct record *record_at(const struct places *places, struct place place)
{
    CHECK(place.index < places->count);
    return &places->records[place.index];
}

uint32_t places_count(const struct places *places)
{
    return places->count;
}

struct span places_source(const struct places *places)
{
    return places->source;
}

enum tier place_tier(const struct places *places, struct place place)
{
    return record_at(places, place)->tier;
}

struct place place_parent(const struct places *places, struct place place)
{
    return (struct place){record_at(places, place)->parent};
}

uint32_t place_limit(const struct places *places, struct place place)
{
    return record_at(places, place)->limit;
}

struct place place_at_tier(const struct places *places, struct place place, enum tier tier)
{
    while (record_at(places, place)->tier > tier)
        place = place_parent(places, place);
    return place;
}

struct span place_code(const struct places *places, struct place place)
{
    const struct record *record = record_at(places, place);
    return span_of(record->code12, code_digits[record->tier]);
}

struct span place_code12(const struct places *places, struct place place)
{
    return span_of(record_at(places, place)->code12, PLACE_CODE_BYTES);
}

struct span place_name(const struct places *places, struct place place)
{
    return record_at(places, place)->name;
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
    while (count-- > 0 && bytes < PLACE_PATH_BYTES_MAX) {
        struct span name = place_name(places, chain[count]);
        bytes += (size_t)snprintf(path + bytes, PLACE_PATH_BYTES_MAX - bytes, "%s%.*s",
                                  bytes == 0 ? "" : "/", SPAN_ARG(name));
    }
    return bytes < PLACE_PATH_BYTES_MAX ? bytes : PLACE_PATH_BYTES_MAX - 1;
}

struct place places_find_code(const struct places *places, struct span code)
{
    if (tier_of_digits(code.bytes) == TIER_NONE || !place_looks_like_code(code))
        return PLACE_NONE;
    return find(places, widen(code));
}

static uint32_t first_bearer(const struct places *places, struct span name)
{
    uint32_t low = 0;
    uint32_t high = places->bearers_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (span_compare(places->bearers[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool bears(const struct record *record, struct span name)
{
    for (uint32_t i = 0; i < record->names_count; i++)
        if (span_equal(record->names[i], name))
            return true;
    return false;
}

/* Do the steps above the last name ancestors of the place, in order, perhaps with gaps? */
static bool stands_below(const struct places *places, struct place place, const struct span *steps,
                         uint32_t steps_count)
{
    while (steps_count > 0) {
        place = place_parent(places, place);
        if (place_is_none(place))
            return false;
        if (bears(record_at(places, place), steps[steps_count - 1]))
            steps_count--;
    }
    return true;
}

static uint32_t split_path(struct span path, struct span *steps)
{
    uint32_t count = 0;
    size_t start = 0;
    for (size_t i = 0; i <= path.bytes; i++) {
        if (i < path.bytes && path.data[i] != '/')
            continue;
        if (i > start) {
            if (count == STEPS_MAX)
                return 0;
            steps[count++] = span_of(path.data + start, i - start);
        }
        start = i + 1;
    }
    return count;
}

static void collect(const struct places *places, const struct span *steps, uint32_t count,
                    bool full_only, struct place_candidates *candidates)
{
    struct span last = steps[count - 1];
    candidates->count = 0;
    for (uint32_t i = first_bearer(places, last);
         i < places->bearers_count && span_equal(places->bearers[i].name, last); i++) {
        struct place place = {places->bearers[i].index};
        if ((full_only && !places->bearers[i].full) ||
            !stands_below(places, place, steps, count - 1))
            continue;
        if (candidates->count < PLACE_CANDIDATES_MAX)
            candidates->places[candidates->count] = place;
        candidates->count++;
    }
}

enum resolution places_resolve(const struct places *places, struct span path,
                               struct place_candidates *candidates)
{
    struct span steps[STEPS_MAX];
    uint32_t count = split_path(path, steps);
    candidates->count = 0;
    if (count == 0)
        return RESOLVED_NOTHING;
    collect(places, steps, count, true, candidates);
    if (candidates->count == 0)
        collect(places, steps, count, false, candidates);
    return candidates->count == 0   ? RESOLVED_NOTHING
           : candidates->count == 1 ? RESOLVED
                                    : RESOLVED_AMBIGUOUS;
}
