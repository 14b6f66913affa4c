/* explanation - a decision in words: what an event says of it, with names and the rows of the book.
 *
 * Unpacked and packed by protobuf-c, in an arena: somebody at the desk has asked, and waits.
 */
#include "base/check.h"
#include "base/utf8.h"
#include "domain/city/date.h"
#include "wire/rare.h"

#include <stdio.h>

/* -- events as protobuf-c has them ------------------------------------------------------------- */

static Lianxin__V1__Event *unpack(struct arena *arena, struct span part)
{
    ProtobufCMessage *event = rare_unpack(arena, &lianxin__v1__event__descriptor, part);
    CHECK(event != NULL); /* its checksum held, so we wrote it so */
    return (Lianxin__V1__Event *)event;
}

/* Whose names are those of what was decided. */
static const struct policy *decider_of(const struct policy *policy,
                                       const struct wire_explanation *said)
{
    return said->decider != NULL ? said->decider : policy;
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

/* The unit's name now, or else when it was decided. */
static char *unit_text(struct arena *arena, const struct city *now, const struct city *then,
                       const char *key)
{
    bool known = city_unit_by_key(now, span_of_string(key)).index != UNIT_NONE.index;
    return rare_unit_name(arena, known ? now : then, span_of_string(key));
}

static void name_units(struct arena *arena, const struct city *now, const struct city *then,
                       Lianxin__V1__Explanation *explanation)
{
    explanation->unit_names = begin_list(arena, explanation->n_assignments);
    explanation->n_unit_names = explanation->n_assignments;
    for (size_t i = 0; i < explanation->n_assignments; i++)
        explanation->unit_names[i] = unit_text(arena, now, then, explanation->assignments[i]->unit);
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

/* Who was excluded then; where that is not known, who has returned it by now. */
static void find_excluded(const struct city *city, const struct wire_explanation *said,
                          struct excluded *excluded)
{
    struct ticket_state state;
    char number[NUMBER_BYTES_MAX];
    bool readable = wire_event_state(said->last, &state, number);
    CHECK(readable);
    if (said->excluded != NULL)
        *excluded = *said->excluded;
    else
        tickets_excluded(&state, city, excluded);
}

static void name_climb(struct arena *arena, const struct city *city,
                       const struct wire_explanation *said, Lianxin__V1__Explanation *explanation)
{
    const Lianxin__V1__Decision *decision = explanation->decision;
    struct function function = city_function(city, span_of_string(decision->function));
    struct unit about = city_unit_by_key(city, span_of_string(decision->kept_from));
    struct excluded excluded;
    find_excluded(city, said, &excluded);
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
    cell->fails = explained->fails;
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

/* -- what is different ------------------------------------------------------------------------- */

static const Lianxin__V1__Assignment *main_part(const Lianxin__V1__Event *event)
{
    for (size_t i = 0; i < event->n_assignments; i++)
        if (event->assignments[i]->role == LIANXIN__V1__ROLE__ROLE_MAIN &&
            event->assignments[i]->state != LIANXIN__V1__STATE__STATE_RETURNED)
            return event->assignments[i];
    return NULL;
}

static const char *main_unit(const Lianxin__V1__Event *event)
{
    const Lianxin__V1__Assignment *main = main_part(event);
    return main != NULL ? main->unit : "";
}

/* What is compared of two decisions. Where all of these are alike nobody notices a difference. */
enum facet {
    FACET_DISPOSITION,
    FACET_UNIT,
    FACET_TIER,
    FACET_ROW,
    FACET_CLOCK,
    FACET_CO,
    FACET_INFORMED,
    FACET_CATEGORY,
    FACET_DOUBT,
    FACETS
};

static const char *const facet_names[FACETS] = {
    "disposition", "unit", "tier", "row", "clock", "co", "informed", "category", "doubt"};

static void say_clock(const Lianxin__V1__Decision *decision, const Lianxin__V1__Assignment *main,
                      char *text, size_t bytes)
{
    char moment[MOMENT_BYTES_MAX];
    if (main == NULL || main->due_ms == 0)
        return;
    moment_format(main->due_ms, moment);
    snprintf(text, bytes, "%s, late from %.10s %s", decision->limit, moment, moment + 11);
}

static void say_units(const Lianxin__V1__Event *event, Lianxin__V1__Role role, char *text,
                      size_t bytes)
{
    for (size_t i = 0; i < event->n_assignments; i++)
        if (event->assignments[i]->role == role &&
            event->assignments[i]->state != LIANXIN__V1__STATE__STATE_RETURNED) {
            size_t used = strlen(text);
            snprintf(text + used, bytes - used, "%s%s", used > 0 ? ", " : "",
                     event->assignments[i]->unit);
        }
}

static char *say_facet(struct arena *arena, const Lianxin__V1__Event *event,
                       const struct city *city, enum facet facet)
{
    const Lianxin__V1__Decision *decision = event->decision;
    const Lianxin__V1__Assignment *main = main_part(event);
    char text[512] = "";
    switch (facet) {
    case FACET_DISPOSITION:
        snprintf(text, sizeof text, "%s",
                 word_name(&disposition_words, (uint32_t)decision->disposition));
        break;
    case FACET_UNIT:
        snprintf(text, sizeof text, "%s %s", main_unit(event),
                 main != NULL ? rare_unit_name(arena, city, span_of_string(main->unit)) : "");
        break;
    case FACET_TIER:
        snprintf(text, sizeof text, "%s", decision->tier);
        break;
    case FACET_ROW:
        if (main != NULL && main->row < decision->n_rows)
            snprintf(text, sizeof text, "%s", decision->rows[main->row]);
        break;
    case FACET_CLOCK:
        say_clock(decision, main, text, sizeof text);
        break;
    case FACET_CO:
        say_units(event, LIANXIN__V1__ROLE__ROLE_CO, text, sizeof text);
        break;
    case FACET_INFORMED:
        say_units(event, LIANXIN__V1__ROLE__ROLE_INFORMED, text, sizeof text);
        break;
    case FACET_CATEGORY:
        if (decision->category[0] != '\0')
            snprintf(text, sizeof text, "#%s %s", decision->category,
                     category_text(arena, city, decision->category));
        break;
    case FACET_DOUBT:
        if (decision->n_doubts > 0)
            snprintf(text, sizeof text, "%s", decision->doubts[0]);
        break;
    case FACETS:
        break;
    }
    return arena_copy(arena, span_of(text, utf8_check(span_of_string(text))));
}

static void add_difference(struct arena *arena, const char *what, char *before, char *after,
                           Lianxin__V1__Explanation *explanation)
{
    Lianxin__V1__Difference *difference = arena_take(arena, sizeof *difference);
    lianxin__v1__difference__init(difference);
    difference->what = arena_copy(arena, span_of_string(what));
    difference->before = before;
    difference->after = after;
    explanation->differences[explanation->n_differences++] = difference;
}

static char *say_misfit(struct arena *arena, const struct misfit *misfit)
{
    char text[sizeof misfit->message + 128];
    bool shown = misfit->value.bytes > 0;
    snprintf(text, sizeof text, "%s%s%.*s%s%s%s", misfit->field, shown ? " '" : "",
             SPAN_ARG(misfit->value), shown ? "'" : "", misfit->field[0] != '\0' ? ": " : "",
             misfit->message);
    return arena_copy(arena, span_of_string(text));
}

/* Rows that one cites and the other does not, but for those that are said already. */
static char *say_rows(struct arena *arena, const Lianxin__V1__Event *event,
                      const Lianxin__V1__Event *other)
{
    const Lianxin__V1__Assignment *main = main_part(event);
    char text[512] = "";
    for (size_t i = 0; i < event->decision->n_rows; i++) {
        size_t used = strlen(text);
        bool known = main != NULL && i == main->row;
        for (size_t j = 0; j < other->decision->n_rows && !known; j++)
            known = strcmp(event->decision->rows[i], other->decision->rows[j]) == 0;
        if (!known)
            snprintf(text + used, sizeof text - used, "%s%s", used > 0 ? ", " : "",
                     event->decision->rows[i]);
    }
    return arena_copy(arena, span_of(text, utf8_check(span_of_string(text))));
}

static void list_differences(struct arena *arena, const struct policy *policy,
                             const struct wire_explanation *said,
                             Lianxin__V1__Explanation *explanation)
{
    const struct policy *then = said->before_decider != NULL ? said->before_decider : policy;
    char *nothing = arena_copy(arena, (struct span){0});
    explanation->differences = arena_take(arena, (FACETS + 2) * sizeof *explanation->differences);
    if (said->before_refused != NULL)
        add_difference(arena, "refused", say_misfit(arena, said->before_refused), nothing,
                       explanation);
    const Lianxin__V1__Event *before = said->before.bytes > 0 ? unpack(arena, said->before) : NULL;
    const Lianxin__V1__Event *after = unpack(arena, said->decided);
    if (after->decision == NULL || (before == NULL && said->before_refused == NULL))
        return;
    for (enum facet facet = 0; facet < FACETS; facet++) {
        char *was = before != NULL && before->decision != NULL
                        ? say_facet(arena, before, then->city, facet)
                        : nothing;
        char *is = say_facet(arena, after, decider_of(policy, said)->city, facet);
        if (strcmp(was, is) != 0)
            add_difference(arena, facet_names[facet], was, is, explanation);
    }
    if (before == NULL || before->decision == NULL)
        return;
    char *was = say_rows(arena, before, after);
    char *is = say_rows(arena, after, before);
    if (was[0] != '\0' || is[0] != '\0')
        add_difference(arena, "rows", was, is, explanation);
}

/* -- why not ----------------------------------------------------------------------------------- */

#define SAME(ours, theirs)                                                                         \
    _Static_assert((int)(ours) == (int)(theirs), "why_not.h and lianxin.proto number alike")
SAME(OBSTACLE_RANK, LIANXIN__V1__OBSTACLE__OBSTACLE_RANK);
SAME(OBSTACLE_NO_ROW, LIANXIN__V1__OBSTACLE__OBSTACLE_NO_ROW);

static void say_why_not(struct arena *arena, const struct city *city, const struct why_not *why,
                        Lianxin__V1__Explanation *explanation)
{
    Lianxin__V1__WhyNot *said = arena_take(arena, sizeof *said);
    lianxin__v1__why_not__init(said);
    said->unit = arena_copy(arena, unit_key(city, why->unit));
    said->unit_name = arena_copy(arena, unit_name(city, why->unit));
    said->obstacle = (Lianxin__V1__Obstacle)why->obstacle;
    said->because = arena_copy(arena, why->because);
    said->failing = why->failing;
    said->instead = arena_copy(arena, why->instead);
    if (why->has_nearest)
        said->nearest = make_step(arena, &why->nearest);
    explanation->why_not = said;
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
    name_climb(arena, city, said, explanation);
    name_candidates(arena, city, explanation);
}

struct span wire_explanation_reply(struct arena *arena, uint64_t id, const struct policy *policy,
                                   const struct wire_explanation *said)
{
    Lianxin__V1__Explanation explanation = LIANXIN__V1__EXPLANATION__INIT;
    Lianxin__V1__Event *last = unpack(arena, said->last);
    const struct city *then = decider_of(policy, said)->city;
    explanation.policy = policy->number;
    explanation.ticket = last->ticket;
    explanation.assignments = last->assignments;
    explanation.n_assignments = last->n_assignments;
    explanation.received_ms = said->received_ms;
    explanation.citizen_due_ms = said->citizen_due_ms;
    explanation.citizen_provisional = said->citizen_provisional;
    if (said->decider != NULL)
        explanation.policy_hash = rare_hex(arena, said->decider->hash, POLICY_HASH_BYTES);
    name_units(arena, policy->city, then, &explanation);
    say_case(arena, policy->city, said, &explanation);
    say_decision(arena, then, said, last, &explanation);
    list_steps(arena, said, &explanation);
    list_uncounted(arena, then, said, &explanation);
    list_differences(arena, policy, said, &explanation);
    if (said->why_not != NULL)
        say_why_not(arena, then, said->why_not, &explanation);
    return reply_with(arena, id, &explanation);
}

struct span wire_explanation_refusal(struct arena *arena, uint64_t id, const struct policy *policy,
                                     const struct misfit *misfit)
{
    Lianxin__V1__Explanation explanation = LIANXIN__V1__EXPLANATION__INIT;
    explanation.policy = policy->number;
    explanation.invalid = say_misfit(arena, misfit);
    return reply_with(arena, id, &explanation);
}
