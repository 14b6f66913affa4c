#include "tests/engine/requests.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <zmq.h>

Lianxin__V1__Reply *bench_ask(struct bench_engine *bench, Lianxin__V1__Request *request)
{
    struct lianxin_client *client;
    Lianxin__V1__Reply *reply = NULL;
    cr_assert_eq(lianxin_client_open(bench->front, NULL, &client), OK);
    cr_assert_eq(lianxin_client_start(client, request), OK);
    enum err err = ERR_TIMEOUT;
    for (int i = 0; i < STEPS_MAX && err == ERR_TIMEOUT; i++) {
        bench_step(bench);
        err = lianxin_client_step(client, 0, &reply);
    }
    cr_assert_eq(err, OK, "no reply: %s", err_name(err));
    lianxin_client_close(&client);
    return reply;
}

/* A submit whose list of cases lives until the caller's next one. */
static Lianxin__V1__Request submit_of(Lianxin__V1__Case *cases, size_t count, bool strict)
{
    static Lianxin__V1__Case *pointers[LIANXIN_SUBMIT_CASES_MAX + 1];
    static Lianxin__V1__Submit submit;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    cr_assert_leq(count, LIANXIN_SUBMIT_CASES_MAX + 1);
    for (size_t i = 0; i < count; i++)
        pointers[i] = &cases[i];
    lianxin__v1__submit__init(&submit);
    submit.n_cases = count;
    submit.cases = pointers;
    submit.strict = strict;
    request.version = LIANXIN_VERSION;
    request.body_case = LIANXIN__V1__REQUEST__BODY_SUBMIT;
    request.submit = &submit;
    return request;
}

Lianxin__V1__Reply *bench_submit_all(struct bench_engine *bench, Lianxin__V1__Case *cases,
                                     size_t count, bool strict)
{
    Lianxin__V1__Request request = submit_of(cases, count, strict);
    Lianxin__V1__Reply *reply = bench_ask(bench, &request);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ANSWERS);
    cr_assert_eq(reply->answers->n_answers, count);
    return reply;
}

Lianxin__V1__Reply *bench_submit(struct bench_engine *bench, Lianxin__V1__Case *one)
{
    return bench_submit_all(bench, one, 1, false);
}

Lianxin__V1__Reply *bench_act(struct bench_engine *bench, Lianxin__V1__Act *act)
{
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_ACT;
    request.act = act;
    Lianxin__V1__Reply *reply = bench_ask(bench, &request);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ANSWERS);
    cr_assert_eq(reply->answers->n_answers, 1);
    return reply;
}

Lianxin__V1__Reply *bench_replay(struct bench_engine *bench, const char *unit, uint64_t first,
                                 uint32_t limit)
{
    Lianxin__V1__Replay replay = LIANXIN__V1__REPLAY__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    replay.unit = (char *)unit;
    replay.first = first;
    replay.limit = limit;
    request.body_case = LIANXIN__V1__REQUEST__BODY_REPLAY;
    request.replay = &replay;
    return bench_ask(bench, &request);
}

Lianxin__V1__Reply *bench_lookup(struct bench_engine *bench, const char *number)
{
    Lianxin__V1__Lookup lookup = LIANXIN__V1__LOOKUP__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    lookup.number = (char *)number;
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOOKUP;
    request.lookup = &lookup;
    return bench_ask(bench, &request);
}

Lianxin__V1__Reply *bench_status(struct bench_engine *bench)
{
    Lianxin__V1__Status status = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    Lianxin__V1__Reply *reply = bench_ask(bench, &request);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_STATUS);
    return reply;
}

Lianxin__V1__Case bench_case(const char *external_id)
{
    Lianxin__V1__Case one = LIANXIN__V1__CASE__INIT;
    one.source = "test";
    one.external_id = (char *)external_id;
    one.channel = LIANXIN__V1__CHANNEL__CHANNEL_WECHAT;
    one.type = LIANXIN__V1__TYPE__TYPE_COMPLAINT;
    one.category = "0701";
    one.place = "511126";
    one.title = "夜间施工噪声";
    return one;
}

Lianxin__V1__Act bench_action(const char *external_id, const char *number, Lianxin__V1__Verb verb,
                              const char *unit)
{
    Lianxin__V1__Act act = LIANXIN__V1__ACT__INIT;
    act.source = "test-act";
    act.external_id = (char *)external_id;
    act.number = (char *)number;
    act.verb = verb;
    if (verb == LIANXIN__V1__VERB__VERB_REASSIGN)
        act.to_unit = (char *)unit;
    else
        act.unit = (char *)unit;
    if (verb == LIANXIN__V1__VERB__VERB_RETURN)
        act.reason = LIANXIN__V1__REASON__REASON_NOT_OUR_DUTY;
    return act;
}

const Lianxin__V1__Answer *answer_of(const Lianxin__V1__Reply *reply, size_t index)
{
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ANSWERS);
    cr_assert_lt(index, reply->answers->n_answers);
    return reply->answers->answers[index];
}

Lianxin__V1__Outcome outcome_of(const Lianxin__V1__Reply *reply)
{
    return answer_of(reply, 0)->outcome;
}

void reply_free(Lianxin__V1__Reply *reply)
{
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

/* -- by hand ----------------------------------------------------------------------------------- */

void adapter_open(struct adapter *adapter, const struct bench_engine *bench)
{
    int linger = 0;
    int unlimited = 0;
    adapter->context = zmq_ctx_new();
    adapter->dealer = zmq_socket(adapter->context, ZMQ_DEALER);
    zmq_setsockopt(adapter->dealer, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(adapter->dealer, ZMQ_SNDHWM, &unlimited, sizeof unlimited);
    cr_assert_eq(zmq_connect(adapter->dealer, bench->front), 0);
}

void adapter_close(struct adapter *adapter)
{
    zmq_close(adapter->dealer);
    zmq_ctx_term(adapter->context);
}

void adapter_send(struct adapter *adapter, const struct span *frames, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int sent = zmq_send(adapter->dealer, frames[i].data, frames[i].bytes,
                            ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0));
        cr_assert_eq(sent, (int)frames[i].bytes);
    }
}

void adapter_request(struct adapter *adapter, Lianxin__V1__Request *request)
{
    request->version = LIANXIN_VERSION;
    size_t bytes = lianxin__v1__request__get_packed_size(request);
    uint8_t *frame = malloc(bytes);
    lianxin__v1__request__pack(request, frame);
    adapter_send(adapter, &(struct span){frame, bytes}, 1);
    free(frame);
}

void adapter_submit(struct adapter *adapter, Lianxin__V1__Case *cases, size_t count)
{
    Lianxin__V1__Request request = submit_of(cases, count, false);
    adapter_request(adapter, &request);
}

/* A reply to a request with a delimiter has one too. */
static bool receive_frame(struct adapter *adapter, zmq_msg_t *frame)
{
    if (zmq_msg_recv(frame, adapter->dealer, ZMQ_DONTWAIT) < 0)
        return false;
    if (zmq_msg_size(frame) == 0 && zmq_msg_more(frame))
        cr_assert_geq(zmq_msg_recv(frame, adapter->dealer, ZMQ_DONTWAIT), 0);
    cr_assert_not(zmq_msg_more(frame), "more frames than there should be");
    return true;
}

Lianxin__V1__Reply *adapter_look(struct adapter *adapter)
{
    zmq_msg_t frame;
    Lianxin__V1__Reply *reply = NULL;
    zmq_msg_init(&frame);
    if (receive_frame(adapter, &frame)) {
        reply = lianxin__v1__reply__unpack(NULL, zmq_msg_size(&frame), zmq_msg_data(&frame));
        cr_assert_not_null(reply);
    }
    zmq_msg_close(&frame);
    return reply;
}

Lianxin__V1__Reply *adapter_receive(struct adapter *adapter, struct bench_engine *bench,
                                    uint32_t one_stage)
{
    Lianxin__V1__Reply *reply = NULL;
    for (int i = 0; i < STEPS_MAX && reply == NULL; i++) {
        if (one_stage == ALL_STAGES)
            bench_step(bench);
        else
            stage_step(engine_stage(bench->engine, one_stage));
        reply = adapter_look(adapter);
    }
    cr_assert_not_null(reply, "no reply");
    return reply;
}
