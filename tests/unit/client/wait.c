/* A step with nothing to do waits: it does not ask to be woken by a connection that is merely
 * ready. What zmq_poll is asked is noted here, in its place. */
#include "fake.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <zmq.h>

static short polled; /* the events that the latest zmq_poll was to wait for on its first socket */

int zmq_poll(zmq_pollitem_t *items, int count, long timeout_ms)
{
    int (*real)(zmq_pollitem_t *, int, long);
    *(void **)&real = dlsym(RTLD_NEXT, "zmq_poll");
    polled = items[0].events;
    return real(items, count, timeout_ms);
}

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    (void)self, (void)tag;
    cr_expect_eq(answer->outcome, LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN);
}

/* A case is given up before there was anybody to send it to. */
Test(wait, a_submitter_that_gave_up_does_not_wait_to_send)
{
    struct fake fake;
    struct lianxin_submitter *submitter;
    Lianxin__V1__Case ticket = LIANXIN__V1__CASE__INIT;
    fake_open_ipc(&fake);
    fake_stop(&fake);
    struct lianxin_submitter_options options = {
        .answered = answered, .give_up_ms = 100, .clock = &fake.clock};
    cr_assert_eq(lianxin_submitter_open(fake.front, &options, &submitter), OK);
    cr_assert_eq(lianxin_submitter_submit(submitter, &ticket, 1), OK);
    cr_assert_eq(lianxin_submitter_step(submitter, 0), OK);
    cr_expect_eq(polled, ZMQ_POLLIN | ZMQ_POLLOUT);
    fake_pass_ms(&fake, 100);
    cr_assert_eq(lianxin_submitter_step(submitter, 0), OK);
    cr_assert_eq(lianxin_submitter_pending(submitter), 0);
    cr_assert_eq(lianxin_submitter_step(submitter, 0), OK);
    cr_expect_eq(polled, ZMQ_POLLIN);
    lianxin_submitter_close(&submitter);
    fake_close(&fake);
}
