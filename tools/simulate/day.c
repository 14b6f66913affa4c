#include "tools/simulate/day.h"

#include "domain/city/date.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    STEP_MS = 20,
    RESEND_MS = 200,
    GROUP_MS = 60 * 1000, /* cases that come so close to each other travel together */
    GROUP_MAX = 64,
    PROGRESS_MS = 3 * 3600 * 1000,
    DAY_MS = 24 * 3600 * 1000,
};

static int64_t real_ms(void)
{
    return clock_monotonic_ns(&clock_system) / 1000000;
}

/* -- patience ---------------------------------------------------------------------------------- */

static bool fail(const char *what, const char *why)
{
    fprintf(stderr, "simulate: %s: %s\n", what, why);
    return false;
}

/* May one go on waiting for what began to be awaited at a moment? */
static bool may_wait(struct day *day, int64_t since_ms, const char *what)
{
    if (scene_interrupted() != 0)
        return fail("interrupted", "the day ends here");
    if (!scene_lives(day->scene))
        return false;
    if (real_ms() - since_ms > SCENE_PATIENCE_MS)
        return fail(what, "the engine has not answered for 30 s");
    return true;
}

static void move_clock(struct day *day, int64_t ms)
{
    day->now_ms = ms;
    scene_set_ms(day->scene, ms);
}

/* -- what was heard ---------------------------------------------------------------------------- */

static uint64_t acknowledged_events(const struct day *day)
{
    return day->counts.acknowledged + day->counts.acts_acknowledged;
}

/* Waits until the feeds have told all there is, and lets units and desk make their plans. */
static bool settle(struct day *day)
{
    int64_t since_ms = real_ms();
    while (!listen_heard(&day->listen, acknowledged_events(day))) {
        if (!may_wait(day, since_ms, "the feeds"))
            return false;
        if (listen_step(&day->listen, STEP_MS) != OK)
            return fail("the feeds", lianxin_why());
    }
    size_t count;
    const struct news *news = listen_take(&day->listen, &count);
    for (size_t i = 0; i < count; i++)
        people_hear(&day->people, &news[i], day->now_ms);
    return true;
}

/* -- cases ------------------------------------------------------------------------------------- */

static void count_disposition(struct day *day, uint32_t index, Lianxin__V1__Disposition disposition)
{
    struct day_counts *counts = &day->counts;
    switch ((enum disposition)disposition) {
    case DISPOSITION_DISPATCH:
        day->told[index].dispatched = true;
        day->dispatched[counts->dispatched++] = index;
        return;
    case DISPOSITION_ON_THE_SPOT:
        counts->on_the_spot++;
        return;
    case DISPOSITION_TRANSFER:
        counts->transferred++;
        return;
    case DISPOSITION_REDIRECT:
        counts->redirected++;
        return;
    case DISPOSITION_ATTACH:
        counts->attached++;
        return;
    case DISPOSITION_NONE:
    case DISPOSITION_COUNT:
        return;
    }
}

static void answered(void *self, uint64_t tag, const Lianxin__V1__Answer *answer)
{
    struct day *day = self;
    struct told_case *told = &day->told[tag];
    if (answer->outcome != LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED &&
        answer->outcome != LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE) {
        fprintf(stderr, "simulate: case %" PRIu64 " was not taken: %s '%s': %s\n", tag + 1,
                answer->field, answer->value, answer->message);
        day->counts.invalid++;
        return;
    }
    CHECK(told->number[0] == '\0');
    snprintf(told->number, sizeof told->number, "%s", answer->number);
    day->counts.acknowledged++;
    count_disposition(day, (uint32_t)tag, answer->disposition);
}

/* Of a ticket that there is, or else of one from before the store began. */
static void name_earlier(const struct day *day, struct made_case *made,
                         char number[NUMBER_BYTES_MAX])
{
    uint64_t known = day->counts.dispatched;
    if (!made->about_earlier || (made->earlier_exists && known == 0))
        return;
    if (made->earlier_exists)
        memcpy(number, day->told[day->dispatched[made->number_from % known]].number,
               NUMBER_BYTES_MAX);
    else
        number_format(day->maker.day - 1, 1 + made->number_from % 1000, number);
    made->message.earlier_ticket = number;
}

static bool submit_case(struct day *day, uint32_t index)
{
    struct made_case made;
    char earlier[NUMBER_BYTES_MAX];
    case_maker_make(&day->maker, index, &made);
    name_earlier(day, &made, earlier);
    if (lianxin_submitter_submit(day->submitter, &made.message, index) != OK)
        return fail("a case cannot be sent", lianxin_why());
    day->counts.submitted++;
    return true;
}

/* One behind the last case that travels with the next one: those of the same minute, as long as
 * nobody acts in between. */
static uint32_t group_limit(const struct day *day)
{
    const int64_t *times_ms = day->maker.times_ms;
    const struct plan *plan = agenda_first(&day->people.agenda);
    int64_t limit_ms = times_ms[day->next] + GROUP_MS;
    uint32_t limit = day->next + 1;
    if (plan != NULL && plan->time_ms < limit_ms)
        limit_ms = plan->time_ms;
    while (limit < day->maker.count && limit - day->next < GROUP_MAX && times_ms[limit] < limit_ms)
        limit++;
    return limit;
}

static bool step_submitter(struct day *day, int timeout_ms)
{
    return lianxin_submitter_step(day->submitter, timeout_ms) == OK || fail("cases", lianxin_why());
}

static const char *clock_text(int64_t ms, char text[16])
{
    int64_t minutes = (ms - ms_of_day(day_of_ms(ms))) / 60000;
    snprintf(text, 16, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
    return text;
}

/* With the cases on their way and no answer yet. */
static bool kill_engine(struct day *day, uint32_t under_way)
{
    char at[16];
    if (!step_submitter(day, 0))
        return false;
    scene_end(day->scene, SIGKILL);
    printf("  %s  the engine is killed (SIGKILL) with %u case%s just sent, and started again\n",
           clock_text(day->now_ms, at), under_way, under_way == 1 ? "" : "s");
    day->kill_ms = 0;
    return scene_start(day->scene);
}

static bool send_cases(struct day *day)
{
    uint32_t limit = group_limit(day);
    uint32_t under_way = limit - day->next;
    move_clock(day, day->maker.times_ms[limit - 1]);
    while (day->next < limit)
        if (!submit_case(day, day->next++))
            return false;
    if (day->kill_ms != 0 && day->now_ms >= day->kill_ms && !kill_engine(day, under_way))
        return false;
    int64_t since_ms = real_ms();
    while (lianxin_submitter_pending(day->submitter) > 0)
        if (!may_wait(day, since_ms, "cases") || !step_submitter(day, STEP_MS))
            return false;
    return settle(day);
}

/* -- acts -------------------------------------------------------------------------------------- */

/* The caller's to free. */
static bool ask_engine(struct day *day, Lianxin__V1__Request *request, Lianxin__V1__Reply **reply)
{
    int64_t since_ms = real_ms();
    enum err err = lianxin_client_start(day->client, request);
    while (err == OK) {
        if (!may_wait(day, since_ms, "a request"))
            return false;
        err = lianxin_client_step(day->client, STEP_MS, reply);
        if (err == OK)
            return true;
        if (err == ERR_TIMEOUT)
            err = OK;
    }
    return fail("a request", lianxin_why());
}

static bool take_answer(struct day *day, const struct plan *plan, const Lianxin__V1__Reply *reply)
{
    if (reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR)
        return fail("an act", reply->error->message);
    if (reply->body_case != LIANXIN__V1__REPLY__BODY_ANSWERS || reply->answers->n_answers != 1)
        return fail("an act", "the reply makes no sense");
    const Lianxin__V1__Answer *answer = reply->answers->answers[0];
    if (answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED ||
        answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE) {
        day->counts.acts_acknowledged++;
        day->counts.by_verb[plan->verb]++;
        return true;
    }
    fprintf(stderr, "simulate: %s of %s was refused: %s: %s\n", word_name(&verb_words, plan->verb),
            answer->number, answer->field, answer->message);
    day->counts.acts_refused++;
    return true;
}

static bool do_next_plan(struct day *day)
{
    struct plan plan = agenda_take(&day->people.agenda);
    struct made_act act;
    char external_id[32];
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply;
    if (!people_act(&day->people, &plan, &act))
        return true;
    move_clock(day, plan.time_ms);
    snprintf(external_id, sizeof external_id, "%" PRIu64, ++day->counts.acts);
    number_format(day->maker.day, plan.serial, number);
    act.message.source = (char *)(plan.unit == day->people.desk ? "sim-desk" : "sim-unit");
    act.message.external_id = external_id;
    act.message.number = number;
    request.body_case = LIANXIN__V1__REQUEST__BODY_ACT;
    request.act = &act.message;
    if (!ask_engine(day, &request, &reply))
        return false;
    bool good = take_answer(day, &plan, reply);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return good && settle(day);
}

/* -- the whole --------------------------------------------------------------------------------- */

bool day_open(struct day *day, struct scene *scene, const struct case_maker *maker)
{
    uint32_t count = maker->count;
    *day = (struct day){
        .scene = scene,
        .maker = *maker,
        .progress_ms = ms_of_day(maker->day) + PROGRESS_MS,
        .told = calloc(count, sizeof *day->told),
        .dispatched = calloc(count, sizeof *day->dispatched),
    };
    CHECK(day->told != NULL && day->dispatched != NULL);
    people_init(&day->people, &day->maker);
    struct lianxin_client_options client = {.resend_ms = RESEND_MS};
    struct lianxin_submitter_options submitter = {
        .answered = answered, .self = day, .resend_ms = RESEND_MS};
    if (lianxin_client_open(scene->front, &client, &day->client) != OK ||
        lianxin_submitter_open(scene->front, &submitter, &day->submitter) != OK ||
        listen_open(&day->listen, maker->city, count, scene->front, scene->feed) != OK)
        return fail("no connection", lianxin_why());
    return true;
}

void day_close(struct day *day)
{
    lianxin_client_close(&day->client);
    lianxin_submitter_close(&day->submitter);
    listen_close(&day->listen);
    people_free(&day->people);
    free(day->told);
    free(day->dispatched);
}

static bool wait_for_engine(struct day *day)
{
    Lianxin__V1__Status status = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &status;
    if (!ask_engine(day, &request, &reply))
        return false;
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return true;
}

static void print_progress(struct day *day, int64_t next_ms)
{
    char at[16];
    for (; day->progress_ms <= next_ms; day->progress_ms += PROGRESS_MS) {
        const struct day_counts *counts = &day->counts;
        int64_t whole_ms = day->progress_ms - ms_of_day(day->maker.day);
        const char *hour = whole_ms == DAY_MS ? "24:00" : clock_text(day->progress_ms, at);
        printf("  %s  %6" PRIu64 " cases, %5" PRIu64 " dispatched, %5" PRIu64 " signed, %5" PRIu64
               " answered, %5" PRIu64 " closed\n",
               hour, counts->acknowledged, counts->dispatched, counts->by_verb[VERB_SIGN],
               counts->by_verb[VERB_ANSWER], counts->by_verb[VERB_CLOSE]);
    }
}

bool day_run(struct day *day)
{
    int64_t end_ms = ms_of_day(day->maker.day) + DAY_MS;
    move_clock(day, ms_of_day(day->maker.day));
    if (!scene_start(day->scene) || !wait_for_engine(day))
        return false;
    for (;;) {
        const struct plan *plan = agenda_first(&day->people.agenda);
        int64_t case_ms = day->next < day->maker.count ? day->maker.times_ms[day->next] : end_ms;
        int64_t plan_ms = plan != NULL && plan->time_ms < end_ms ? plan->time_ms : end_ms;
        int64_t next_ms = case_ms < plan_ms ? case_ms : plan_ms;
        print_progress(day, next_ms);
        if (next_ms == end_ms)
            break;
        if (!(case_ms <= plan_ms ? send_cases(day) : do_next_plan(day)))
            return false;
    }
    move_clock(day, end_ms - 1);
    return true;
}

/* -- afterwards -------------------------------------------------------------------------------- */

static bool holds_case(const Lianxin__V1__Reply *reply, uint32_t index)
{
    if (reply->body_case != LIANXIN__V1__REPLY__BODY_TICKET)
        return false;
    for (size_t i = 0; i < reply->ticket->n_events; i++) {
        const Lianxin__V1__Case *held = reply->ticket->events[i]->case_;
        if (held != NULL && case_maker_index(held->external_id) == index)
            return true;
    }
    return false;
}

bool day_look_up(struct day *day)
{
    for (uint32_t i = 0; i < day->maker.count; i++) {
        Lianxin__V1__Lookup lookup = LIANXIN__V1__LOOKUP__INIT;
        Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
        Lianxin__V1__Reply *reply;
        if (day->told[i].number[0] == '\0')
            continue;
        lookup.number = day->told[i].number;
        request.body_case = LIANXIN__V1__REQUEST__BODY_LOOKUP;
        request.lookup = &lookup;
        if (!ask_engine(day, &request, &reply))
            return false;
        day->counts.stored += holds_case(reply, i);
        lianxin__v1__reply__free_unpacked(reply, NULL);
    }
    return true;
}

void day_interesting(struct day *day, char number[NUMBER_BYTES_MAX])
{
    uint32_t most = 0;
    number[0] = '\0';
    for (uint32_t i = 1; i < day->people.tickets_room; i++) {
        uint32_t interest = day->people.tickets[i].interest;
        if (interest <= most)
            continue;
        most = interest;
        number_format(day->maker.day, i, number);
    }
}

uint64_t day_lost(const struct day *day)
{
    const struct day_counts *counts = &day->counts;
    uint64_t whole = 0;
    for (uint32_t i = 0; i < day->maker.count; i++)
        whole += day->told[i].number[0] != '\0' && day->listen.published[i];
    if (counts->stored < whole)
        whole = counts->stored;
    return counts->submitted - whole + (counts->acts - counts->acts_acknowledged) -
           counts->acts_refused + day->listen.gaps;
}
