/* outbox - what one batch has for the units, in as few messages as those who subscribed allow.
 *
 *      subscribed to        units with events            messages
 *      unit.                511102000000.tax             unit.         511102000000.tax, ...tax
 *      unit.511126          511126000000.tax             unit.511126   511126000000.tax, ...labour
 *                           511126000000.labour
 *                           511102000000.labour
 *
 * Each message costs the same system calls and wake-ups whether it has one event or a hundred, and
 * a batch has two events for each of some two thousand units. So units go together where nobody
 * tells them apart: on the longest prefix that anybody subscribed to and that covers them. Who
 * subscribed to that prefix, or to one that is shorter still, is whoever is to hear of them; and
 * nobody else hears. Where a unit's whole topic is subscribed to, it has its messages to itself.
 *
 * Within a message a unit's events are consecutive; and over messages. Belongs to publish's thread.
 */
#ifndef STAGES_OUTBOX_H
#define STAGES_OUTBOX_H

#include "stages/prefixes.h"
#include "wire/wire.h"

struct outbox;

/* For no feeds yet, over a bound XPUB socket. Borrows all; from the arena. */
struct outbox *outbox_create(void *xpub, const struct prefixes *prefixes, struct arena *arena);

/* Room for feeds 0 to feeds_count - 1, of which the new ones are without a name. While it is empty.
 */
void outbox_grow(struct outbox *outbox, uint32_t feeds_count);

/* Names a feed's unit; the key lives as long as the name stands. */
void outbox_name(struct outbox *outbox, uint32_t feed, struct span unit);

/* Frees what grew. */
void outbox_fini(struct outbox *outbox);

/* A prefix was added, or removed; by its index. */
void outbox_widen(struct outbox *outbox, uint32_t prefix);
void outbox_narrow(struct outbox *outbox, uint32_t prefix);

/* Room for the entries of another event? Else flush. */
bool outbox_has_room(const struct outbox *outbox);

/* An event for a feed, behind the one before; its bytes must stay where they are until the flush.
 */
void outbox_add(struct outbox *outbox, uint32_t feed, uint32_t sequence, struct span event);

/* Sends all, and is empty. */
void outbox_flush(struct outbox *outbox);

#endif
