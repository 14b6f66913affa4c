#include "base/utf8.h"
#include "domain/city/context.h"
#include "domain/text/fold.h"
#include "domain/city/mentions.h"

enum { PLACES_NOTED_MAX = 512, UNIT_TEXT_MAX = 1024 };

/* -- building ---------------------------------------------------------------------------------- */

/* A village's bare name is everywhere (新华, 红旗, 先锋), and 市中 is in 市中心. */
static bool may_mean(const struct places *places, const struct name *name)
{
    return name->form != NAME_BARE || (place_tier(places, name->place) != TIER_VILLAGE &&
                                       !span_starts_with(name->text, span_of_string("市")));
}

static void add_sense(struct hints *hints, struct entry *entry, struct sense sense)
{
    for (uint32_t i = 0; i < entry->senses_count; i++)
        if (hints->senses[entry->senses + i].place.index == sense.place.index)
            return;
    hints->senses[hints->senses_count++] = sense;
    entry->senses_count++;
}

/* Places that bear the text, and where units of that name are. */
static void add_senses(struct hints *hints, struct entry *entry, struct name_range named)
{
    const struct places *places = city_places(hints->city);
    bool full = false;
    for (uint32_t i = named.first; i < named.limit; i++) {
        const struct name *name = names_at(places_names(places), i);
        full |= name->form == NAME_FULL;
        if (may_mean(places, name))
            add_sense(hints, entry, (struct sense){name->place, name->form});
    }
    for (uint32_t i = 0; i < entry->units_count; i++) {
        struct unit unit = unit_names_at(hints->unit_names, entry->units + i)->unit;
        struct place place = unit_place(hints->city, unit);
        entry->organ |= !full && place_tier(places, place) != TIER_VILLAGE;
        add_sense(hints, entry, (struct sense){place, NAME_FULL});
    }
}

/* What bears the text becomes an entry, if it may be meant by it. */
static void add_entry(struct hints *hints, struct keywords *keywords, struct span text,
                      struct name_range named, struct name_range units)
{
    struct entry entry = {.senses = hints->senses_count,
                          .units = units.first,
                          .units_count = units.limit - units.first};
    uint32_t keyword = KEYWORD_NONE;
    add_senses(hints, &entry, named);
    if (entry.senses_count > 0 && entry.senses_count <= SENSES_MAX)
        keyword = keywords_add(keywords, text, true);
    if (keyword == KEYWORD_NONE)
        hints->senses_count = entry.senses;
    else
        hints->entries[keyword] = entry;
}

/* The lesser of the two texts at which the lists have arrived; one list may be at its end. */
static struct span next_text(const struct names *names, uint32_t at,
                             const struct unit_names *unit_names, uint32_t unit_at)
{
    if (unit_at == unit_names_count(unit_names))
        return names_at(names, at)->text;
    struct span of_unit = unit_names_at(unit_names, unit_at)->text;
    if (at == names_count(names))
        return of_unit;
    struct span of_place = names_at(names, at)->text;
    return span_compare(of_unit, of_place) < 0 ? of_unit : of_place;
}

/* Both lists are sorted by their texts, so they are gone through side by side. */
static void add_entries(struct hints *hints, struct keywords *keywords)
{
    const struct names *names = places_names(city_places(hints->city));
    const struct unit_names *unit_names = hints->unit_names;
    uint32_t at = 0;
    uint32_t unit_at = 0;
    while (at < names_count(names) || unit_at < unit_names_count(unit_names)) {
        struct span text = next_text(names, at, unit_names, unit_at);
        struct name_range named = names_find(names, text);
        struct name_range units = unit_names_find(unit_names, text);
        add_entry(hints, keywords, text, named, units);
        at = named.limit;
        unit_at = units.limit;
    }
}

const struct hints *hints_build(const struct city *city, struct keywords *keywords,
                                struct arena *arena)
{
    struct hints *hints = arena_take(arena, sizeof *hints);
    hints->city = city;
    hints->province = province_of(place_code(city_places(city), (struct place){0}));
    hints->unit_names = unit_names_build(city, arena);
    size_t room =
        (size_t)names_count(places_names(city_places(city))) + unit_names_count(hints->unit_names);
    hints->senses = arena_take(arena, room * sizeof *hints->senses);
    hints->entries = arena_take(arena, (keywords_count(keywords) + room) * sizeof *hints->entries);
    add_entries(hints, keywords);
    hints->entries_count = keywords_count(keywords);
    return hints;
}

/* -- places ------------------------------------------------------------------------------------ */

/* The places named, each once, in the order of the tree. */
struct noted {
    struct place places[PLACES_NOTED_MAX];
    uint32_t count;
};

/* What is one too many is not noted: so many agree on nothing anyhow. */
static void note(struct noted *noted, struct place place)
{
    uint32_t at = noted->count;
    while (at > 0 && noted->places[at - 1].index > place.index)
        at--;
    if ((at > 0 && noted->places[at - 1].index == place.index) || noted->count == PLACES_NOTED_MAX)
        return;
    memmove(&noted->places[at + 1], &noted->places[at],
            (noted->count - at) * sizeof *noted->places);
    noted->places[at] = place;
    noted->count++;
}

static void note_all(const struct hints *hints, const struct mentions *mentions, bool organs,
                     struct noted *noted)
{
    noted->count = 0;
    for (uint32_t i = 0; i < mentions->count; i++) {
        const struct mention *mention = &mentions->list[i];
        for (uint32_t j = 0; j < mention->entry->senses_count; j++) {
            struct place place = hints->senses[mention->entry->senses + j].place;
            if ((mention->live >> j & 1) != 0 && mention->organ == organs && place.index != 0)
                note(noted, place);
        }
    }
}

/* In the order of the tree a place with others inside it stands just before the first of them. */
static void drop_upper(const struct places *places, struct noted *noted)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < noted->count; i++)
        if (i + 1 == noted->count ||
            !place_is_within(places, noted->places[i + 1], noted->places[i]))
            noted->places[count++] = noted->places[i];
    noted->count = count;
}

static enum resolution agree(const struct places *places, const struct noted *noted,
                             struct place_candidates *candidates)
{
    struct place common = noted->places[0];
    for (uint32_t i = 1; i < noted->count; i++)
        while (!place_is_within(places, noted->places[i], common))
            common = place_parent(places, common);
    if (place_tier(places, common) > TIER_CITY || noted->count == 1) {
        *candidates = (struct place_candidates){.places = {common}, .count = 1};
        return RESOLVED;
    }
    candidates->count = noted->count;
    for (uint32_t i = 0; i < noted->count && i < PLACE_CANDIDATES_MAX; i++)
        candidates->places[i] = noted->places[i];
    return RESOLVED_AMBIGUOUS;
}

/* The place that the names before a byte of the text are about. */
static enum resolution look(const struct hints *hints, const struct text_names *names,
                            uint32_t limit, struct place_candidates *candidates)
{
    const struct places *places = city_places(hints->city);
    struct mentions mentions;
    struct noted noted;
    mentions_gather(hints, names, limit, &mentions);
    note_all(hints, &mentions, false, &noted);
    if (noted.count == 0)
        note_all(hints, &mentions, true, &noted);
    drop_upper(places, &noted);
    if (noted.count > 0)
        return agree(places, &noted, candidates);
    *candidates = (struct place_candidates){.places = {{0}}, .count = mentions.count > 0};
    return mentions.count > 0 ? RESOLVED : RESOLVED_NOTHING;
}

enum resolution hints_place(const struct hints *hints, const struct text_hits *hits,
                            struct place_candidates *candidates)
{
    const struct places *places = city_places(hints->city);
    const struct text_names *names = text_names(hits);
    struct span text = names->folded;
    const uint8_t *line_end = text.bytes > 0 ? memchr(text.data, '\n', text.bytes) : NULL;
    uint32_t address = line_end == NULL ? 0 : (uint32_t)(line_end - text.data);
    struct place_candidates of_address;
    enum resolution first = look(hints, names, address, &of_address);
    enum resolution all = look(hints, names, (uint32_t)text.bytes, candidates);
    bool in_city_only = first == RESOLVED && place_tier(places, of_address.places[0]) == TIER_CITY;
    if (first == RESOLVED_NOTHING || in_city_only ||
        (all == RESOLVED && (first == RESOLVED_AMBIGUOUS ||
                             place_is_within(places, candidates->places[0], of_address.places[0]))))
        return all;
    *candidates = of_address;
    return first;
}

/* -- units ------------------------------------------------------------------------------------- */

static bool is_live(const struct hints *hints, const struct mention *mention, struct place place)
{
    for (uint32_t i = 0; i < mention->entry->senses_count; i++)
        if ((mention->live >> i & 1) != 0 &&
            hints->senses[mention->entry->senses + i].place.index == place.index)
            return true;
    return false;
}

/* The one unit that the mention can mean, or UNIT_NONE. */
static struct unit only_unit(const struct hints *hints, const struct mention *mention)
{
    struct unit only = UNIT_NONE;
    for (uint32_t i = 0; i < mention->entry->units_count; i++) {
        struct unit unit = unit_names_at(hints->unit_names, mention->entry->units + i)->unit;
        if (!is_live(hints, mention, unit_place(hints->city, unit)))
            continue;
        if (only.index != UNIT_NONE.index)
            return UNIT_NONE;
        only = unit;
    }
    return only;
}

struct unit hints_unit(const struct hints *hints, const struct text_hits *hits)
{
    const struct text_names *names = text_names(hits);
    struct mentions mentions;
    mentions_gather(hints, names, (uint32_t)names->folded.bytes, &mentions);
    for (uint32_t i = 0; i < mentions.count; i++) {
        const struct mention *mention = &mentions.list[i];
        if (context_is_addressed(span_of(names->folded.data, mention->run)))
            continue;
        struct unit unit = only_unit(hints, mention);
        if (unit.index != UNIT_NONE.index)
            return unit;
    }
    return UNIT_NONE;
}

/* -- a unit at the start ----------------------------------------------------------------------- */

static bool is_on_one_path(const struct places *places, struct place a, struct place b)
{
    return place_is_within(places, a, b) || place_is_within(places, b, a);
}

/* Of the units with a name the one that lies there; or UNIT_NONE for none and for several. */
static struct unit unit_there(const struct hints *hints, struct name_range range,
                              struct place above, struct place place)
{
    const struct places *places = city_places(hints->city);
    struct unit found = UNIT_NONE;
    uint32_t count = 0;
    bool chosen = false;
    for (uint32_t i = range.first; i < range.limit; i++) {
        struct unit unit = unit_names_at(hints->unit_names, i)->unit;
        struct place seat = unit_place(hints->city, unit);
        bool there = !place_is_none(place) && is_on_one_path(places, seat, place);
        if (!place_is_within(places, seat, above) || (chosen && !there))
            continue;
        count = there && !chosen ? 1 : count + 1;
        chosen |= there;
        found = unit;
    }
    return count == 1 ? found : UNIT_NONE;
}

/* The longest name that the text begins with, of a unit inside a place. Its range may be empty. */
static struct name_range longest_unit(const struct hints *hints, struct span text,
                                      struct place above)
{
    const struct places *places = city_places(hints->city);
    size_t longest = unit_names_longest(hints->unit_names);
    for (size_t bytes = text.bytes < longest ? text.bytes : longest; bytes > 0; bytes--) {
        struct name_range range = unit_names_find(hints->unit_names, span_of(text.data, bytes));
        for (uint32_t i = range.first; i < range.limit; i++) {
            struct unit unit = unit_names_at(hints->unit_names, i)->unit;
            if (place_is_within(places, unit_place(hints->city, unit), above))
                return range;
        }
    }
    return (struct name_range){0, 0};
}

/* Steps over the longest name of one place inside `above`, which becomes that place. 0 bytes where
 * there is none, or several bear it. */
static size_t step_down(const struct hints *hints, struct span text, struct place *above)
{
    const struct places *places = city_places(hints->city);
    const struct names *names = places_names(places);
    size_t longest = names_longest(names);
    for (size_t bytes = text.bytes < longest ? text.bytes : longest; bytes > 0; bytes--) {
        struct name_range range = names_find(names, span_of(text.data, bytes));
        struct place only = PLACE_NONE;
        uint32_t count = 0;
        for (uint32_t i = range.first; i < range.limit; i++)
            if (place_is_within(places, names_at(names, i)->place, *above)) {
                only = names_at(names, i)->place;
                count++;
            }
        if (count != 1)
            continue;
        *above = only;
        return bytes;
    }
    return 0;
}

struct unit hints_unit_at_start(const struct hints *hints, struct span text, struct place place)
{
    uint8_t folded[UNIT_TEXT_MAX];
    struct place above = {0};
    text = utf8_clip(text, sizeof folded);
    text = span_of(folded, fold(text, folded));
    size_t at = province_at_start(hints->province, text);
    for (size_t step = 1; step > 0; at += step) {
        struct span rest = span_of(text.data + at, text.bytes - at);
        struct name_range range = longest_unit(hints, rest, above);
        if (range.first < range.limit)
            return unit_there(hints, range, above, place);
        step = step_down(hints, rest, &above);
    }
    return UNIT_NONE;
}
