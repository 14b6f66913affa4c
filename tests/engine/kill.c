/* The engine as its own process under load, killed with SIGKILL at random moments, 25 times. At the
 * end every acknowledged case is stored, assigned and in its main unit's feed exactly once, feeds
 * have no gaps, and the store verifies. The seed decides after how many answers each kill comes. */
#include "bench/cases.h"
#include "domain/number.h"
#include "domain/policy.h"
#include "tests/engine/served.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    KILLS = 25,
    CASES = 10000,
    WINDOW = 512,
    APART = (CASES - 4 * WINDOW) / KILLS, /* the last answers may come in one burst */
    STEP_MS = 20,
};

struct told {
    char number[NUMBER_BYTES_MAX];
    char unit[UNIT_KEY_BYTES_MAX];
};

struct ordeal {
    struct served served;
    struct told told[CASES]; /* by tag */
    uint32_t answered;
    uint32_t published[CASES]; /* how often its main unit's feed had it */
    uint32_t events;
};

static struct ordeal ordeal;

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    (void)self;
    cr_assert(answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED ||
                  answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE,
              "outcome %d: %s", answer->outcome, answer->message);
    cr_assert_eq(ordeal.told[tag].number[0], '\0', "answered twice");
    snprintf(ordeal.told[tag].number, NUMBER_BYTES_MAX, "%s", answer->number);
    snprintf(ordeal.told[tag].unit, UNIT_KEY_BYTES_MAX, "%s", answer->unit);
    ordeal.answered++;
}

static void submit_under_fire(struct cases *cases)
{
    static const char *const threads[] = {"4", "6", "1", "2"};
    struct lianxin_submitter_options options = {
        .answered = answered, .window = WINDOW, .per_message = 8, .resend_ms = 200};
    struct lianxin_submitter *submitter;
    uint64_t tag = 0;
    uint32_t kills = 0;
    uint64_t next_kill = cases_random(cases, APART);
    struct made_case made;
    cr_assert_eq(lianxin_submitter_open(ordeal.served.front, &options, &submitter), OK);
    cases_next(cases, &made);
    while (ordeal.answered < CASES) {
        while (tag < CASES && lianxin_submitter_submit(submitter, &made.message, tag) == OK) {
            tag++;
            cases_next(cases, &made);
        }
        cr_assert_eq(lianxin_submitter_step(submitter, STEP_MS), OK, "%s", lianxin_why());
        if (kills < KILLS && ordeal.answered >= next_kill) {
            served_end(&ordeal.served, SIGKILL);
            ordeal.served.threads = threads[kills % (sizeof threads / sizeof threads[0])];
            served_start(&ordeal.served);
            kills++;
            next_kill = kills * APART + cases_random(cases, APART);
        }
    }
    cr_assert_eq(kills, KILLS);
    lianxin_submitter_close(&submitter);
}

static bool saw(void *self, const char *unit, uint64_t sequence, const Lianxin__V1__Event *event)
{
    (void)self;
    (void)sequence; /* the watcher hands over without gaps, or not at all */
    uint64_t tag = strtoull(event->case_->external_id, NULL, 10) - 1;
    cr_assert_lt(tag, CASES);
    cr_assert_str_eq(event->ticket, ordeal.told[tag].number);
    ordeal.published[tag] += strcmp(unit, ordeal.told[tag].unit) == 0;
    ordeal.events++;
    return true;
}

static void watch_everything(void)
{
    const char *const prefixes[] = {""};
    struct lianxin_watcher_options options = {.event = saw};
    struct lianxin_watcher *watcher;
    cr_assert_eq(lianxin_watcher_open(ordeal.served.front, ordeal.served.feed, prefixes, 1,
                                      &options, &watcher),
                 OK);
    while (!lianxin_watcher_caught_up(watcher))
        cr_assert_eq(lianxin_watcher_step(watcher, STEP_MS), OK, "%s", lianxin_why());
    lianxin_watcher_close(&watcher);
}

Test(engine, killed_25_times_under_load_it_loses_and_doubles_nothing, .timeout = 600)
{
    struct policy *policy = NULL;
    struct diag *diag = diag_create();
    struct cases cases;
    const char *given = getenv("LIANXIN_SEED");
    uint64_t seed = (uint64_t)getpid();
    if (given != NULL)
        seed = strtoull(given, NULL, 10);
    fprintf(stderr, "LIANXIN_SEED=%llu\n", (unsigned long long)seed);
    cr_assert_eq(policy_load("cities/leshan", diag, &policy), OK);
    served_init(&ordeal.served);
    cases_init(&cases, policy->city, "kill", CHANNEL_NONE, seed);

    served_start(&ordeal.served);
    submit_under_fire(&cases);
    watch_everything();
    served_end(&ordeal.served, SIGTERM);
    for (uint32_t i = 0; i < CASES; i++)
        cr_assert_eq(ordeal.published[i], 1, "case %u was in its feed %u times", i,
                     ordeal.published[i]);
    served_verify(&ordeal.served, CASES);

    policy_destroy(&policy);
    diag_destroy(&diag);
    served_fini(&ordeal.served);
}
