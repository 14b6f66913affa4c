/* lookup - a ticket in the store, found by its number.
 *
 * Within a snapshot; any reader.
 */
#ifndef STAGES_LOOKUP_H
#define STAGES_LOOKUP_H

#include "store/store.h"
#include "wire/wire.h"

/* A ticket's serial, by its number or as it is given. False with a misfit: no such number. */
MUST_CHECK bool lookup_serial(struct store_reader *reader, const struct wire_lookup *lookup,
                              uint64_t *serial, struct misfit *misfit);

/* Its last event. ERR_NOT_FOUND: it is no ticket's serial. */
MUST_CHECK enum err lookup_last(struct store_reader *reader, uint64_t serial,
                                struct event_view *last);

#endif
