/* A day in numbers: what came in and what was done on that day, each counted once, however many
 * stretches it takes; and what is still open of it now. */
#include "tests/engine/requests.h"

#include "domain/city/date.h"
#include "domain/number.h"

#include <criterion/criterion.h>

enum { DAY_MS = 24 * 3600 * 1000, SUBMIT_CASES = LIANXIN_SUBMIT_CASES_MAX };

static struct bench_engine bench;
static Lianxin__V1__Reply *reply; /* the latest report */

static void set_up(void)
{
    bench_open(&bench, 0);
}

static void tear_down(void)
{
    if (reply != NULL)
        reply_free(reply);
    bench_close(&bench);
}

TestSuite(report, .init = set_up, .fini = tear_down, .timeout = 300);

static void ask_report(const char *day, uint64_t after)
{
    Lianxin__V1__Report what = LIANXIN__V1__REPORT__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    what.day = (char *)day;
    what.after = after;
    request.body_case = LIANXIN__V1__REQUEST__BODY_REPORT;
    request.report = &what;
    if (reply != NULL)
        reply_free(reply);
    reply = bench_ask(&bench, &request);
}

static const Lianxin__V1__DayReport *report_of(const char *day, uint64_t after)
{
    ask_report(day, after);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_REPORT);
    return reply->report;
}

struct wanted {
    const char *name;
    const char *label; /* NULL: any */
    uint64_t count;
};

static void same(Lianxin__V1__Count *const *list, size_t length, const struct wanted *wanted,
                 size_t wanted_length)
{
    cr_assert_eq(length, wanted_length, "%zu counts, not %zu", length, wanted_length);
    for (size_t i = 0; i < length; i++) {
        cr_expect_str_eq(list[i]->name, wanted[i].name);
        cr_expect_str_neq(list[i]->label, "");
        if (wanted[i].label != NULL)
            cr_expect_str_eq(list[i]->label, wanted[i].label);
        cr_expect_eq(list[i]->count, wanted[i].count, "%s: %llu", list[i]->name,
                     (unsigned long long)list[i]->count);
    }
}

#define SAME(list, length, ...)                                                                    \
    do {                                                                                           \
        const struct wanted same_wanted[] = {__VA_ARGS__};                                         \
        same(list, length, same_wanted, sizeof same_wanted / sizeof same_wanted[0]);               \
    } while (0)

static void submit(const Lianxin__V1__Case *like, const char *id, char number[NUMBER_BYTES_MAX])
{
    Lianxin__V1__Case one = *like;
    one.external_id = (char *)id;
    Lianxin__V1__Reply *answers = bench_submit(&bench, &one);
    cr_assert_eq(outcome_of(answers), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED);
    snprintf(number, NUMBER_BYTES_MAX, "%s", answer_of(answers, 0)->number);
    reply_free(answers);
}

static void act(const char *number, Lianxin__V1__Verb verb, const char *unit)
{
    static int acts;
    char id[16];
    snprintf(id, sizeof id, "%d", ++acts);
    Lianxin__V1__Act one = bench_action(id, number, verb, unit);
    Lianxin__V1__Reply *answers = bench_act(&bench, &one);
    cr_assert_eq(outcome_of(answers), LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED, "%s",
                 answer_of(answers, 0)->message);
    reply_free(answers);
}

static void finish(const char *number)
{
    act(number, LIANXIN__V1__VERB__VERB_SIGN, ENVIRONMENT);
    act(number, LIANXIN__V1__VERB__VERB_ANSWER, ENVIRONMENT);
    act(number, LIANXIN__V1__VERB__VERB_CLOSE, "");
}

Test(report, counts_each_case_under_all_that_it_is)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = bench_case("");
    submit(&one, "1", number);
    submit(&one, "2", number);
    one.channel = LIANXIN__V1__CHANNEL__CHANNEL_PHONE;
    one.type = LIANXIN__V1__TYPE__TYPE_HELP;
    one.category = "070101";
    submit(&one, "3", number);
    one.place = "月球";
    submit(&one, "4", number);
    const Lianxin__V1__DayReport *report = report_of("2026-11-24", 0);
    cr_expect_eq(report->cases, 4);
    cr_expect_eq(report->next, 0);
    SAME(report->channels, report->n_channels, {"phone", "电话", 2}, {"wechat", "微信", 2});
    SAME(report->types, report->n_types, {"help", "求助", 2}, {"complaint", "投诉", 2});
    SAME(report->dispositions, report->n_dispositions, {"dispatch", "派单", 4});
    SAME(report->tiers, report->n_tiers, {"city", "市级", 1}, {"county", "县级", 3});
    SAME(report->categories, report->n_categories, {"07", NULL, 4});
    cr_assert_eq(report->n_units, 2);
    cr_expect_str_eq(report->units[0]->name, "511100000000.desk");
    cr_expect_str_eq(report->units[1]->name, ENVIRONMENT);
    cr_expect_eq(report->units[1]->count, 3);
    cr_expect_eq(report->doubtful, 1);
    cr_expect_eq(report->open, 4);
    cr_expect_eq(report->n_acts, 0);
}

Test(report, is_of_one_day_and_says_how_its_tickets_stand_now)
{
    char numbers[4][NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = bench_case("");
    submit(&one, "1", numbers[0]);
    submit(&one, "2", numbers[1]);
    finish(numbers[0]);
    bench_pass_ms(&bench, 2 * DAY_MS);
    submit(&one, "3", numbers[2]);
    act(numbers[1], LIANXIN__V1__VERB__VERB_SIGN, ENVIRONMENT);
    act(numbers[1], LIANXIN__V1__VERB__VERB_ANSWER, ENVIRONMENT);

    const Lianxin__V1__DayReport *report = report_of("2026-11-24", 0);
    cr_expect_eq(report->cases, 2);
    cr_expect_eq(report->open, 1);
    cr_expect_eq(report->late, 0);
    SAME(report->acts, report->n_acts, {"sign", "签收", 1}, {"answer", "答复", 1},
         {"close", "办结", 1});
    report = report_of("2026-11-26", 0);
    cr_expect_eq(report->cases, 1);
    cr_expect_eq(report->open, 1);
    SAME(report->acts, report->n_acts, {"sign", NULL, 1}, {"answer", NULL, 1});

    act(numbers[1], LIANXIN__V1__VERB__VERB_CLOSE, "");
    bench_restart(&bench);
    cr_expect_eq(report_of("2026-11-24", 0)->open, 0);
}

Test(report, counts_a_case_that_was_attached_but_its_ticket_once)
{
    char number[NUMBER_BYTES_MAX];
    char again[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = bench_case("");
    submit(&one, "1", number);
    one.earlier_ticket = number;
    submit(&one, "2", again);
    cr_assert_str_eq(number, again);
    const Lianxin__V1__DayReport *report = report_of("2026-11-24", 0);
    cr_expect_eq(report->cases, 2);
    cr_expect_eq(report->open, 1);
    SAME(report->dispositions, report->n_dispositions, {"dispatch", NULL, 1}, {"attach", NULL, 1});
    SAME(report->tiers, report->n_tiers, {"county", NULL, 1});
}

Test(report, counts_as_late_what_is_overdue_now)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = bench_case("");
    submit(&one, "1", number);
    Lianxin__V1__Reply *ticket = bench_lookup(&bench, number);
    int64_t due_ms = ticket->ticket->events[0]->assignments[0]->due_ms;
    reply_free(ticket);
    cr_assert_neq(due_ms, 0);
    bench_pass_ms(&bench, due_ms - 1 - BENCH_START_MS);
    cr_expect_eq(report_of("2026-11-24", 0)->late, 0);
    bench_pass_ms(&bench, 1);
    cr_expect_eq(report_of("2026-11-24", 0)->late, 1);
    finish(number);
    cr_expect_eq(report_of("2026-11-24", 0)->late, 0);
}

/* More than one stretch, and a stretch that ends where the day does. */
Test(report, of_a_busy_day_comes_in_stretches_that_add_up)
{
    enum { STRETCH = 4096, MESSAGES = 5 };
    static Lianxin__V1__Case cases[SUBMIT_CASES];
    static char ids[SUBMIT_CASES][16];
    for (size_t message = 0; message < MESSAGES; message++) {
        for (size_t i = 0; i < SUBMIT_CASES; i++) {
            snprintf(ids[i], sizeof ids[i], "%zu/%zu", message, i);
            cases[i] = bench_case(ids[i]);
        }
        if (message == 4)
            bench_pass_ms(&bench, DAY_MS);
        reply_free(bench_submit_all(&bench, cases, SUBMIT_CASES, false));
    }
    const Lianxin__V1__DayReport *report = report_of("2026-11-24", 0);
    cr_expect_eq(report->cases, STRETCH);
    cr_expect_eq(report->open, STRETCH);
    cr_assert_eq(report->next, STRETCH);
    report = report_of("2026-11-24", STRETCH);
    cr_expect_eq(report->cases, 0);
    cr_expect_eq(report->n_units, 0);
    cr_expect_eq(report->next, 0);
    report = report_of("2026-11-24", 1000);
    cr_expect_eq(report->cases, STRETCH - 1000);
    cr_expect_eq(report->next, 0);
    report = report_of("2026-11-25", 0);
    cr_expect_eq(report->cases, SUBMIT_CASES);
    cr_assert_eq(report->n_units, 1);
    cr_expect_eq(report->units[0]->count, SUBMIT_CASES);
}

static void refused(const char *day, uint64_t after, const char *field, const char *part)
{
    ask_report(day, after);
    cr_assert_eq(reply->body_case, LIANXIN__V1__REPLY__BODY_ERROR);
    cr_expect_str_eq(reply->error->field, field);
    cr_expect_not_null(strstr(reply->error->message, part), "%s", reply->error->message);
}

static void counts_nothing(const char *day)
{
    const Lianxin__V1__DayReport *report = report_of(day, 0);
    cr_expect_eq(lianxin__v1__day_report__get_packed_size(report), 0, "%s", day);
}

/* Before the first event, between two, and after the last; and of a log that has none. */
Test(report, of_a_day_on_which_nothing_came_in_counts_0_of_everything)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = bench_case("");
    counts_nothing("2026-11-24");
    submit(&one, "1", number);
    bench_pass_ms(&bench, 2 * DAY_MS);
    counts_nothing("2026-11-26");
    submit(&one, "2", number);
    counts_nothing("2026-11-23");
    counts_nothing("2026-11-25");
    cr_expect_eq(report_of("2026-11-24", 0)->cases, 1);
    cr_expect_eq(report_of("2026-11-26", 0)->cases, 1);
}

Test(report, refuses_what_is_no_day_yet_and_no_event_of_the_day)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = bench_case("");
    refused("2026-11-25", 0, "day", "'2026-11-25': is still to come");
    refused("2026-11-24", 1, "after", "is the number of no event of that day");
    submit(&one, "1", number);
    bench_pass_ms(&bench, DAY_MS);
    submit(&one, "2", number);
    refused("", 0, "day", "is required, such as 2026-11-26");
    refused("yesterday", 0, "day", "'yesterday': is no day; write it as 2026-11-26");
    refused("2026-02-30", 0, "day", "'2026-02-30': there is no such day");
    refused("2026-11-26-00-00-00", 0, "day", "at most 16 bytes");
    refused("2026-11-26", 0, "day", "'2026-11-26': is still to come");
    refused("2026-11-23", 1, "after", "is the number of no event of that day");
    refused("2026-11-24", 2, "after", "is the number of no event of that day");
    refused("2026-11-24", 3, "after", "is the number of no event of that day");
    refused("2026-11-25", UINT64_MAX, "after", "is the number of no event of that day");
    cr_expect_eq(report_of("2026-11-25", 0)->cases, 1);
}
