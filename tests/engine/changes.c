#include "tests/engine/changes.h"

#include <criterion/criterion.h>

static const char *const functions[BOOKS] = {"urban", "water", "police"};
static const char *const units[BOOKS] = {URBAN, WATER, POLICE};

const char *books_unit(uint32_t index)
{
    return units[index];
}

void books_open(struct books *books)
{
    for (uint32_t i = 0; i < BOOKS; i++) {
        small_city_make(&books->cities[i]);
        small_book_write(&books->cities[i], functions[i]);
    }
    bench_open_city(&books->bench, books->cities[0].directory);
}

void books_close(struct books *books)
{
    engine_destroy(&books->bench.engine);
    small_verify(books->bench.store);
    bench_close(&books->bench);
    for (uint32_t i = 0; i < BOOKS; i++)
        small_city_remove(&books->cities[i]);
}

Lianxin__V1__Reply *ask_load(struct bench_engine *bench, const char *directory)
{
    Lianxin__V1__Load load = LIANXIN__V1__LOAD__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    load.directory = (char *)directory;
    load.by = "王芳";
    load.note = "新的目录";
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOAD;
    request.load = &load;
    return bench_ask(bench, &request);
}

Lianxin__V1__Reply *ask_rollback(struct bench_engine *bench, const char *to)
{
    Lianxin__V1__Rollback rollback = LIANXIN__V1__ROLLBACK__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    rollback.to = (char *)to;
    rollback.by = "李雷";
    request.body_case = LIANXIN__V1__REQUEST__BODY_ROLLBACK;
    request.rollback = &rollback;
    return bench_ask(bench, &request);
}

Lianxin__V1__Reply *ask_history(struct bench_engine *bench, uint64_t before, uint32_t limit)
{
    Lianxin__V1__History history = LIANXIN__V1__HISTORY__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    history.before = before;
    history.limit = limit;
    request.body_case = LIANXIN__V1__REQUEST__BODY_HISTORY;
    request.history = &history;
    return bench_ask(bench, &request);
}

static uint64_t expect_changed(Lianxin__V1__Reply *reply, uint32_t policy)
{
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_CHANGED, "%s",
                 reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR ? reply->error->message : "");
    for (size_t i = 0; i < reply->changed->n_findings; i++)
        fprintf(stderr, "%s\n", reply->changed->findings[i]->text);
    cr_assert(reply->changed->changed);
    cr_expect_eq(reply->changed->in_force->book->policy, policy, "%u",
                 reply->changed->in_force->book->policy);
    uint64_t from_serial = reply->changed->in_force->from_serial;
    reply_free(reply);
    return from_serial;
}

uint64_t load(struct bench_engine *bench, const char *directory, uint32_t policy)
{
    return expect_changed(ask_load(bench, directory), policy);
}

uint64_t roll_back(struct bench_engine *bench, const char *to, uint32_t policy)
{
    return expect_changed(ask_rollback(bench, to), policy);
}

void expect_in_force(struct bench_engine *bench, uint32_t policy, uint64_t from_serial)
{
    Lianxin__V1__Reply *reply = bench_status(bench);
    cr_expect_eq(reply->status->policy, policy, "%u", reply->status->policy);
    cr_expect_eq(reply->status->policy_from_serial, from_serial, "from %llu",
                 (unsigned long long)reply->status->policy_from_serial);
    cr_expect_eq(reply->status->policy_since_ms > 0, from_serial > 1);
    reply_free(reply);
}

void expect_changes(struct bench_engine *bench, size_t count)
{
    Lianxin__V1__Reply *reply = ask_history(bench, 0, 0);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_HISTORY);
    cr_expect_eq(reply->history->n_changes, count, "%zu", reply->history->n_changes);
    reply_free(reply);
}

void expect_decided(struct bench_engine *bench, const char *id, uint32_t policy, const char *unit)
{
    Lianxin__V1__Case one = small_case(id);
    Lianxin__V1__Reply *reply = bench_submit(bench, &one);
    cr_assert_eq(outcome_of(reply), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED, "%s: %s", id,
                 answer_of(reply, 0)->message);
    Lianxin__V1__Reply *ticket = bench_lookup(bench, answer_of(reply, 0)->number);
    cr_assert_eq(ticket->body_case, LIANXIN__V1__REPLY__BODY_TICKET);
    cr_expect_eq(last_event(ticket)->decision->policy, policy, "%s: %u", id,
                 last_event(ticket)->decision->policy);
    cr_expect_not_null(part_of(last_event(ticket), unit), "%s", id);
    reply_free(ticket);
    reply_free(reply);
}

void expect_refused(Lianxin__V1__Reply *reply, const char *field, const char *part)
{
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR, "%d", (int)reply->body_case);
    cr_expect_str_eq(reply->error->field, field);
    cr_expect_not_null(strstr(reply->error->message, part), "'%s' is not in '%s'", part,
                       reply->error->message);
    reply_free(reply);
}
