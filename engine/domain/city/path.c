#include "domain/city/path.h"

#include "base/utf8.h"
#include "domain/city/context.h"
#include "domain/text/fold.h"
#include "domain/city/province.h"

enum { TEXT_MAX = 1024 };

struct walk {
    const struct names *names;
    const struct places *places;
    struct span text;                    /* folded */
    size_t end;                          /* of the last name, where that is furthest; 0: of none */
    bool full;                           /* is that name a full one? */
    struct place_candidates *candidates; /* those who bear it */
};

static struct span from(struct span text, size_t at)
{
    return span_of(text.data + at, text.bytes - at);
}

static size_t separator(struct span text)
{
    static const char *const list[] = {"/", ",", " ", ";", "-", ">", "、", "·"};
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        if (span_starts_with(text, span_of_string(list[i])))
            return strlen(list[i]);
    return 0;
}

/* Bytes of what may stand between two names. */
static size_t separators(struct span text)
{
    size_t at = 0;
    for (size_t bytes; (bytes = separator(from(text, at))) > 0;)
        at += bytes;
    return at;
}

static bool is_inside(const struct places *places, struct place place, struct place above)
{
    return place_is_none(above) ||
           (place.index != above.index && place_is_within(places, place, above));
}

/* May this be the last name, with all that stands behind it detail? */
static bool may_be_last(const struct walk *walk, const struct name *name, size_t limit)
{
    struct span behind = from(walk->text, limit);
    if (name->form != NAME_BARE)
        return !context_cuts_back(name->text, behind);
    if (behind.bytes == 0 || separators(behind) > 0)
        return true;
    return place_tier(walk->places, name->place) <= TIER_COUNTY && !context_makes_other(behind);
}

/* The furthest wins, and among those who bear the same name, who bears it in full. */
static void note(struct walk *walk, const struct name *name, size_t limit)
{
    struct place_candidates *candidates = walk->candidates;
    bool full = name->form == NAME_FULL;
    if (limit < walk->end || (limit == walk->end && walk->full && !full))
        return;
    if (limit > walk->end || full > walk->full)
        candidates->count = 0;
    walk->end = limit;
    walk->full = full;
    for (uint32_t i = 0; i < candidates->count && i < PLACE_CANDIDATES_MAX; i++)
        if (candidates->places[i].index == name->place.index)
            return;
    if (candidates->count < PLACE_CANDIDATES_MAX)
        candidates->places[candidates->count] = name->place;
    candidates->count++;
}

/* Tries every name that begins here and lies below what was named before; none but the longest may
 * be the last, since 峨眉山 hides 峨眉. Each step goes down the tree, which bounds the depth. */
static void walk_on(struct walk *walk, size_t at, struct place above)
{
    size_t room = walk->text.bytes - at;
    size_t longest = names_longest(walk->names);
    bool hidden = false;
    for (size_t bytes = room < longest ? room : longest; bytes > 0; bytes--) {
        struct name_range range = names_find(walk->names, span_of(walk->text.data + at, bytes));
        size_t limit = at + bytes;
        bool named = false;
        for (uint32_t i = range.first; i < range.limit; i++) {
            const struct name *name = names_at(walk->names, i);
            if (!is_inside(walk->places, name->place, above))
                continue;
            named = true;
            if (!hidden && may_be_last(walk, name, limit))
                note(walk, name, limit);
            walk_on(walk, limit + separators(from(walk->text, limit)), name->place);
        }
        hidden |= named;
    }
}

/* Does the text begin with a place's name that could be no road's? */
static bool names_a_place(const struct walk *walk, struct span text)
{
    for (size_t bytes = 1; bytes <= text.bytes && bytes <= names_longest(walk->names); bytes++) {
        struct span piece = span_of(text.data, bytes);
        struct name_range range = names_find(walk->names, piece);
        for (uint32_t i = range.first; i < range.limit; i++)
            if (names_at(walk->names, i)->form != NAME_BARE && !context_is_ordinary(piece) &&
                !context_cuts_back(piece, from(text, bytes)))
                return true;
    }
    return false;
}

/* Is what stands behind the last name detail? Not behind a slash, where a name stands or a mistake,
 * and not where it begins with a place that lies elsewhere. */
static bool is_detail(const struct walk *walk, struct span rest)
{
    size_t blank = separators(rest);
    if (blank == rest.bytes)
        return true;
    return memchr(rest.data, '/', rest.bytes) == NULL && !names_a_place(walk, from(rest, blank));
}

enum resolution path_resolve(const struct names *names, const struct places *places,
                             struct span text, struct place_candidates *candidates)
{
    uint8_t folded[TEXT_MAX];
    candidates->count = 0;
    if (text.bytes > TEXT_MAX || utf8_check(text) != text.bytes)
        return RESOLVED_NOTHING;
    struct walk walk = {.names = names, .places = places, .candidates = candidates};
    walk.text = span_of(folded, fold(text, folded));
    size_t at = separators(walk.text);
    at +=
        province_at_start(province_of(place_code(places, (struct place){0})), from(walk.text, at));
    at += separators(from(walk.text, at));
    walk_on(&walk, at, PLACE_NONE);
    if (!is_detail(&walk, from(walk.text, walk.end)))
        candidates->count = 0;
    return candidates->count == 0   ? RESOLVED_NOTHING
           : candidates->count == 1 ? RESOLVED
                                    : RESOLVED_AMBIGUOUS;
}
