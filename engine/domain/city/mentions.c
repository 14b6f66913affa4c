#include "domain/city/mentions.h"

#include "domain/city/context.h"

/* -- which names stand there ------------------------------------------------------------------- */

static const struct entry *entry_of(const struct hints *hints, uint32_t keyword)
{
    bool known = keyword < hints->entries_count && hints->entries[keyword].senses_count > 0;
    return known ? &hints->entries[keyword] : NULL;
}

/* Makes room for a hit: by their beginnings, the longest first. */
static struct mention *insert(struct mentions *mentions, const struct name_hit *hit)
{
    uint32_t at = mentions->count++;
    for (; at > 0; at--) {
        const struct mention *before = &mentions->list[at - 1];
        if (before->first < hit->first ||
            (before->first == hit->first && before->limit >= hit->limit))
            break;
        mentions->list[at] = *before;
    }
    return &mentions->list[at];
}

/* Most are kept, and stay where they are. */
static void keep(struct mentions *mentions, uint32_t from, uint32_t to)
{
    if (from != to)
        mentions->list[to] = mentions->list[from];
}

static uint64_t all_senses(const struct entry *entry)
{
    return entry->senses_count == SENSES_MAX ? UINT64_MAX
                                             : ((uint64_t)1 << entry->senses_count) - 1;
}

static const struct sense *sense_at(const struct hints *hints, const struct entry *entry,
                                    uint32_t bit)
{
    return &hints->senses[entry->senses + bit];
}

static bool share_a_place(const struct hints *hints, const struct entry *a, const struct entry *b)
{
    for (uint32_t i = 0; i < a->senses_count; i++)
        for (uint32_t j = 0; j < b->senses_count; j++)
            if (sense_at(hints, a, i)->place.index == sense_at(hints, b, j)->place.index)
                return true;
    return false;
}

/* Where a name reaches into the next one, another name of the same place may end just before:
 * 乐山市中区 is 乐山 and 市中区, not 乐山市 and 中区. */
static const struct mention *cut_short(const struct hints *hints, const struct mentions *mentions,
                                       uint32_t at, const struct mention *last)
{
    const struct mention *next = &mentions->list[at];
    for (uint32_t i = at; i-- > 0;) {
        const struct mention *shorter = &mentions->list[i];
        if (shorter->first < last->first)
            break;
        if (shorter->first == last->first && shorter->limit == next->first &&
            share_a_place(hints, shorter->entry, last->entry))
            return shorter;
    }
    return NULL;
}

/* Does a name begin at a byte that goes at least as far as the one that reaches over it?
 * 姚渡镇西江村 is 姚渡镇 and 西江村, though elsewhere there is a 镇西. */
static bool goes_on(const struct mentions *mentions, uint32_t at, uint32_t first)
{
    uint32_t limit = mentions->list[at].limit;
    for (uint32_t i = at + 1; i < mentions->count && mentions->list[i].first <= first; i++)
        if (mentions->list[i].first == first && mentions->list[i].limit >= limit)
            return true;
    return false;
}

/* A longer name hides those inside it, and the earlier one those that begin inside it. */
static void drop_hidden(const struct hints *hints, struct mentions *mentions)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < mentions->count; i++) {
        const struct mention *next = &mentions->list[i];
        struct mention *last = count > 0 ? &mentions->list[count - 1] : NULL;
        if (last != NULL && next->first < last->limit) {
            const struct mention *shorter =
                next->limit > last->limit && !goes_on(mentions, i, last->limit)
                    ? cut_short(hints, mentions, i, last)
                    : NULL;
            if (shorter == NULL)
                continue;
            *last = *shorter;
        }
        keep(mentions, i, count++);
    }
    mentions->count = count;
}

/* -- what they may mean ------------------------------------------------------------------------ */

static bool is_inside(const struct hints *hints, struct place place, struct place above)
{
    return place.index != above.index && place_is_within(city_places(hints->city), place, above);
}

/* The senses of one that lie inside some live sense of the other. */
static uint64_t senses_inside(const struct hints *hints, const struct mention *inner,
                              const struct mention *outer)
{
    uint64_t inside = 0;
    for (uint32_t i = 0; i < inner->entry->senses_count; i++)
        for (uint32_t j = 0; j < outer->entry->senses_count; j++)
            if (inner->live >> i & outer->live >> j & 1 &&
                is_inside(hints, sense_at(hints, inner->entry, i)->place,
                          sense_at(hints, outer->entry, j)->place))
                inside |= (uint64_t)1 << i;
    return inside;
}

struct surroundings {
    struct span before, name, behind;
    const struct mention *previous; /* that ends where this one begins; or NULL */
    bool followed;                  /* does the next name begin where this one ends? */
    bool foreign;                   /* does it stand below a county that is not the city's? */
    bool opened;                    /* may a village's name begin here? */
};

/* Fills what is its caller's: to copy it out would be to wait for each field just written. */
static void look_around(const struct hints *hints, struct span text, const struct mention *mention,
                        const struct mention *previous, const struct mention *next,
                        struct surroundings *around)
{
    around->before = span_of(text.data, mention->first);
    around->name = span_of(text.data + mention->first, mention->limit - mention->first);
    around->behind = span_of(text.data + mention->limit, text.bytes - mention->limit);
    around->previous = previous != NULL && previous->limit == mention->first ? previous : NULL;
    around->followed = next != NULL && next->first == mention->limit;
    bool known = around->previous != NULL || province_at_end(hints->province, around->before) > 0;
    around->foreign = !known && context_is_foreign(around->before);
    around->opened = known || context_opens(around->before);
}

/* Is a bare name a place's here? A village's never is, and has no sense. */
static bool bare_counts(const struct hints *hints, const struct mention *mention,
                        const struct sense *sense, const struct surroundings *around)
{
    const struct mention *previous = around->previous;
    if (place_tier(city_places(hints->city), sense->place) <= TIER_COUNTY)
        return around->followed || (!context_makes_other(around->behind) &&
                                    (previous != NULL || !context_binds_bare(around->before)));
    return previous != NULL && (around->followed || context_closes(around->behind)) &&
           (senses_inside(hints, mention, previous) >>
                (sense - sense_at(hints, mention->entry, 0)) &
            1) != 0;
}

static bool sense_counts(const struct hints *hints, const struct mention *mention,
                         const struct sense *sense, const struct surroundings *around)
{
    enum tier tier = place_tier(city_places(hints->city), sense->place);
    if (around->foreign && tier != TIER_CITY)
        return false;
    if (mention->entry->organ)
        return true;
    if (sense->form == NAME_BARE)
        return bare_counts(hints, mention, sense, around);
    if (tier == TIER_VILLAGE && around->previous == NULL &&
        (!around->opened || context_is_ordinary(around->name)))
        return false;
    return true;
}

static bool has_one_sense(const struct mention *mention)
{
    return (mention->live & (mention->live - 1)) == 0;
}

/* One name of a place and of what lies inside it: 沙湾 is the district, not its town. */
static void drop_inner(const struct hints *hints, struct mention *mention)
{
    if (!has_one_sense(mention))
        mention->live &= ~senses_inside(hints, mention, mention);
}

/* What stands directly behind an upper place lies in it, if anything of the name does; and the
 * upper one is one of those that have it. */
static void bind(const struct hints *hints, struct mention *previous, struct mention *mention)
{
    uint64_t inside = senses_inside(hints, mention, previous);
    mention->run = previous->run;
    if (inside == 0)
        return;
    mention->live = inside;
    uint64_t outside = 0;
    for (uint32_t i = 0; i < previous->entry->senses_count; i++) {
        struct mention one = *previous;
        one.live &= (uint64_t)1 << i;
        if (senses_inside(hints, mention, &one) == 0)
            outside |= (uint64_t)1 << i;
    }
    previous->live &= ~outside;
}

static void judge(const struct hints *hints, struct span text, struct mentions *mentions)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < mentions->count; i++) {
        struct mention *mention = &mentions->list[i];
        const struct mention *next = i + 1 < mentions->count ? &mentions->list[i + 1] : NULL;
        struct mention *previous = count > 0 ? &mentions->list[count - 1] : NULL;
        struct surroundings around;
        look_around(hints, text, mention, previous, next, &around);
        const struct entry *entry = mention->entry;
        if (around.previous == NULL && context_cuts_front(around.name, around.before))
            continue;
        if (!around.followed && context_cuts_back(around.name, around.behind))
            continue;
        for (uint32_t j = 0; j < entry->senses_count; j++)
            if (!sense_counts(hints, mention, sense_at(hints, entry, j), &around))
                mention->live &= ~((uint64_t)1 << j);
        if (mention->live == 0)
            continue;
        mention->organ = entry->organ || (!around.followed && context_is_organ(around.behind));
        if (previous != NULL && around.previous != NULL)
            bind(hints, previous, mention);
        drop_inner(hints, mention);
        keep(mentions, i, count++);
    }
    mentions->count = count;
}

/* In 夹江县漹城街道办事处 the county too is part of the office's name. */
static void spread_organs(const struct hints *hints, struct mentions *mentions)
{
    for (uint32_t i = mentions->count; i-- > 1;) {
        const struct mention *mention = &mentions->list[i];
        struct mention *before = &mentions->list[i - 1];
        if (mention->organ && before->limit == mention->first &&
            senses_inside(hints, mention, before) != 0)
            before->organ = true;
    }
}

/* A name that several bear means those of them that lie in another place named below the city. */
static void narrow(const struct hints *hints, struct mentions *mentions)
{
    for (uint32_t i = 0; i < mentions->count; i++) {
        struct mention *mention = &mentions->list[i];
        uint64_t inside = 0;
        if (has_one_sense(mention))
            continue;
        for (uint32_t j = 0; j < mentions->count; j++)
            if (sense_at(hints, mentions->list[j].entry, 0)->place.index != 0)
                inside |= senses_inside(hints, mention, &mentions->list[j]);
        if (inside != 0)
            mention->live = inside;
    }
}

void mentions_gather(const struct hints *hints, const struct text_names *names, uint32_t limit,
                     struct mentions *mentions)
{
    mentions->count = 0;
    for (uint32_t i = 0; i < names->count; i++) {
        const struct name_hit *hit = &names->list[i];
        const struct entry *entry = entry_of(hints, hit->keyword);
        if (entry != NULL && hit->first < limit && mentions->count < TEXT_NAMES_MAX)
            *insert(mentions, hit) = (struct mention){.first = hit->first,
                                                      .limit = hit->limit,
                                                      .run = hit->first,
                                                      .entry = entry,
                                                      .live = all_senses(entry)};
    }
    drop_hidden(hints, mentions);
    if (mentions->count > MENTIONS_MAX)
        mentions->count = MENTIONS_MAX;
    judge(hints, names->folded, mentions);
    spread_organs(hints, mentions);
    narrow(hints, mentions);
}
