#include "domain/needs.h"

static uint32_t bit(enum need need)
{
    return 1u << need;
}

/* A deadline is the first moment that is late. */
static bool is_late(int64_t deadline_ms, int64_t now_ms)
{
    return deadline_ms != 0 && now_ms >= deadline_ms;
}

static bool is_unsigned(const struct part *part, int64_t now_ms)
{
    return (part->role == ROLE_MAIN || part->role == ROLE_CO) && part->state == STATE_ISSUED &&
           is_late(part->dues.sign_by_ms, now_ms);
}

/* Of the main part that is in force, which its unit has neither answered nor closed. */
static uint32_t needs_of_main(const struct part *main, uint32_t returns, bool at_desk,
                              bool doubtful, int64_t now_ms)
{
    uint32_t bits = 0;
    if (at_desk && (doubtful || returns > 0))
        bits |= bit(NEED_DOUBTFUL);
    if ((returns > 0 && main->state == STATE_ISSUED) || (returns >= FINAL_RETURNS && at_desk))
        bits |= bit(NEED_RETURNED);
    if (is_late(main->dues.due_ms, now_ms))
        bits |= bit(NEED_OVERDUE);
    return bits;
}

static void add_unsigned(const struct ticket_state *state, int64_t now_ms, struct needs *needs)
{
    for (uint32_t i = 0; i < state->count; i++) {
        if (!is_unsigned(&state->parts[i], now_ms))
            continue;
        if (needs->bits == 0 && !is_unsigned(&state->parts[needs->part], now_ms))
            needs->part = i;
        needs->bits |= bit(NEED_UNSIGNED);
    }
}

struct needs needs_of(const struct ticket_state *state, struct span desk, bool doubtful,
                      int64_t now_ms)
{
    struct needs needs = {.part = tickets_main(state)};
    if (!tickets_is_open(state))
        return needs;
    const struct part *main = &state->parts[needs.part];
    if (main->state == STATE_ISSUED || main->state == STATE_SIGNED)
        needs.bits = needs_of_main(main, tickets_returns(state), span_equal(desk, main->unit),
                                   doubtful, now_ms);
    add_unsigned(state, now_ms, &needs);
    return needs;
}
