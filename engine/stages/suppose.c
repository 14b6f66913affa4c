/* suppose - what if: a case with what was asked for instead, and the event that it would become. */
#include "stages/explaining_parts.h"

bool suppose_is_asked(const struct explaining *explaining, struct shelved other)
{
    return explaining->asked->what_if_count > 0 || other.policy != NULL;
}

static bool suppose_regime(struct explaining *explaining, struct span value,
                           struct supposed *supposed)
{
    supposed->regime = (enum regime)word_find(&regime_words, value);
    return supposed->regime != REGIME_NONE || value.bytes == 0 ||
           explaining_say(explaining, "regime", value,
                          "is not one of normal, holiday, emergency, calendar");
}

static bool suppose_at(struct explaining *explaining, struct span value, struct supposed *supposed)
{
    supposed->at_ms = 0;
    return value.bytes == 0 || moment_parse(value, &supposed->at_ms) ||
           explaining_say(explaining, "at", value,
                          "is no moment; in the city's time they look like 2026-10-03T09:00");
}

bool suppose_all(struct explaining *explaining, struct supposed *supposed)
{
    const struct wire_explain *asked = explaining->asked;
    bool good = true;
    for (uint32_t i = 0; good && i < asked->what_if_count; i++) {
        const struct wire_what_if *what_if = &asked->what_if[i];
        if (span_is(what_if->field, "at"))
            good = suppose_at(explaining, what_if->value, supposed);
        else if (span_is(what_if->field, "regime"))
            good = suppose_regime(explaining, what_if->value, supposed);
        else
            good = wire_case_change(supposed->bytes, what_if, explaining->arena, &supposed->bytes,
                                    &explaining->misfit);
    }
    return good;
}

bool suppose_names(const struct wire_explain *asked, const char *field)
{
    for (uint32_t i = 0; i < asked->what_if_count; i++)
        if (span_is(asked->what_if[i].field, field))
            return true;
    return false;
}

bool suppose_whom(const struct wire_explain *asked)
{
    static const char *const fields[] = {"type", "address", "title", "text", "respondent.name"};
    bool any = false;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        any = any || suppose_names(asked, fields[i]);
    return any;
}

bool suppose_read(struct explaining *explaining, struct span bytes, struct ticket *ticket)
{
    const struct explainer *explainer = explaining->explainer;
    wire_case_read(bytes, explainer->seed, explainer->now_ms, ticket, &explaining->misfit);
    return ticket->valid;
}

void suppose_event(const struct explaining *explaining, struct outlook *outlook, struct span bytes,
                   int64_t received_ms, const char *number, const struct ticket_state *state)
{
    struct event_text text = {
        .time_ms = received_ms,
        .kind = KIND_CASE,
        .ticket = number,
        .state = state,
        .policy = outlook->by.policy,
        .decision = &outlook->decision,
        .submitted = bytes,
    };
    struct wire_explanation *said = &outlook->said;
    uint8_t *room = arena_take(explaining->arena, wire_event_bytes_max(&text));
    wire_event_write(&text, room, &said->first);
    said->received_ms = received_ms;
    said->last = said->decided = said->first.open;
    outlook->known = true;
}
