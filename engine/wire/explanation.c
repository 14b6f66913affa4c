/* explanation - a decision in words: what an event says of it, with names and the rows of the book.
 *
 * Unpacked and packed by protobuf-c, in an arena: somebody at the desk has asked, and waits.
 */
#include "base/check.h"
#include "domain/city/date.h"
#include "wire/rare.h"

#include <stdio.h>

/* -- events as protobuf-c has them ------------------------------------------------------------- */

static void *take(void *arena, size_t bytes)
{
    return arena_take(arena, bytes);
}

/* All of it goes with the arena. */
static void keep(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

static Lianxin__V1__Event *unpack(struct arena *arena, struct span part)
{
    ProtobufCAllocator allocator = {.alloc = take, .free = keep, .allocator_data = arena};
    Lianxin__V1__Event *event = lianxin__v1__event__unpack(&allocator, part.bytes, part.data);
    CHECK(event != NULL); /* its checksum held, so we wrote it so */
    return event;
}

/* -- names ------------------------------------------------------------------------------------- */

/* A list of count strings, to be filled one by one. */
static char **begin_list(struct arena *arena, size_t count)
{
    return arena_take(arena, (count + 1) * sizeof(char *));
}

static char *place_text(struct arena *arena, const struct city *city, const char *code)
{
    char path[PLACE_PATH_BYTES_MAX];
    struct place place = places_find_code(city_places(city), span_of_string(code));
    if (place_is_none(place))
        return arena_copy(arena, span_of_string(code));
    return arena_copy(arena, span_of(path, place_path(city_places(city), place, path)));
}

static char *category_text(struct arena *arena, const struct city *city, const char *code)
{
    struct category category = city_category(city, span_of_string(code));
    return arena_copy(arena, category.index != CATEGORY_NONE.index ? category_name(city, category)
                                                                   : (struct span){0});
}

static char *line_text(struct arena *arena, const struct city *city, const char *number)
{
    struct line line = city_line(city, span_of_string(number));
    return arena_copy(arena,
                      line.index != LINE_NONE.index ? line_name(city, line) : (struct span){0});
}

static char *function_text(struct arena *arena, const struct city *city, const char *code)
{
    struct function function = city_function(city, span_of_string(code));
    return arena_copy(arena, function.index != FUNCTION_NONE.index ? function_name(city, function)
                                                                   : (struct span){0});
}

static void name_units(struct arena *arena, const struct city *city,
                       Lianxin__V1__Explanation *explanation)
{
    explanation->unit_names = begin_list(arena, explanation->n_assignments);
    explanation->n_unit_names = explanation->n_assignments;
    for (size_t i = 0; i < explanation->n_assignments; i++)
        explanation->unit_names[i] =
            rare_unit_name(arena, city, span_of_string(explanation->assignments[i]->unit));
}

static void name_candidates(struct arena *arena, const struct city *city,
                            Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Decision *decision = explanation->decision;
    explanation->category_names = begin_list(arena, decision->n_categories);
    explanation->n_category_names = decision->n_categories;
    for (size_t i = 0; i < decision->n_categories; i++)
        explanation->category_names[i] = category_text(arena, city, decision->categories[i]);
    explanation->place_names = begin_list(arena, decision->n_places);
    explanation->n_place_names = decision->n_places;
    for (size_t i = 0; i < decision->n_places; i++)
        explanation->place_names[i] = place_text(arena, city, decision->places[i]);
}

/* -- the climb --------------------------------------------------------------------------------- */

/* Units that have returned it by now count as if they had before. */
static void name_climb(struct arena *arena, const struct city *city, struct span last,
                       Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Decision *decision = explanation->decision;
    struct function function = city_function(city, span_of_string(decision->function));
    struct unit about = city_unit_by_key(city, span_of_string(decision->kept_from));
    struct ticket_state state;
    struct excluded excluded;
    char number[NUMBER_BYTES_MAX];
    bool readable = wire_event_state(last, &state, number);
    CHECK(readable);
    tickets_excluded(&state, city, &excluded);
    explanation->climb_names = begin_list(arena, decision->n_climb);
    explanation->climb_whys = begin_list(arena, decision->n_climb);
    explanation->n_climb_names = explanation->n_climb_whys = decision->n_climb;
    for (size_t i = 0; i < decision->n_climb; i++) {
        struct place place =
            places_find_code(city_places(city), span_of_string(decision->climb[i]));
        bool tried = function.index != FUNCTION_NONE.index && !place_is_none(place);
        const char *why = tried ? explain_climb(city, function, place, about, &excluded) : "";
        explanation->climb_names[i] = place_text(arena, city, decision->climb[i]);
        explanation->climb_whys[i] = arena_copy(arena, span_of_string(why));
    }
}

/* -- rows -------------------------------------------------------------------------------------- */

static Lianxin__V1__Cell *make_cell(struct arena *arena, const struct explained_cell *explained)
{
    Lianxin__V1__Cell *cell = arena_take(arena, sizeof *cell);
    lianxin__v1__cell__init(cell);
    cell->label = arena_copy(arena, explained->label);
    cell->cell = arena_copy(arena, explained->cell);
    cell->value = arena_copy(arena, explained->value);
    cell->part = arena_copy(arena, explained->part);
    return cell;
}

static Lianxin__V1__Step *make_step(struct arena *arena, const struct explained_row *row)
{
    Lianxin__V1__Step *step = arena_take(arena, sizeof *step);
    lianxin__v1__step__init(step);
    step->row = arena_copy(arena, row->name);
    step->basis = arena_copy(arena, row->basis);
    step->conditions = arena_take(arena, (row->conditions_count + 1) * sizeof *step->conditions);
    for (uint32_t i = 0; i < row->conditions_count; i++)
        step->conditions[step->n_conditions++] = make_cell(arena, &row->conditions[i]);
    step->outputs = arena_take(arena, (row->outputs_count + 1) * sizeof *step->outputs);
    for (uint32_t i = 0; i < row->outputs_count; i++)
        step->outputs[step->n_outputs++] = make_cell(arena, &row->outputs[i]);
    step->also = begin_list(arena, row->also_count);
    for (uint32_t i = 0; i < row->also_count; i++)
        step->also[step->n_also++] = arena_copy(arena, row->also[i]);
    step->also_more = row->also_more;
    return step;
}

static void list_steps(struct arena *arena, const struct wire_explanation *said,
                       Lianxin__V1__Explanation *explanation)
{
    explanation->steps = arena_take(arena, (said->rows_count + 1) * sizeof *explanation->steps);
    for (uint32_t i = 0; i < said->rows_count; i++)
        explanation->steps[explanation->n_steps++] = make_step(arena, &said->rows[i]);
}

static void list_uncounted(struct arena *arena, const struct city *city,
                           const struct wire_explanation *said,
                           Lianxin__V1__Explanation *explanation)
{
    explanation->uncounted = begin_list(arena, said->uncounted_count);
    for (uint32_t i = 0; i < said->uncounted_count; i++) {
        char date[DATE_BYTES_MAX];
        char text[64];
        enum day_kind kind = calendar_kind(city_calendar(city), said->uncounted[i]);
        date_format(said->uncounted[i], date);
        snprintf(text, sizeof text, "%s %s", date, word_label(&day_kind_words, (uint32_t)kind));
        explanation->uncounted[explanation->n_uncounted++] =
            arena_copy(arena, span_of_string(text));
    }
}

/* -- the whole --------------------------------------------------------------------------------- */

static struct span reply_with(struct arena *arena, uint64_t id,
                              Lianxin__V1__Explanation *explanation)
{
    Lianxin__V1__Reply reply = LIANXIN__V1__REPLY__INIT;
    reply.id = id;
    reply.body_case = LIANXIN__V1__REPLY__BODY_EXPLANATION;
    reply.explanation = explanation;
    return rare_pack(arena, &reply.base);
}

static void say_case(struct arena *arena, const struct city *city,
                     const struct wire_explanation *said, Lianxin__V1__Explanation *explanation)
{
    Lianxin__V1__Event *first = unpack(arena, said->first.open);
    Lianxin__V1__Event *story = unpack(arena, said->first.story);
    explanation->case_ = first->case_;
    if (story->story != NULL)
        explanation->title = story->story->title;
    if (first->case_ != NULL)
        explanation->line_name = line_text(arena, city, first->case_->line);
}

static const char *main_unit(const Lianxin__V1__Event *event)
{
    for (size_t i = 0; i < event->n_assignments; i++)
        if (event->assignments[i]->role == LIANXIN__V1__ROLE__ROLE_MAIN &&
            event->assignments[i]->state != LIANXIN__V1__STATE__STATE_RETURNED)
            return event->assignments[i]->unit;
    return "";
}

static void say_decision(struct arena *arena, const struct city *city,
                         const struct wire_explanation *said, const Lianxin__V1__Event *last,
                         Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Event *decided = unpack(arena, said->decided);
    const Lianxin__V1__Decision *decision = decided->decision;
    if (decision == NULL)
        return;
    explanation->decision = decided->decision;
    explanation->place_name = place_text(arena, city, decision->place);
    explanation->category_name = category_text(arena, city, decision->category);
    explanation->function_name = function_text(arena, city, decision->function);
    if (decision->kept_from[0] != '\0')
        explanation->kept_from_name =
            rare_unit_name(arena, city, span_of_string(decision->kept_from));
    if (strcmp(main_unit(decided), main_unit(last)) != 0)
        explanation->decided_unit = arena_copy(arena, span_of_string(main_unit(decided)));
    name_climb(arena, city, said->last, explanation);
    name_candidates(arena, city, explanation);
}

struct span wire_explanation_reply(struct arena *arena, uint64_t id, const struct policy *policy,
                                   const struct wire_explanation *said)
{
    Lianxin__V1__Explanation explanation = LIANXIN__V1__EXPLANATION__INIT;
    Lianxin__V1__Event *last = unpack(arena, said->last);
    explanation.policy = policy->number;
    explanation.ticket = last->ticket;
    explanation.assignments = last->assignments;
    explanation.n_assignments = last->n_assignments;
    explanation.received_ms = said->received_ms;
    explanation.citizen_due_ms = said->citizen_due_ms;
    explanation.citizen_provisional = said->citizen_provisional;
    name_units(arena, policy->city, &explanation);
    say_case(arena, policy->city, said, &explanation);
    say_decision(arena, policy->city, said, last, &explanation);
    list_steps(arena, said, &explanation);
    list_uncounted(arena, policy->city, said, &explanation);
    return reply_with(arena, id, &explanation);
}

struct span wire_explanation_refusal(struct arena *arena, uint64_t id, const struct policy *policy,
                                     const struct misfit *misfit)
{
    Lianxin__V1__Explanation explanation = LIANXIN__V1__EXPLANATION__INIT;
    char text[sizeof misfit->message + 128];
    bool shown = misfit->value.bytes > 0;
    snprintf(text, sizeof text, "%s%s%.*s%s%s%s", misfit->field, shown ? " '" : "",
             SPAN_ARG(misfit->value), shown ? "'" : "", misfit->field[0] != '\0' ? ": " : "",
             misfit->message);
    explanation.policy = policy->number;
    explanation.invalid = arena_copy(arena, span_of_string(text));
    return reply_with(arena, id, &explanation);
}
