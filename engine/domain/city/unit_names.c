#include "domain/city/unit_names.h"

#include "base/check.h"
#include "domain/text/fold.h"

#include <stdio.h>
#include <stdlib.h>

enum { FORMS_MAX = 16, BARE_MAX = 4 };

struct unit_names {
    struct unit_name *list;
    uint32_t count;
    size_t longest;
};

/* What one unit is called. */
struct forms {
    struct span texts[FORMS_MAX];
    uint32_t count;
};

struct building {
    const struct city *city;
    struct arena *arena;
    struct name_range *of_place; /* in by_place */
    const struct name **by_place;
};

/* -- the names of each place ------------------------------------------------------------------- */

static void sort_by_place(struct building *building)
{
    const struct places *places = city_places(building->city);
    const struct names *names = places_names(places);
    uint32_t places_all = places_count(places);
    building->of_place = arena_take(building->arena, places_all * sizeof *building->of_place);
    building->by_place =
        arena_take(building->arena, names_count(names) * sizeof *building->by_place);
    for (uint32_t i = 0; i < names_count(names); i++)
        building->of_place[names_at(names, i)->place.index].limit++;
    for (uint32_t p = 0, used = 0; p < places_all; p++) {
        uint32_t count = building->of_place[p].limit;
        building->of_place[p] = (struct name_range){used, used};
        used += count;
    }
    for (uint32_t i = 0; i < names_count(names); i++) {
        const struct name *name = names_at(names, i);
        building->by_place[building->of_place[name->place.index].limit++] = name;
    }
}

/* -- what follows from a name ------------------------------------------------------------------ */

static void add(struct forms *forms, struct span text)
{
    for (uint32_t i = 0; i < forms->count; i++)
        if (span_equal(forms->texts[i], text))
            return;
    CHECK(forms->count < FORMS_MAX);
    forms->texts[forms->count++] = text;
}

static struct span join(struct span front, struct span back, struct arena *arena)
{
    uint8_t *text = arena_take(arena, front.bytes + back.bytes + 1);
    memcpy(text, front.data, front.bytes);
    memcpy(text + front.bytes, back.data, back.bytes);
    return span_of(text, front.bytes + back.bytes);
}

/* For a text that ends so, the same with another end. */
static void add_ending(struct forms *forms, struct span text, const char *ending,
                       const char *instead, struct arena *arena)
{
    size_t bytes = strlen(ending);
    if (span_ends_with(text, span_of_string(ending)))
        add(forms, join(span_of(text.data, text.bytes - bytes), span_of_string(instead), arena));
}

static const struct name *full_name(const struct building *building, struct place place)
{
    struct name_range range = building->of_place[place.index];
    for (uint32_t i = range.first; i < range.limit; i++)
        if (building->by_place[i]->form == NAME_FULL)
            return building->by_place[i];
    return NULL;
}

/* The place's other names in front: 夹江 for 夹江县. */
static void add_fronts(struct forms *forms, const struct building *building, struct place place,
                       struct span text)
{
    struct name_range range = building->of_place[place.index];
    const struct name *full = full_name(building, place);
    if (full == NULL || !span_starts_with(text, full->text))
        return;
    struct span rest = span_of(text.data + full->text.bytes, text.bytes - full->text.bytes);
    for (uint32_t i = range.first; i < range.limit && rest.bytes > 0; i++)
        if (building->by_place[i] != full)
            add(forms, join(building->by_place[i]->text, rest, building->arena));
}

static bool is_committee(struct span text)
{
    return span_ends_with(text, span_of_string("委会")) ||
           span_ends_with(text, span_of_string("委员会"));
}

static void add_committees(struct forms *forms, const struct building *building, struct place place)
{
    struct name_range range = building->of_place[place.index];
    for (uint32_t i = range.first; i < range.limit; i++)
        if (is_committee(building->by_place[i]->text))
            add(forms, building->by_place[i]->text);
}

static bool names_the_place(const struct building *building, struct place place, struct span text)
{
    const struct name *full = full_name(building, place);
    return full != NULL && span_equal(full->text, text);
}

/* Without the name of the place's city in front, if the place is below that. */
static void add_without_city(struct forms *forms, const struct building *building,
                             struct place place, struct span text)
{
    const struct places *places = city_places(building->city);
    const struct name *city = full_name(building, place_at_tier(places, place, TIER_CITY));
    if (place_tier(places, place) > TIER_CITY && city != NULL && text.bytes > city->text.bytes &&
        span_starts_with(text, city->text))
        add(forms, span_of(text.data + city->text.bytes, text.bytes - city->text.bytes));
}

static struct forms list_forms(const struct building *building, struct unit unit)
{
    struct forms forms = {.count = 0};
    const struct places *places = city_places(building->city);
    struct place place = unit_place(building->city, unit);
    struct span name = unit_name(building->city, unit);
    uint8_t *copy = arena_take(building->arena, name.bytes + 1);
    struct span text = span_of(copy, fold(name, copy));
    if (names_the_place(building, place, text)) {
        add_committees(&forms, building, place);
        return forms;
    }
    add(&forms, text);
    add_without_city(&forms, building, place, text);
    for (uint32_t i = 0, whole = forms.count; i < whole; i++) {
        struct span form = forms.texts[i];
        if (place_tier(places, place) <= TIER_COUNTY)
            add_fronts(&forms, building, place, form);
        add_ending(&forms, form, "人民政府", "政府", building->arena);
        add_ending(&forms, form, "街道办事处", "街道办", building->arena);
        add_ending(&forms, form, "街道办事处", "街办", building->arena);
    }
    return forms;
}

/* -- building and looking ---------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    const struct unit_name *left = a;
    const struct unit_name *right = b;
    int order = span_compare(left->text, right->text);
    return order != 0
               ? order
               : (left->unit.index > right->unit.index) - (left->unit.index < right->unit.index);
}

const struct unit_names *unit_names_build(const struct city *city, struct arena *arena)
{
    struct unit_names *names = arena_take(arena, sizeof *names);
    struct building building = {.city = city, .arena = arena};
    sort_by_place(&building);
    names->list = arena_take(arena, (size_t)city_units(city) * FORMS_MAX * sizeof *names->list);
    for (uint32_t i = 0; i < city_units(city); i++) {
        struct forms forms = list_forms(&building, (struct unit){i});
        for (uint32_t j = 0; j < forms.count; j++) {
            names->list[names->count++] = (struct unit_name){forms.texts[j], {i}};
            if (forms.texts[j].bytes > names->longest)
                names->longest = forms.texts[j].bytes;
        }
    }
    qsort(names->list, names->count, sizeof *names->list, by_text);
    return names;
}

uint32_t unit_names_count(const struct unit_names *names)
{
    return names->count;
}

const struct unit_name *unit_names_at(const struct unit_names *names, uint32_t index)
{
    CHECK(index < names->count);
    return &names->list[index];
}

static struct span text_at(const void *list, uint32_t index)
{
    return ((const struct unit_name *)list)[index].text;
}

struct name_range unit_names_find(const struct unit_names *names, struct span text)
{
    return name_range_find(names->list, names->count, text_at, text);
}

size_t unit_names_longest(const struct unit_names *names)
{
    return names->longest;
}
