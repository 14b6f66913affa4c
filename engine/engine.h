/* engine - the pieces put together: policy, store, sockets, stages, threads.
 *
 * The only place that knows all of them. Everything is allocated in engine_create() and sealed;
 * what libzmq and LMDB allocate behind us is listed in ARCHITECTURE.md. Belongs to the thread that
 * made it; its stages belong to its workers from engine_start() to engine_stop().
 */
#ifndef ENGINE_H
#define ENGINE_H

#include "base/diag.h"
#include "stages/pipeline.h"

#define LIANXIN_RELEASE "0.1"

enum { ENGINE_ENDPOINT_BYTES_MAX = 256, ENGINE_STAGES = 8 };

struct engine_options {
    const char *city;  /* directory with its tables; NULL: what was in force last in the store */
    bool keep;         /* that also where there is a city, which is then for a store without a book,
                          and for engine_reload() */
    const char *by;    /* who starts it, for the history; NULL: nobody that has a name */
    const char *store; /* directory of the store; made if it does not exist */
    const char *front; /* endpoints to bind; see engine_endpoint_fault() */
    const char *feed;
    uint32_t threads; /* 1, 2, 4 or 6 for the pipeline; 0: the stages are stepped by hand */
    uint64_t slots;   /* of the ring, a power of two; 0 means PIPELINE_SLOTS */
    size_t map_bytes; /* see store.h; 0 means a terabyte of address space */
    const struct clock *clock; /* NULL means the machine's */
};

struct engine;

/* Why an endpoint may not be bound, or NULL where it may: ipc, inproc, and TCP on a loopback
 * address. Who may submit, read and act cannot be told apart yet, so nobody outside is let in. */
const char *engine_endpoint_fault(const char *endpoint);

/* Refuses with everything that is wrong in diag: a city with errors, a store in use or of another
 * format, an address in use or not allowed. Where the city is not what was in force last, the
 * change is recorded, and said. */
MUST_CHECK enum err engine_create(const struct engine_options *options, struct diag *diag,
                                  struct engine **engine);

/* Starts the threads. ERR_IO where none are to be had. Not with threads = 0. */
MUST_CHECK enum err engine_start(struct engine *engine);

/* Has the city's directory read again: a new book comes into force while all goes on, a wrong one
 * is told of and changes nothing. One thread at a time, and not after engine_stop(). */
void engine_reload(struct engine *engine);

/* Takes no more in, does and answers all that was taken, and ends the threads. */
void engine_stop(struct engine *engine);

/* For a signal handler, when the process is about to die of a bug: notes what is in work, so that
 * the next engine on this store is careful with it (stages/guard.h). Any thread, async-signal-safe.
 */
void engine_note_failure(struct engine *engine);

/* Closes what was opened. After engine_stop(), or without engine_start(). */
void engine_destroy(struct engine **engine);

/* The endpoint as it was bound, with its port where "*" was asked for. */
const char *engine_front(const struct engine *engine);
const char *engine_feed(const struct engine *engine);

/* With threads = 0: the stages in pipeline order, then the reader and the loader, to be stepped in
 * any order. */
struct stage *engine_stage(struct engine *engine, uint32_t index);

/* The ZeroMQ context, for inproc clients in tests. */
void *engine_context(struct engine *engine);

/* The one in force. Before engine_start() and after engine_stop(); else only where nobody changes
 * it. */
const struct policy *engine_policy(const struct engine *engine);

#endif
