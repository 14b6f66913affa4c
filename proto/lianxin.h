/* lianxin - the client library: ask the engine, submit cases, watch feeds.
 *
 *      client     one request and its reply                        look up, explain, act, status
 *      submitter  many cases under way at once, each answered once  channel adapters
 *      watcher    the feeds of some units, in order, without gaps   departments
 *
 * ZeroMQ loses messages: when a connection breaks, when a queue is full. The library makes good for
 * that from outside. Every request may be sent again, since acts and cases are idempotent by
 * (source, external_id) and the rest only reads; so what is not answered in time is sent again, and
 * whatever answer comes first counts. What a feed lost is fetched from the engine's store.
 *
 * Nothing here starts a thread of its own or waits except in _ask and _step, there up to
 * timeout_ms: 0 does what can be done now, -1 waits until something comes. A step may end early,
 * with nothing done. (libzmq has one thread a context, for the network.) Each object belongs to one
 * thread. Memory that cannot be had aborts.
 *
 * Functions that fail return enum err and leave things as they were; lianxin_why() says more. After
 * a step that failed one may step on. Options that are 0 take the default; a NULL for all of them
 * does, too.
 */
#ifndef LIANXIN_H
#define LIANXIN_H

#include "base/clock.h"
#include "base/err.h"
#include "lianxin.pb-c.h"

#include <stdbool.h>

#define LIANXIN_FRONT "tcp://127.0.0.1:5111"
#define LIANXIN_FEED  "tcp://127.0.0.1:5112"

/* Limits of the protocol, in bytes and counts; lianxin.proto has the rest. */
enum {
    LIANXIN_VERSION = 1,
    LIANXIN_CASE_BYTES_MAX = 32 * 1024,
    LIANXIN_SUBMIT_BYTES_MAX = 1024 * 1024,
    LIANXIN_SUBMIT_CASES_MAX = 1024,
    LIANXIN_REPLAY_EVENTS_MAX = 256,
    LIANXIN_UNIT_BYTES_MAX = 64,
};

/* What the latest failure on this thread was, in a sentence; borrowed, and overwritten by the next
 * failure. "" before the first. A step in which several things fail returns the gravest and its
 * sentence, whatever failed in a callback meanwhile. */
const char *lianxin_why(void);

/* -- client ---------------------------------------------------------------------------------- */

struct lianxin_client_options {
    void *context;             /* of ZeroMQ, the caller's own; NULL: one of the client's */
    const struct clock *clock; /* NULL: the machine's */
    uint32_t resend_ms;        /* without a reply for so long, send again; 0: 1000 */
};

struct lianxin_client;

/* Connects in the background: an engine that is not there yet is no error. ERR_INVALID for an
 * endpoint that makes no sense, ERR_IO; *client is NULL then. */
MUST_CHECK enum err lianxin_client_open(const char *front,
                                        const struct lianxin_client_options *options,
                                        struct lianxin_client **client);

/* NULL is fine. */
void lianxin_client_close(struct lianxin_client **client);

/* Sends the request, whose version and id it sets, and waits for its reply; the caller frees that
 * with lianxin__v1__reply__free_unpacked(reply, NULL). A Reply that holds an Error is a reply.
 * ERR_TIMEOUT, ERR_INVALID (larger than 1 MiB, or a reply that cannot be read), ERR_IO. */
MUST_CHECK enum err lianxin_client_ask(struct lianxin_client *client, Lianxin__V1__Request *request,
                                       int timeout_ms, Lianxin__V1__Reply **reply);

/* The same in two parts. A second start abandons the first: its reply, should it come, is dropped.
 * Step gives ERR_TIMEOUT as long as there is no reply. */
MUST_CHECK enum err lianxin_client_start(struct lianxin_client *client,
                                         Lianxin__V1__Request *request);
MUST_CHECK enum err lianxin_client_step(struct lianxin_client *client, int timeout_ms,
                                        Lianxin__V1__Reply **reply);

/* -- submitter ------------------------------------------------------------------------------- */

struct lianxin_submitter_options {
    /* Called from step, exactly once for each case that submit took, in no promised order. Since a
     * case may have been sent twice, duplicate is as good an answer as accepted. The answer is
     * borrowed for the call. May submit; to step or close from here aborts. Required. */
    void (*answered)(void *self, uint64_t tag, const Lianxin__V1__Answer *answer);
    void *self;

    bool strict;          /* what is doubtful is invalid, instead of going to the desk */
    uint32_t window;      /* cases unanswered at a time, at most; 0: 4096 */
    uint32_t per_message; /* cases a message, at most; 0: 64 */
    uint32_t resend_ms;   /* without a reply for so long, send again; 0: 3000 */
    uint32_t give_up_ms;  /* after its first step; then a case is answered with "try again", the
                           * engine's or the submitter's own; 0: never */
    void *context;
    const struct clock *clock;
};

struct lianxin_submitter;

/* As lianxin_client_open. */
MUST_CHECK enum err lianxin_submitter_open(const char *front,
                                           const struct lianxin_submitter_options *options,
                                           struct lianxin_submitter **submitter);

/* NULL is fine. Cases unanswered are forgotten: submit them again another time, with the same
 * external ids. */
void lianxin_submitter_close(struct lianxin_submitter **submitter);

/* Copies the case; it travels with the next step, together with what else waits. The tag is the
 * caller's own and comes back with the answer. ERR_FULL: the window is; step, and submit again.
 * ERR_INVALID: the case is larger than any engine takes. */
MUST_CHECK enum err lianxin_submitter_submit(struct lianxin_submitter *submitter,
                                             const Lianxin__V1__Case *ticket, uint64_t tag);

/* Sends what waits and what is due again, and hands over the answers that have come. ERR_INVALID:
 * a reply that cannot be read, which counts as none. ERR_IO. */
MUST_CHECK enum err lianxin_submitter_step(struct lianxin_submitter *submitter, int timeout_ms);

/* Cases taken and not answered yet. */
uint32_t lianxin_submitter_pending(const struct lianxin_submitter *submitter);

/* -- watcher --------------------------------------------------------------------------------- */

/* Where to begin with a unit that has no cursor. */
enum lianxin_start {
    LIANXIN_FROM_FIRST, /* with its first event */
    LIANXIN_FROM_NOW,   /* behind its head at the time of subscription */
};

struct lianxin_watcher_options {
    /* Called from step for each event of each unit, sequence by sequence, exactly once where it
     * returns true. False: cannot be handled now; it is offered again after a pause, and nothing of
     * that unit before it. Unit and event are borrowed for the call. May ask for position and
     * caught_up; to step, close or set a cursor from here aborts. Required. */
    bool (*event)(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event);
    void *self;

    enum lianxin_start start;
    uint32_t resend_ms; /* without a reply for so long, ask again; 0: 1000 */
    void *context;
    const struct clock *clock;
};

struct lianxin_watcher;

/* Subscribes to all units whose names begin with one of the prefixes: "511126" is a county, "" all.
 * Both endpoints are of the same engine. Else as lianxin_client_open. */
MUST_CHECK enum err lianxin_watcher_open(const char *front, const char *feed,
                                         const char *const *prefixes, size_t prefixes_count,
                                         const struct lianxin_watcher_options *options,
                                         struct lianxin_watcher **watcher);

/* NULL is fine. */
void lianxin_watcher_close(struct lianxin_watcher **watcher);

/* Sets the sequence of a unit last handled, as the caller stored it with what it did. Best before
 * the first step. Back is allowed: the events behind it are handed over again. Not from a callback.
 * ERR_INVALID: no name of a unit. */
MUST_CHECK enum err lianxin_watcher_set_cursor(struct lianxin_watcher *watcher, const char *name,
                                               uint64_t sequence);

/* Takes what has come, hands over what is next, asks for what is missing. ERR_INVALID: the engine
 * refused to replay or spoke nonsense; it is asked again after a pause. ERR_NOT_FOUND: a cursor,
 * or what was handed over, lies beyond the end of its feed, so this is not the store that it came
 * from; said again at every announcement of that feed, whose events up to there are not handed
 * over. ERR_IO. */
MUST_CHECK enum err lianxin_watcher_step(struct lianxin_watcher *watcher, int timeout_ms);

/* The sequence last handled; 0 for a unit not heard of. */
uint64_t lianxin_watcher_position(const struct lianxin_watcher *watcher, const char *name);

/* Has the engine told the heads below every prefix, and has all that is known to exist been handed
 * over? */
bool lianxin_watcher_caught_up(const struct lianxin_watcher *watcher);

#endif
