/* units - what a watcher knows of each unit, and whom it has to ask for.
 *
 * Two numbers a unit: the sequence last handed over, and the head, the highest sequence known to
 * exist. A unit whose position is below its head is behind, and is asked for:
 *
 *      level ----head rises----> waiting ----a place is free----> asked
 *        ^                        ^   (a queue of all such units)   |
 *        +---- position = head ---+------------ reply --------------+
 *
 * For the library's own use; one thread.
 */
#ifndef UNITS_H
#define UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum standing { LEVEL, WAITING, ASKED };

struct unit {
    const char *name; /* first, and behind the struct: the tree compares names */
    uint64_t position;
    uint64_t head;
    enum standing standing;
    bool doubted;      /* a head was told that lies before position: ask for that very event */
    uint32_t rests;    /* in a row */
    int64_t due_ns;    /* resting until then */
    struct unit *next; /* waiting */
};

struct units {
    void *tree; /* of tsearch */
    struct unit *waiting, **waiting_last;
    size_t behind; /* units not level */
};

void units_init(struct units *units);
void units_fini(struct units *units);

/* NULL where it was never heard of. */
struct unit *units_find(const struct units *units, const char *name);

struct unit *units_add(struct units *units, const char *name, uint64_t position);

bool unit_behind(const struct unit *unit);

/* To be called whenever position or head of a unit may have changed. */
void units_look(struct units *units, struct unit *unit);

/* A unit was asked for and there is a reply: is it level now, or waiting again? */
void units_settle(struct units *units, struct unit *unit);

/* The next unit to ask for, which is asked for from here on; NULL where none waits or all rest. */
struct unit *units_next(struct units *units, int64_t now_ns);

/* When the first of those that wait has rested; INT64_MAX where none waits. */
int64_t units_due_ns(const struct units *units);

#endif
