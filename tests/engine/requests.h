/* requests - what adapters and units send, in one line each, and the replies to it.
 *
 * All of it in the test's own thread: whoever waits for a reply steps the engine meanwhile. Replies
 * are the caller's, to be given back with reply_free().
 */
#ifndef TESTS_ENGINE_REQUESTS_H
#define TESTS_ENGINE_REQUESTS_H

#include "tests/engine/bench_engine.h"

#include "base/span.h"

#define ENVIRONMENT "511126000000.environment" /* who gets bench_case() */

/* -- by the client library --------------------------------------------------------------------- */

/* Sends one request and steps until its reply is there. */
Lianxin__V1__Reply *bench_ask(struct bench_engine *bench, Lianxin__V1__Request *request);

/* Several cases in one message; the reply has an answer for each. */
Lianxin__V1__Reply *bench_submit_all(struct bench_engine *bench, Lianxin__V1__Case *cases,
                                     size_t count, bool strict);
Lianxin__V1__Reply *bench_submit(struct bench_engine *bench, Lianxin__V1__Case *one);
Lianxin__V1__Reply *bench_act(struct bench_engine *bench, Lianxin__V1__Act *act);

/* The reply may be an Error. */
Lianxin__V1__Reply *bench_replay(struct bench_engine *bench, const char *unit, uint64_t first,
                                 uint32_t limit);
Lianxin__V1__Reply *bench_lookup(struct bench_engine *bench, const char *number);
Lianxin__V1__Reply *bench_status(struct bench_engine *bench);

/* A case with what is required, and a place. Strings are borrowed. */
Lianxin__V1__Case bench_case(const char *external_id);

/* An act with what its verb requires; unit is who acts, or to whom a reassignment goes. */
Lianxin__V1__Act bench_action(const char *external_id, const char *number, Lianxin__V1__Verb verb,
                              const char *unit);

const Lianxin__V1__Answer *answer_of(const Lianxin__V1__Reply *reply, size_t index);
Lianxin__V1__Outcome outcome_of(const Lianxin__V1__Reply *reply);
void reply_free(Lianxin__V1__Reply *reply);

/* -- by hand ----------------------------------------------------------------------------------- */

/* An adapter without the library: it sends what it likes, and reads replies when it likes. */
struct adapter {
    void *context, *dealer;
};

void adapter_open(struct adapter *adapter, const struct bench_engine *bench);
void adapter_close(struct adapter *adapter);

/* Sends frames as they are, without stepping. */
void adapter_send(struct adapter *adapter, const struct span *frames, size_t count);
void adapter_request(struct adapter *adapter, Lianxin__V1__Request *request);
void adapter_submit(struct adapter *adapter, Lianxin__V1__Case *cases, size_t count);

/* A reply that is there now, or NULL. */
Lianxin__V1__Reply *adapter_look(struct adapter *adapter);

/* Steps the engine, or with one_stage only that stage, until a reply is there. */
enum { ALL_STAGES = ENGINE_STAGES };
Lianxin__V1__Reply *adapter_receive(struct adapter *adapter, struct bench_engine *bench,
                                    uint32_t one_stage);

#endif
