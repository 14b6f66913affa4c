/* publish - the sixth stage: every unit hears of its own.
 *
 * Follows the log: whenever commit has come on it reads the events that are durable now, gathers
 * them by unit, and sends each unit one message with all that wait for it (one message a case costs
 * more than everything else). What it sends are the bytes of the log, so a live event and a
 * replayed one are the same.
 *
 * PUB/SUB drops; the truth is the store. So subscribers are told the heads of their feeds: when
 * they subscribe, a second after activity, and at intervals. They fill what is missing through
 * front.
 *
 * A new book may have units that nobody had before. Publish makes room for their feeds when it
 * sees the first event of one.
 *
 * Owns the XPUB socket.
 */
#ifndef STAGES_PUBLISH_H
#define STAGES_PUBLISH_H

#include "stages/pipeline.h"
#include "store/store.h"

struct publish_stage;

/* Sets up pipeline->publish, but for its wakes, on a bound XPUB socket with ZMQ_XPUB_VERBOSE. Takes
 * the heads of the feeds from the reader, which it borrows and alone uses. From the arena. */
MUST_CHECK enum err publish_stage_create(struct pipeline *pipeline, void *xpub,
                                         struct store_reader *reader, struct arena *arena,
                                         struct publish_stage **stage);

/* Frees what it made room for. After its thread has ended. */
void publish_stage_fini(struct publish_stage *stage);

#endif
