#include "units.h"

#include "base/check.h"
#include "front.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

void units_init(struct units *units)
{
    *units = (struct units){.tree = NULL};
    units->waiting_last = &units->waiting;
}

void units_fini(struct units *units)
{
    tdestroy(units->tree, free);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct unit *)a)->name, ((const struct unit *)b)->name);
}

struct unit *units_find(const struct units *units, const char *name)
{
    struct unit key = {.name = name};
    struct unit **found = tfind(&key, &units->tree, by_name);
    return found != NULL ? *found : NULL;
}

struct unit *units_add(struct units *units, const char *name, uint64_t position)
{
    size_t bytes = strlen(name) + 1;
    struct unit *unit = front_allocate(NULL, sizeof *unit + bytes);
    *unit = (struct unit){.name = memcpy(unit + 1, name, bytes), .position = position};
    CHECK(tsearch(unit, &units->tree, by_name) != NULL);
    return unit;
}

static void queue_append(struct units *units, struct unit *unit)
{
    unit->standing = WAITING;
    unit->next = NULL;
    *units->waiting_last = unit;
    units->waiting_last = &unit->next;
}

static struct unit *queue_take(struct units *units, struct unit **place)
{
    struct unit *unit = *place;
    *place = unit->next;
    if (unit->next == NULL)
        units->waiting_last = place;
    return unit;
}

bool unit_behind(const struct unit *unit)
{
    return unit->position < unit->head || unit->doubted;
}

void units_look(struct units *units, struct unit *unit)
{
    if (unit->standing != LEVEL || !unit_behind(unit))
        return;
    units->behind++;
    queue_append(units, unit);
}

void units_settle(struct units *units, struct unit *unit)
{
    unit->standing = LEVEL;
    units->behind--;
    units_look(units, unit);
}

struct unit *units_next(struct units *units, int64_t now_ns)
{
    for (struct unit **place = &units->waiting; *place != NULL;) {
        if ((*place)->due_ns > now_ns && unit_behind(*place)) {
            place = &(*place)->next;
            continue;
        }
        struct unit *unit = queue_take(units, place);
        if (unit_behind(unit)) {
            unit->standing = ASKED;
            return unit;
        }
        units_settle(units, unit); /* what it waited for has come by itself */
    }
    return NULL;
}

int64_t units_due_ns(const struct units *units)
{
    int64_t due_ns = INT64_MAX;
    for (const struct unit *unit = units->waiting; unit != NULL; unit = unit->next)
        due_ns = unit->due_ns < due_ns ? unit->due_ns : due_ns;
    return due_ns;
}
