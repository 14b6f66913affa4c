#include "tests/engine/explained.h"

#include <criterion/criterion.h>

Lianxin__V1__Explain of_case(Lianxin__V1__Case *one)
{
    Lianxin__V1__Explain explain = LIANXIN__V1__EXPLAIN__INIT;
    explain.body_case = LIANXIN__V1__EXPLAIN__BODY_CASE;
    explain.case_ = one;
    return explain;
}

Lianxin__V1__Explain of_ticket(const char *number)
{
    Lianxin__V1__Explain explain = LIANXIN__V1__EXPLAIN__INIT;
    explain.body_case = LIANXIN__V1__EXPLAIN__BODY_NUMBER;
    explain.number = (char *)number;
    return explain;
}

Lianxin__V1__Reply *explained_ask(struct small_bench *bench, Lianxin__V1__Explain *explain)
{
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_EXPLAIN;
    request.explain = explain;
    return bench_ask(&bench->bench, &request);
}

Lianxin__V1__Explanation *said(Lianxin__V1__Reply *reply)
{
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_EXPLANATION, "%s: %s",
                 reply->error->field, reply->error->message);
    return reply->explanation;
}

const char *differences(const Lianxin__V1__Explanation *explanation)
{
    static char all[2048];
    all[0] = '\0';
    for (size_t i = 0; i < explanation->n_differences; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s %s -> %s\n",
                 explanation->differences[i]->what, explanation->differences[i]->before,
                 explanation->differences[i]->after);
    return all;
}

void expect_differences(Lianxin__V1__Reply *reply, const char *expected)
{
    cr_expect_str_eq(differences(said(reply)), expected);
    reply_free(reply);
}

void expect_error(Lianxin__V1__Reply *reply, const char *field, const char *part)
{
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR, "%s", part);
    cr_expect_str_eq(reply->error->field, field);
    cr_expect_not_null(strstr(reply->error->message, part), "%s", reply->error->message);
    reply_free(reply);
}

static size_t pack(const Lianxin__V1__Explanation *explanation, uint8_t *bytes, size_t room)
{
    size_t count = lianxin__v1__explanation__get_packed_size(explanation);
    cr_assert_leq(count, room);
    return lianxin__v1__explanation__pack(explanation, bytes);
}

void expect_same(Lianxin__V1__Explanation *a, Lianxin__V1__Explanation *b, const char *what)
{
    static uint8_t bytes[2][16 * 1024];
    size_t counts[2] = {a->n_differences, b->n_differences};
    a->n_differences = b->n_differences = 0;
    size_t count = pack(a, bytes[0], sizeof bytes[0]);
    cr_expect(pack(b, bytes[1], sizeof bytes[1]) == count && memcmp(bytes[0], bytes[1], count) == 0,
              "%s", what);
    a->n_differences = counts[0];
    b->n_differences = counts[1];
}
