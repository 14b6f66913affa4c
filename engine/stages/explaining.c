#include "stages/explaining_parts.h"

#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>

struct span explaining_refuse(const struct explaining *explaining)
{
    return wire_error_reply(explaining->arena, explaining->id, &explaining->misfit);
}

struct span explaining_refuse_case(const struct explaining *explaining)
{
    return wire_explanation_refusal(explaining->arena, explaining->id,
                                    explaining->explainer->in_force.policy, &explaining->misfit);
}

bool explaining_say(struct explaining *explaining, const char *field, struct span value,
                    const char *format, ...)
{
    va_list arguments;
    explaining->misfit = (struct misfit){.field = field, .value = value};
    va_start(arguments, format);
    vsnprintf(explaining->misfit.message, sizeof explaining->misfit.message, format, arguments);
    va_end(arguments);
    return false;
}

bool explaining_say_damaged(struct explaining *explaining)
{
    return explaining_say(
        explaining, "", (struct span){0},
        "the store cannot read this back; stop the engine and run lianxin verify");
}

/* -- policies ---------------------------------------------------------------------------------- */

bool explaining_take(const struct explaining *explaining, uint32_t number, struct shelved *shelved)
{
    const struct explainer *explainer = explaining->explainer;
    struct diag *diag = diag_create();
    enum err err = OK;
    if (number == explainer->in_force.policy->number)
        *shelved = explainer->in_force;
    else
        err = shelf_take(explainer->shelf, explainer->reader, number, diag, shelved);
    if (err != OK)
        *shelved = (struct shelved){NULL, NULL};
    diag_destroy(&diag);
    return err == OK;
}

/* The one that the request names. */
static bool find_policy(struct explaining *explaining, struct shelved *shelved)
{
    const struct explainer *explainer = explaining->explainer;
    struct span digits = explaining->asked->policy;
    uint32_t number;
    if (explainer->reader == NULL)
        return explaining_say(explaining, "policy", digits,
                              "there is no store here that keeps policies");
    switch (shelf_find(explainer->reader, digits, &number)) {
    case OK:
        break;
    case ERR_INVALID:
        return explaining_say(
            explaining, "policy", digits,
            "is no policy's hash: write %d or more of its hex digits, as status shows them",
            SHELF_HASH_DIGITS_MIN);
    case ERR_NOT_FOUND:
        return explaining_say(explaining, "policy", digits,
                              "the store keeps no policy whose hash begins so");
    case ERR_FULL:
        return explaining_say(explaining, "policy", digits,
                              "the hashes of several policies begin so; write more digits");
    default:
        return explaining_say_damaged(explaining);
    }
    return explaining_take(explaining, number, shelved) ||
           explaining_say(explaining, "policy", digits, "cannot be made again by this release: %s",
                          shelf_why(explainer->shelf, number));
}

bool explaining_other(struct explaining *explaining, struct shelved *other)
{
    *other = explaining->explainer->named;
    return explaining->asked->policy.bytes == 0 || other->policy != NULL ||
           find_policy(explaining, other);
}

/* -- what an explanation says ------------------------------------------------------------------ */

static void list_uncounted(const struct calendar *calendar, const struct dues *dues,
                           struct arena *arena, struct wire_explanation *said)
{
    int32_t first = day_of_ms(dues->issued_ms) + 1;
    int32_t limit = day_of_ms(dues->due_ms);
    int32_t *days = arena_take(arena, (size_t)(limit - first + 1) * sizeof *days);
    for (int32_t day = first; day < limit; day++)
        if (!calendar_is_working(calendar, day))
            days[said->uncounted_count++] = day;
    said->uncounted = days;
}

/* The citizen's clock, and the days that the unit's steps over. */
static void explain_clocks(const struct explaining *explaining, struct outlook *outlook)
{
    struct wire_explanation *said = &outlook->said;
    const struct policy *policy =
        outlook->by.policy != NULL ? outlook->by.policy : explaining->explainer->in_force.policy;
    const struct calendar *calendar = city_calendar(policy->city);
    struct wire_decision decided;
    struct ticket_state state;
    struct time_limit limit;
    char number[NUMBER_BYTES_MAX];
    bool readable = wire_event_state(said->last, &state, number);
    CHECK(readable);
    uint32_t main = tickets_main(&state);
    if (!wire_event_decision(said->decided, &decided) || main == UINT32_MAX ||
        state.parts[main].dues.due_ms == 0 || !time_limit_parse(decided.limit, &limit))
        return;
    said->citizen_due_ms =
        calendar_due_ms(calendar, said->received_ms, limit, &said->citizen_provisional);
    if (!limit.natural)
        list_uncounted(calendar, &state.parts[main].dues, explaining->arena, said);
}

/* A row that the decision cites, with what the case had for it where that is known. */
static void explain_cited(const struct explaining *explaining, struct outlook *outlook,
                          struct span name, const struct explained_row *held, uint32_t held_count)
{
    const struct policy *policy = outlook->by.policy;
    struct row row;
    for (uint32_t i = 0; i < held_count; i++)
        if (span_equal(held[i].name, name)) {
            explaining->rows[outlook->said.rows_count++] = held[i];
            return;
        }
    if (rules_find_row(policy->rules, name, &row))
        explain_row(policy, row, explaining->arena, &explaining->rows[outlook->said.rows_count++]);
}

/* The same rows hold that the decision cites, unless what it was decided of has been erased. */
static void explain_rows(const struct explaining *explaining, struct outlook *outlook)
{
    struct explained_row *held = arena_take(explaining->arena, RULES_CITED_MAX * sizeof *held);
    struct span names[RULES_CITED_MAX];
    uint32_t held_count = 0;
    if (outlook->by.policy == NULL)
        return;
    if (outlook->known)
        held_count = explain_facts(outlook->by.policy, &outlook->facts, outlook->by.scratch,
                                   explaining->arena, held);
    uint32_t names_count = wire_event_rows(outlook->said.decided, names);
    for (uint32_t i = 0; i < names_count; i++)
        explain_cited(explaining, outlook, names[i], held, held_count);
}

static bool explain_why_not(struct explaining *explaining, struct outlook *outlook)
{
    struct why_not *why = arena_take(explaining->arena, sizeof *why);
    struct unit unit;
    if (!outlook->known)
        return explaining_say(
            explaining, "why_not", explaining->asked->why_not,
            "cannot be told: nothing was decided, or by a policy that cannot be made again");
    if (!why_not_unit(outlook->by.policy->city, explaining->asked->why_not, outlook->decision.place,
                      &unit, &explaining->misfit))
        return false;
    why_not(outlook->by.policy, &outlook->facts, &outlook->excluded, &outlook->decision, unit,
            outlook->by.scratch, explaining->arena, why);
    outlook->said.why_not = why;
    return true;
}

struct span explaining_answer(struct explaining *explaining, struct outlook *outlook,
                              const struct outlook *before, const struct misfit *before_refused)
{
    struct wire_explanation *said = &outlook->said;
    said->decider = outlook->by.policy;
    said->excluded = outlook->known ? &outlook->excluded : NULL;
    explain_rows(explaining, outlook);
    said->rows = explaining->rows;
    explain_clocks(explaining, outlook);
    if (before != NULL) {
        said->before = before->said.decided;
        said->before_decider = before->by.policy;
    }
    said->before_refused = before_refused;
    if (explaining->asked->why_not.bytes > 0 && !explain_why_not(explaining, outlook))
        return explaining_refuse(explaining);
    return wire_explanation_reply(explaining->arena, explaining->id,
                                  explaining->explainer->in_force.policy, said);
}

/* -- the whole --------------------------------------------------------------------------------- */

struct span explaining_reply(const struct explainer *explainer, uint64_t id, struct span content,
                             struct arena *arena)
{
    struct wire_explain asked;
    struct explaining explaining = {
        .explainer = explainer, .asked = &asked, .arena = arena, .id = id};
    if (!wire_explain_read(content, &asked, &explaining.misfit))
        return explaining_refuse(&explaining);
    explaining.rows = arena_take(arena, RULES_CITED_MAX * sizeof *explaining.rows);
    return asked.number.bytes > 0 ? explain_ticket(&explaining) : explain_case(&explaining);
}
