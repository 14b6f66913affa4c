/* comparison_json - the same for programs: nothing is cut off. */
#include "base/check.h"
#include "domain/city/date.h"
#include "tools/compare/comparison.h"

#include <jansson.h>
#include <stdlib.h>

static const char *const side_names[SIDES] = {"old", "new"};

/* A member by its name and the side's: "old_row". */
static void set_of_side(json_t *object, enum side side, const char *what, json_t *value)
{
    char name[32];
    snprintf(name, sizeof name, "%s%s", side_names[side], what);
    json_object_set_new(object, name, value);
}

static json_t *text_of(struct span span)
{
    return json_stringn((const char *)span.data, span.bytes);
}

static json_t *samples_of(const struct comparison *comparison, const struct samples *samples)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < samples->count; i++) {
        json_t *sample = json_object();
        sampler_read(comparison->sampler, samples->serials[i]);
        json_object_set_new(sample, "ticket", json_string(comparison->sampler->number));
        if (comparison->sampler->titles)
            json_object_set_new(sample, "title", json_string(comparison->sampler->title));
        json_array_append_new(list, sample);
    }
    return list;
}

/* The key of a unit, or a disposition; and its name. */
static void set_end(json_t *object, const struct pair *pair, uint32_t end, const char *name,
                    const char *label)
{
    uint32_t disposition = (uint32_t)change_end_disposition(pair, end);
    bool is_unit = change_end_is_unit(pair, end);
    json_object_set_new(object, name,
                        is_unit ? text_of(pair_unit_key(pair, end))
                                : json_string(word_name(&disposition_words, disposition)));
    json_object_set_new(object, label,
                        is_unit ? text_of(pair_unit_name(pair, end))
                                : json_string(word_label(&disposition_words, disposition)));
}

static void set_values(json_t *object, const struct pair *pair, const struct change *key)
{
    char text[CHANGE_TEXT_BYTES_MAX];
    if (key->aspect == ASPECT_WHERE) {
        set_end(object, pair, key->values[SIDE_OLD].words[0], "old", "old_name");
        set_end(object, pair, key->values[SIDE_NEW].words[0], "new", "new_name");
        return;
    }
    for (enum side side = 0; side < SIDES; side++) {
        change_value_text(pair, key->aspect, &key->values[side], text);
        set_of_side(object, side, "", json_string(text));
    }
}

static void set_tiers(json_t *object, const struct change *key)
{
    for (enum side side = 0; side < SIDES; side++)
        set_of_side(object, side, "", json_string(groups_tier_name(key->values[side].words[0])));
}

static void set_category(json_t *object, const struct pair *pair, uint32_t category)
{
    if (category == COMMON_NONE)
        return;
    json_object_set_new(object, "category", text_of(pair_category_code(pair, category)));
    json_object_set_new(object, "name", text_of(pair_category_name(pair, category)));
}

static json_t *groups_of(const struct comparison *comparison, uint32_t aspect, uint32_t keep,
                         const struct group *of, uint32_t of_keep)
{
    const struct difference *difference = comparison->difference;
    const struct pair *pair = difference->pair;
    struct groups groups = groups_fold(pair, &difference->groups, aspect, keep, of, of_keep);
    json_t *list = json_array();
    for (uint32_t i = 0; i < groups.count; i++) {
        const struct group *group = &groups.list[i];
        json_t *object = json_object();
        json_object_set_new(object, "tickets", json_integer((json_int_t)group->count));
        if (keep & KEEP_TIERS)
            set_tiers(object, &group->key);
        if (keep & KEEP_CATEGORY)
            set_category(object, pair, group->key.category);
        if (keep & KEEP_VALUES)
            set_values(object, pair, &group->key);
        for (enum side side = 0; side < SIDES && keep & KEEP_ROWS; side++)
            set_of_side(object, side, "_row",
                        text_of(change_row_text(pair, side, group->key.rows[side])));
        if (keep == KEEP_ROWS)
            json_object_set_new(object, "units",
                                groups_of(comparison, aspect, KEEP_VALUES, group, keep));
        if (of == NULL)
            json_object_set_new(object, "samples", samples_of(comparison, &group->samples));
        json_array_append_new(list, object);
    }
    groups_free(&groups);
    return list;
}

static json_t *where_of(const struct comparison *comparison)
{
    json_t *object = json_object();
    json_object_set_new(object, "by_row", groups_of(comparison, ASPECT_WHERE, KEEP_ROWS, NULL, 0));
    json_object_set_new(object, "by_unit",
                        groups_of(comparison, ASPECT_WHERE, KEEP_VALUES, NULL, 0));
    json_object_set_new(object, "by_tier",
                        groups_of(comparison, ASPECT_WHERE, KEEP_TIERS, NULL, 0));
    json_object_set_new(object, "by_category",
                        groups_of(comparison, ASPECT_WHERE, KEEP_CATEGORY, NULL, 0));
    return object;
}

static json_t *loads_of(const struct difference *difference)
{
    json_t *list = json_array();
    for (uint32_t end = 0; end < change_ends(difference->pair); end++) {
        uint64_t before = difference->loads[SIDE_OLD][end];
        uint64_t after = difference->loads[SIDE_NEW][end];
        if (before + after == 0)
            continue;
        json_t *object = json_object();
        set_end(object, difference->pair, end, "unit", "name");
        json_object_set_new(object, "before", json_integer((json_int_t)before));
        json_object_set_new(object, "after", json_integer((json_int_t)after));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *cells_of(const struct edit *edit)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < edit->cells_count; i++) {
        json_t *cell = json_object();
        json_object_set_new(cell, "column", text_of(edit->cells[i].label));
        json_object_set_new(cell, "old", text_of(edit->cells[i].before));
        json_object_set_new(cell, "new", text_of(edit->cells[i].after));
        json_array_append_new(list, cell);
    }
    return list;
}

static json_t *edits_of(const struct edits *edits)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < edits->count; i++) {
        json_t *edit = json_object();
        json_object_set_new(edit, "file", json_string(edits->list[i].file));
        json_object_set_new(edit, "row", text_of(edits->list[i].row));
        json_object_set_new(edit, "edit", json_string(edit_kind_names[edits->list[i].kind]));
        if (edits->list[i].cells_count > 0)
            json_object_set_new(edit, "cells", cells_of(&edits->list[i]));
        json_array_append_new(list, edit);
    }
    return list;
}

static void set_totals(json_t *object, const struct difference *difference)
{
    char text[DATE_BYTES_MAX];
    int32_t first, last;
    json_t *aspects = json_object();
    if (comparison_days(difference, &first, &last)) {
        date_format(first, text);
        json_object_set_new(object, "first_day", json_string(text));
        date_format(last, text);
        json_object_set_new(object, "last_day", json_string(text));
    }
    json_object_set_new(object, "tickets", json_integer((json_int_t)difference->tickets));
    json_object_set_new(object, "erased", json_integer((json_int_t)difference->erased));
    json_object_set_new(object, "attached", json_integer((json_int_t)difference->attached));
    json_object_set_new(object, "changed", json_integer((json_int_t)difference->changed));
    json_object_set_new(object, "by_other_rows",
                        json_integer((json_int_t)difference->by_other_rows));
    for (uint32_t i = 0; i < ASPECTS; i++)
        json_object_set_new(aspects, aspect_kinds[i].name,
                            json_integer((json_int_t)difference->aspects[i]));
    json_object_set_new(object, "aspects", aspects);
}

void comparison_print_json(const struct comparison *comparison, FILE *out)
{
    const struct difference *difference = comparison->difference;
    json_t *object = json_object();
    for (enum side side = 0; side < SIDES; side++) {
        json_t *book = json_object();
        json_object_set_new(book, "book", json_string(comparison->books[side]));
        json_object_set_new(book, "hash", json_string(comparison->hashes[side]));
        json_object_set_new(book, "not_resolved",
                            json_integer((json_int_t)difference->not_resolved[side]));
        set_of_side(object, side, "", book);
    }
    json_object_set_new(object, "store", json_string(comparison->store));
    json_object_set_new(object, "edits", edits_of(comparison->edits));
    set_totals(object, difference);
    json_object_set_new(object, aspect_kinds[ASPECT_WHERE].name, where_of(comparison));
    for (uint32_t i = ASPECT_WHERE + 1; i < ASPECTS; i++)
        json_object_set_new(object, aspect_kinds[i].name,
                            groups_of(comparison, i, KEEP_VALUES | KEEP_ROWS, NULL, 0));
    json_object_set_new(object, "loads", loads_of(difference));
    char *line = json_dumps(object, JSON_COMPACT);
    CHECK(line != NULL);
    fprintf(out, "%s\n", line);
    free(line);
    json_decref(object);
}
