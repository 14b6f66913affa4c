/* desk - the list of tickets that need a human. */
#include "base/check.h"
#include "base/utf8.h"
#include "wire/rare.h"

#include <stdio.h>

/* -- what an event says ------------------------------------------------------------------------ */

static void *take(void *arena, size_t bytes)
{
    return arena_take(arena, bytes);
}

static void give_back(void *arena, void *piece)
{
    (void)arena;
    (void)piece; /* with all the rest, when the arena goes */
}

/* A part of an Event, which is one too. */
static const Lianxin__V1__Event *read_event(struct arena *arena, struct span part)
{
    ProtobufCAllocator allocator = {.alloc = take, .free = give_back, .allocator_data = arena};
    Lianxin__V1__Event *event = lianxin__v1__event__unpack(&allocator, part.bytes, part.data);
    CHECK(event != NULL); /* its checksum held, so we wrote it so */
    return event;
}

/* -- candidates -------------------------------------------------------------------------------- */

/* A code and its name, as "070101 施工噪声"; the code alone where the city has no such any more. */
static char *coded(struct arena *arena, const char *code, struct span name)
{
    size_t bytes = strlen(code) + 1 + name.bytes + 1;
    char *text = arena_take(arena, bytes);
    snprintf(text, bytes, "%s%s%.*s", code, name.bytes > 0 ? " " : "", SPAN_ARG(name));
    return text;
}

static char *category_candidate(struct arena *arena, const struct city *city, const char *code)
{
    struct category category = city_category(city, span_of_string(code));
    bool known = category.index != CATEGORY_NONE.index;
    return coded(arena, code, known ? category_name(city, category) : span_of_string(""));
}

/* The path without the city, which is the same for all. */
static char *place_candidate(struct arena *arena, const struct city *city, const char *code)
{
    char path[PLACE_PATH_BYTES_MAX];
    struct place place = places_find_code(city_places(city), span_of_string(code));
    if (place_is_none(place))
        return coded(arena, code, span_of_string(""));
    size_t bytes = place_path(city_places(city), place, path);
    const char *inside = memchr(path, '/', bytes);
    inside = inside != NULL ? inside + 1 : path;
    return coded(arena, code, span_of(inside, bytes - (size_t)(inside - path)));
}

static void add_decided(struct arena *arena, const struct city *city,
                        const Lianxin__V1__Decision *decision, Lianxin__V1__DeskItem *item)
{
    item->doubts = decision->doubts;
    item->n_doubts = decision->n_doubts;
    item->categories = arena_take(arena, decision->n_categories * sizeof *item->categories);
    item->places = arena_take(arena, decision->n_places * sizeof *item->places);
    for (; item->n_categories < decision->n_categories; item->n_categories++)
        item->categories[item->n_categories] =
            category_candidate(arena, city, decision->categories[item->n_categories]);
    for (; item->n_places < decision->n_places; item->n_places++)
        item->places[item->n_places] =
            place_candidate(arena, city, decision->places[item->n_places]);
}

/* -- the list ---------------------------------------------------------------------------------- */

/* More than fits a line of whoever lists it, whatever script it is in. */
enum { BEGINNING_BYTES_MAX = 240 };

/* What it is about: its title, or how its text begins. */
static char *subject_of(struct arena *arena, const Lianxin__V1__Story *story)
{
    if (story->title[0] != '\0')
        return story->title;
    return arena_copy(arena, utf8_clip(span_of_string(story->text), BEGINNING_BYTES_MAX));
}

static void add_needs(struct arena *arena, uint32_t needs, Lianxin__V1__DeskItem *item)
{
    item->needs = arena_take(arena, NEED_COUNT * sizeof *item->needs);
    for (uint32_t need = 1; need < NEED_COUNT; need++)
        if ((needs >> need & 1) != 0)
            item->needs[item->n_needs++] = (Lianxin__V1__Need)need;
    CHECK(item->n_needs > 0);
}

static Lianxin__V1__DeskItem *make_item(struct arena *arena, const struct city *city,
                                        const struct wire_desk_item *from)
{
    Lianxin__V1__DeskItem *item = arena_take(arena, sizeof *item);
    lianxin__v1__desk_item__init(item);
    struct span unit = from->waited.unit;
    add_needs(arena, from->needs, item);
    item->ticket = arena_copy(arena, span_of_string(from->ticket));
    item->serial = from->serial;
    item->unit = arena_copy(arena, unit);
    item->unit_name = rare_unit_name(arena, city, unit);
    item->received_ms = from->received_ms;
    item->due_ms = from->waited.dues.due_ms;
    item->sign_by_ms = from->waited.dues.sign_by_ms;
    item->returns = from->returns;
    item->reason = (Lianxin__V1__Reason)from->reason;
    const Lianxin__V1__Event *first = read_event(arena, from->first);
    if (first->case_ != NULL)
        item->given_place = first->case_->place;
    const Lianxin__V1__Event *story = read_event(arena, from->story);
    if (story->story != NULL)
        item->title = subject_of(arena, story->story);
    const Lianxin__V1__Event *decided = read_event(arena, from->decided);
    if (decided->decision != NULL)
        add_decided(arena, city, decided->decision, item);
    return item;
}

struct span wire_desk_reply(struct arena *arena, uint64_t id, const struct policy *policy,
                            const struct wire_desk_list *list)
{
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    Lianxin__V1__DeskList desk = LIANXIN__V1__DESK_LIST__INIT;
    desk.items = arena_take(arena, list->items_count * sizeof *desk.items);
    for (; desk.n_items < list->items_count; desk.n_items++)
        desk.items[desk.n_items] = make_item(arena, policy->city, &list->items[desk.n_items]);
    desk.next = list->next;
    desk.open = list->open;
    desk.now_ms = list->now_ms;
    reply.id = id;
    reply.body_case = LIANXIN__V1__REPLY__BODY_DESK;
    reply.desk = &desk;
    return rare_pack(arena, &reply.base);
}
