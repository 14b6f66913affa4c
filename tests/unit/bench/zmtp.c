/* The harness's own ZMTP: frames of all sizes are found again wherever the bytes are cut, and
 * libzmq takes it for one of its own (load.c has a ROUTER; here is a XPUB). */
#include "bench/zmtp.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

enum { BYTES_MAX = 100000, WAIT_MS = 20000 };

static uint8_t bytes[BYTES_MAX + ZMTP_HEAD_BYTES + 100];

Test(zmtp, finds_a_frame_once_it_is_whole)
{
    static const size_t sizes[] = {0, 1, 255, 256, 65536, BYTES_MAX};
    struct zmtp_frame frame;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        zmtp_write_head(bytes, sizes[i]);
        size_t whole = ZMTP_HEAD_BYTES + sizes[i];
        for (size_t cut = 0; cut < whole; cut += cut < 300 ? 1 : 997) {
            struct span rest = span_of(bytes, cut);
            cr_assert(!zmtp_take(&rest, &frame), "%zu of %zu bytes", cut, whole);
            cr_assert_eq(rest.bytes, cut);
        }
        struct span rest = span_of(bytes, whole + 7);
        cr_assert(zmtp_take(&rest, &frame));
        cr_expect_eq(frame.body.bytes, sizes[i]);
        cr_expect_eq(frame.body.data, bytes + ZMTP_HEAD_BYTES);
        cr_expect(!frame.more && !frame.command);
        cr_expect_eq(rest.bytes, 7);
    }
}

Test(zmtp, knows_short_frames_and_flags)
{
    static const uint8_t topic[] = {1, 2, 'a', 'b', 4, 1, 'c', 0, 0};
    struct zmtp_frame frame;
    struct span rest = span_of(topic, sizeof topic);
    cr_assert(zmtp_take(&rest, &frame));
    cr_expect(span_is(frame.body, "ab"));
    cr_expect(frame.more && !frame.command);
    cr_assert(zmtp_take(&rest, &frame));
    cr_expect(span_is(frame.body, "c"));
    cr_expect(!frame.more && frame.command);
    cr_assert(zmtp_take(&rest, &frame));
    cr_expect_eq(frame.body.bytes, 0);
    cr_expect(!frame.more && !frame.command);
    cr_expect(!zmtp_take(&rest, &frame));
}

/* A length that no memory holds is one that is not there yet, and no address. */
Test(zmtp, is_not_led_astray_by_a_length)
{
    struct zmtp_frame frame;
    zmtp_write_head(bytes, SIZE_MAX);
    struct span rest = span_of(bytes, sizeof bytes);
    cr_expect(!zmtp_take(&rest, &frame));
}

static void expect_frame(int fd, const char *text, bool more)
{
    struct zmtp_frame frame;
    size_t used = 0;
    struct span rest = {0};
    do {
        rest = span_of(bytes, used);
        if (zmtp_take(&rest, &frame))
            break;
        cr_assert_eq(read(fd, bytes + used, 1), 1);
        used++;
    } while (used < 100);
    cr_expect(span_is(frame.body, text));
    cr_expect_eq(frame.more, more);
}

Test(zmtp, subscribes_to_what_libzmq_publishes)
{
    char endpoint[64];
    char told[16];
    int wait_ms = WAIT_MS;
    void *context = zmq_ctx_new();
    void *xpub = zmq_socket(context, ZMQ_XPUB);
    snprintf(endpoint, sizeof endpoint, "ipc:///tmp/lianxin-zmtp-%d", (int)getpid());
    zmq_setsockopt(xpub, ZMQ_RCVTIMEO, &wait_ms, sizeof wait_ms);
    cr_assert_eq(zmq_bind(xpub, endpoint), 0);
    int fd = zmtp_connect(endpoint, "SUB");
    zmtp_subscribe(fd, "unit.");
    cr_assert_eq(zmq_recv(xpub, told, sizeof told, 0), 6);
    cr_expect_arr_eq(told, "\1unit.", 6);
    zmq_send(xpub, "other.", 6, ZMQ_SNDMORE);
    zmq_send(xpub, "not for us", 10, 0);
    zmq_send(xpub, "unit.1", 6, ZMQ_SNDMORE);
    zmq_send(xpub, "for us", 6, 0);
    expect_frame(fd, "unit.1", true);
    expect_frame(fd, "for us", false);
    close(fd);
    zmq_close(xpub);
    zmq_ctx_term(context);
}
