#include "tools/simulate/agenda.h"

#include "base/check.h"

#include <stdlib.h>

static bool is_sooner(const struct plan *a, const struct plan *b)
{
    return a->time_ms != b->time_ms ? a->time_ms < b->time_ms : a->order < b->order;
}

static void swap(struct plan *a, struct plan *b)
{
    struct plan kept = *a;
    *a = *b;
    *b = kept;
}

void agenda_add(struct agenda *agenda, const struct plan *plan)
{
    if (agenda->count == agenda->room) {
        agenda->room = agenda->room == 0 ? 256 : 2 * agenda->room;
        agenda->plans = realloc(agenda->plans, agenda->room * sizeof *agenda->plans);
        CHECK(agenda->plans != NULL);
    }
    struct plan *plans = agenda->plans;
    size_t at = agenda->count++;
    plans[at] = *plan;
    plans[at].order = agenda->planned++;
    for (; at > 0 && is_sooner(&plans[at], &plans[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&plans[at], &plans[(at - 1) / 2]);
}

const struct plan *agenda_first(const struct agenda *agenda)
{
    return agenda->count > 0 ? &agenda->plans[0] : NULL;
}

struct plan agenda_take(struct agenda *agenda)
{
    CHECK(agenda->count > 0);
    struct plan *plans = agenda->plans;
    struct plan first = plans[0];
    plans[0] = plans[--agenda->count];
    for (size_t at = 0;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < agenda->count; child++)
            if (is_sooner(&plans[child], &plans[least]))
                least = child;
        if (least == at)
            return first;
        swap(&plans[at], &plans[least]);
        at = least;
    }
}

void agenda_free(struct agenda *agenda)
{
    free(agenda->plans);
    *agenda = (struct agenda){0};
}
