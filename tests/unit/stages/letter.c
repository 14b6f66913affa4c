/* Letters on a ROUTER: with and without the empty delimiter, with frames too few and too many, and
 * replies that find their sender in the envelope it used. */
#include "stages/letter.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

enum { FRAMES_MAX = 8, FRAME_BYTES_MAX = 256, QUEUE_LENGTH = 4 };

static void *context, *router, *client;
static struct letter letter;

static void *make(int type)
{
    int none = 0;
    int length = QUEUE_LENGTH;
    void *socket = zmq_socket(context, type);
    cr_assert_not_null(socket);
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &length, sizeof length);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &length, sizeof length);
    return socket;
}

static void *connect_client(const char *name)
{
    void *socket = make(ZMQ_DEALER);
    cr_assert_eq(zmq_setsockopt(socket, ZMQ_ROUTING_ID, name, strlen(name)), 0);
    cr_assert_eq(zmq_connect(socket, "inproc://letters"), 0);
    return socket;
}

static void set_up(void)
{
    int mandatory = 1;
    context = zmq_ctx_new();
    router = make(ZMQ_ROUTER);
    cr_assert_eq(zmq_setsockopt(router, ZMQ_ROUTER_MANDATORY, &mandatory, sizeof mandatory), 0);
    cr_assert_eq(zmq_bind(router, "inproc://letters"), 0);
    client = connect_client("client");
}

static void tear_down(void)
{
    zmq_close(client);
    zmq_close(router);
    zmq_ctx_term(context);
}

TestSuite(letter, .init = set_up, .fini = tear_down, .timeout = 20);

/* Sends one message of so many frames. */
static void post(void *socket, int count, ...)
{
    va_list frames;
    va_start(frames, count);
    for (int i = 0; i < count; i++) {
        const char *frame = va_arg(frames, const char *);
        int flags = ZMQ_DONTWAIT | (i < count - 1 ? ZMQ_SNDMORE : 0);
        cr_assert_eq(zmq_send(socket, frame, strlen(frame), flags), (int)strlen(frame));
    }
    va_end(frames);
}

/* The frames of the next message, with '|' between them. */
static const char *got(void *socket)
{
    static char text[FRAMES_MAX * FRAME_BYTES_MAX];
    size_t used = 0;
    int more = 1;
    size_t more_bytes = sizeof more;
    text[0] = '\0';
    for (int i = 0; more != 0; i++) {
        char frame[FRAME_BYTES_MAX];
        int bytes = zmq_recv(socket, frame, sizeof frame, ZMQ_DONTWAIT);
        if (bytes < 0)
            return "nothing";
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s", i > 0 ? "|" : "", bytes,
                                 frame);
        zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &more_bytes);
    }
    return text;
}

static bool reply_with(struct letter *to, const char *text)
{
    zmq_msg_t reply;
    cr_assert_eq(zmq_msg_init_size(&reply, strlen(text)), 0);
    memcpy(zmq_msg_data(&reply), text, strlen(text));
    return letter_reply(router, to, &reply);
}

static void nothing_waits(void)
{
    struct letter none;
    cr_expect_eq(letter_receive(router, &none), LETTER_NONE);
}

Test(letter, none_waits_on_a_quiet_socket)
{
    nothing_waits();
    nothing_waits();
}

Test(letter, without_a_delimiter_is_answered_without)
{
    post(client, 1, "question");
    memset(&letter, 0xA5, sizeof letter);
    cr_assert_eq(letter_receive(router, &letter), LETTER_OK);
    cr_expect(span_is(letter_bytes(&letter), "question"));
    cr_expect(!letter.delimiter);
    cr_expect(letter.id == 0 && letter.first == 0 && letter.limit == 0);
    cr_expect(reply_with(&letter, "answer"));
    cr_expect_str_eq(got(client), "answer");
    letter_close(&letter);
    nothing_waits();
}

Test(letter, with_a_delimiter_is_answered_with_one)
{
    post(client, 2, "", "question");
    cr_assert_eq(letter_receive(router, &letter), LETTER_OK);
    cr_expect(span_is(letter_bytes(&letter), "question"));
    cr_expect(letter.delimiter);
    cr_expect(reply_with(&letter, "answer"));
    cr_expect_str_eq(got(client), "|answer");
    letter_close(&letter);
    nothing_waits();
}

Test(letter, without_a_request_is_missing_it_and_can_be_answered)
{
    post(client, 1, "");
    cr_expect_eq(letter_receive(router, &letter), LETTER_MISSING);
    cr_expect(reply_with(&letter, "empty"));
    cr_expect_str_eq(got(client), "empty");
    letter_close(&letter);

    post(client, 2, "", "");
    cr_expect_eq(letter_receive(router, &letter), LETTER_MISSING);
    cr_expect(reply_with(&letter, "empty"));
    cr_expect_str_eq(got(client), "|empty");
    letter_close(&letter);

    post(client, 3, "", "", "behind");
    cr_expect_eq(letter_receive(router, &letter), LETTER_MISSING);
    letter_close(&letter);
    nothing_waits();
}

Test(letter, with_frames_too_many_is_read_to_its_end_and_can_be_answered)
{
    post(client, 2, "one", "two");
    post(client, 4, "", "one", "two", "three");
    post(client, 2, "one", "");
    post(client, 1, "next");
    cr_assert_eq(letter_receive(router, &letter), LETTER_EXTRA);
    cr_expect(reply_with(&letter, "too many"));
    cr_expect_str_eq(got(client), "too many");
    letter_close(&letter);
    cr_assert_eq(letter_receive(router, &letter), LETTER_EXTRA);
    cr_expect(reply_with(&letter, "too many"));
    cr_expect_str_eq(got(client), "|too many");
    letter_close(&letter);
    cr_assert_eq(letter_receive(router, &letter), LETTER_EXTRA);
    letter_close(&letter);
    cr_assert_eq(letter_receive(router, &letter), LETTER_OK);
    cr_expect(span_is(letter_bytes(&letter), "next"));
    letter_close(&letter);
    nothing_waits();
}

Test(letter, can_be_answered_later_than_others_and_more_than_once)
{
    struct letter first;
    struct letter second;
    void *other = connect_client("other");
    post(client, 1, "of the client");
    post(other, 2, "", "of the other");
    cr_assert_eq(letter_receive(router, &first), LETTER_OK);
    cr_assert_eq(letter_receive(router, &second), LETTER_OK);
    struct letter *of_client = first.delimiter ? &second : &first;
    struct letter *of_other = first.delimiter ? &first : &second;
    cr_expect(span_is(letter_bytes(of_client), "of the client"));
    cr_expect(span_is(letter_bytes(of_other), "of the other"));
    cr_expect(reply_with(&second, "to the second"));
    cr_expect(reply_with(&first, "to the first"));
    cr_expect(reply_with(of_client, "again"));
    cr_expect_str_eq(got(client), of_client == &first ? "to the first" : "to the second");
    cr_expect_str_eq(got(client), "again");
    cr_expect_str_eq(got(other), of_other == &first ? "|to the first" : "|to the second");
    cr_expect_str_eq(got(other), "nothing");
    letter_close(&first);
    letter_close(&second);
    zmq_close(other);
}

/* Short messages live inside of zmq_msg_t, long ones outside; both must move. */
Test(letter, moves_with_all_that_it_is)
{
    char text[200];
    for (size_t bytes = 1; bytes < sizeof text; bytes += 33) {
        struct letter moved;
        memset(text, 'x', bytes);
        text[bytes] = '\0';
        post(client, 2, "", text);
        cr_assert_eq(letter_receive(router, &letter), LETTER_OK);
        letter.id = bytes;
        letter_move(&moved, &letter);
        memset(&letter, 0xA5, sizeof letter);
        cr_expect(moved.delimiter);
        cr_expect_eq(moved.id, bytes);
        cr_expect(span_is(letter_bytes(&moved), text));
        cr_expect(reply_with(&moved, "answer"));
        cr_expect_str_eq(got(client), "|answer");
        letter_close(&moved);
    }
}

Test(letter, whose_sender_takes_no_more_is_refused_until_it_does)
{
    int sent = 0;
    post(client, 2, "", "question");
    cr_assert_eq(letter_receive(router, &letter), LETTER_OK);
    while (reply_with(&letter, "answer"))
        cr_assert_lt(sent++, 4 * QUEUE_LENGTH, "the queue has no end");
    cr_expect_gt(sent, 0);
    for (int i = 0; i < sent; i++)
        cr_expect_str_eq(got(client), "|answer", "half an envelope");
    cr_expect_str_eq(got(client), "nothing");
    letter_close(&letter);
}

Test(letter, whose_sender_the_router_does_not_know_any_more_is_refused)
{
    post(client, 2, "", "question");
    cr_assert_eq(letter_receive(router, &letter), LETTER_OK);
    zmq_msg_close(&letter.sender);
    cr_assert_eq(zmq_msg_init_size(&letter.sender, 4), 0);
    memcpy(zmq_msg_data(&letter.sender), "gone", 4);
    cr_expect(!reply_with(&letter, "answer"));
    cr_expect_str_eq(got(client), "nothing");
    letter_close(&letter);

    post(client, 1, "question");
    cr_assert_eq(letter_receive(router, &letter), LETTER_OK);
    cr_expect(reply_with(&letter, "answer"));
    cr_expect_str_eq(got(client), "answer", "the others are answered as before");
    letter_close(&letter);
}
