/* glance - as little of a message as the harness must know while the clock runs.
 *
 * Unpacking a reply or a feed with protobuf-c costs about what the engine may take for a case, on
 * the two cores that both share; so here only what counts is read, and all else is stepped over.
 * What was received is kept and unpacked afterwards (proof.h). False for what is no such message.
 */
#ifndef BENCH_GLANCE_H
#define BENCH_GLANCE_H

#include "base/err.h"
#include "base/span.h"

/* Of a Reply to a Submit. */
struct reply_glance {
    uint64_t id;
    uint32_t wanted; /* answers with that outcome */
    uint32_t others; /* with any other */
};

/* outcome is one of lianxin.proto's. */
MUST_CHECK bool glance_reply(struct span message, uint64_t outcome, struct reply_glance *glance);

/* Of a Feed, as it is published. */
struct feed_glance {
    uint64_t latest; /* highest number of an event in it */
    uint32_t events;
    bool
        has_heads; /* it announces how far the feeds have come; 0 of them, where nothing ever was */
};

MUST_CHECK bool glance_feed(struct span message, struct feed_glance *glance);

#endif
