#include "bench/run.h"

#include "base/check.h"
#include "base/clock.h"
#include "bench/catch.h"
#include "bench/fail.h"
#include "bench/load.h"
#include "bench/progress.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The engine tells how far its feeds are every 10 s at the latest. */
enum { SILENCE_MS = 15000, MIB = 1024 * 1024 };

/* What was counted at one moment, or between two. */
struct account {
    struct usage usage;
    double harness_seconds;
    uint64_t events, groups, store_bytes;
    double stages[FIGURE_CPU_READER - FIGURE_CPU_INGRESS + 1];
};

static const char *const stage_names[] = {"ingress", "decode",  "route", "store",
                                          "commit",  "publish", "reader"};
enum { STAGES = sizeof stage_names / sizeof stage_names[0] };

/* -- accounts ---------------------------------------------------------------------------------- */

static void note_threads(const Lianxin__V1__StatusReport *status, struct run *run)
{
    run->threads_count = 0;
    for (size_t i = 0; i < status->n_threads && i < RUN_THREADS_MAX; i++) {
        snprintf(run->threads[i].stages, RUN_THREAD_BYTES, "%s", status->threads[i]->stages);
        run->threads[i].wakeups = status->threads[i]->wakeups - run->threads[i].wakeups;
        run->threads_count++;
    }
}

/* Asked twice, the threads' wake-ups are those in between. */
static struct account take_account(const struct server *server, struct run *run)
{
    Lianxin__V1__Reply *reply = server_status(server);
    const Lianxin__V1__StatusReport *status = reply->status;
    struct account account = {.usage = server_usage(server),
                              .harness_seconds = (double)clock_process_cpu_ns() / 1e9,
                              .events = status->events,
                              .groups = status->groups,
                              .store_bytes = status->store_bytes};
    for (size_t i = 0; i < status->n_stages; i++)
        for (size_t j = 0; j < STAGES; j++)
            if (strcmp(status->stages[i]->name, stage_names[j]) == 0)
                account.stages[j] = (double)status->stages[i]->cpu_us / 1e6;
    note_threads(status, run);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return account;
}

/* The seconds are known by then. */
static void figure_costs(const struct account *before, const struct account *after, uint32_t cases,
                         struct run *run)
{
    double *figures = run->figures.values;
    double other = after->usage.cpu_seconds - before->usage.cpu_seconds;
    figures[FIGURE_ENGINE_CORES] = other / figures[FIGURE_SECONDS];
    for (uint32_t i = 0; i < STAGES; i++) {
        figures[FIGURE_CPU_INGRESS + i] = after->stages[i] - before->stages[i];
        other -= figures[FIGURE_CPU_INGRESS + i];
    }
    figures[FIGURE_CPU_ENGINE_OTHER] = other > 0 ? other : 0;
    figures[FIGURE_CPU_HARNESS] = after->harness_seconds - before->harness_seconds;
    figures[FIGURE_RESIDENT] = (double)after->usage.resident_bytes / MIB;
    figures[FIGURE_ANONYMOUS] = (double)after->usage.anonymous_bytes / MIB;
    if (cases > 0) {
        figures[FIGURE_STORED_PER_CASE] =
            (double)(after->store_bytes - before->store_bytes) / cases;
        figures[FIGURE_WRITTEN_PER_CASE] =
            (double)(after->usage.written_bytes - before->usage.written_bytes) / cases;
    }
    figures[FIGURE_COMMITS] = (double)(after->groups - before->groups);
    figures[FIGURE_STORE_BYTES] = (double)after->store_bytes;
    figures[FIGURE_WAKEUPS] = 0;
    for (uint32_t i = 0; i < run->threads_count; i++)
        figures[FIGURE_WAKEUPS] += (double)run->threads[i].wakeups;
}

/* -- latencies --------------------------------------------------------------------------------- */

static double quantile_us(const struct histogram *histogram, double share)
{
    return (double)histogram_quantile(histogram, share) / 1e3;
}

static uint64_t span_ns(int64_t from_ns, int64_t to_ns)
{
    return to_ns > from_ns ? (uint64_t)(to_ns - from_ns) : 0;
}

/* received_ns is a case each. */
static void figure_latencies(const struct load *load, const int64_t *received_ns, struct run *run)
{
    static struct histogram delivered, late;
    double *figures = run->figures.values;
    delivered = late = (struct histogram){0};
    for (uint32_t i = 0; i < load->parcels->count; i++) {
        const struct parcel *parcel = &load->parcels->list[i];
        int64_t planned_ns = load->planned_ns[i];
        const int64_t *received = received_ns + (parcel->first - load->parcels->first);
        histogram_add_many(&run->ack, span_ns(planned_ns, load->answered_ns[i]), parcel->count);
        histogram_add(&late, span_ns(planned_ns, load->sent_ns[i]));
        for (uint32_t j = 0; j < parcel->count; j++)
            if (received[j] != 0)
                histogram_add(&delivered, span_ns(planned_ns, received[j]));
    }
    static const double shares[] = {0.5, 0.99, 0.999, 1};
    for (uint32_t i = 0; i < 4; i++) {
        figures[FIGURE_ACK_P50 + i] = quantile_us(&run->ack, shares[i]);
        figures[FIGURE_DELIVERED_P50 + i] = quantile_us(&delivered, shares[i]);
    }
    figures[FIGURE_LATE_P99] = quantile_us(&late, 0.99);
    figures[FIGURE_LATE_MAX] = quantile_us(&late, 1);
}

static void figure_times(const struct load *load, const struct catch *catch, struct run *run)
{
    int64_t last_ns = catch_last_ns(catch);
    double seconds = (double)((last_ns > load->end_ns ? last_ns : load->end_ns) - load->start_ns);
    run->figures.values[FIGURE_SECONDS] = seconds / 1e9;
    run->figures.values[FIGURE_CASES_PER_SECOND] = run->cases / (seconds / 1e9);
    run->figures.values[FIGURE_ACKNOWLEDGED_SECONDS] =
        (double)(load->end_ns - load->start_ns) / 1e9;
}

/* -- the time line ----------------------------------------------------------------------------- */

struct drawing {
    struct slice *slices;
    int64_t start_ns;
    double slice_ns;
    struct histogram acks[RUN_SLICES];
};

static uint32_t slice_of(const struct drawing *drawing, int64_t at_ns)
{
    uint32_t slice = (uint32_t)((double)(at_ns - drawing->start_ns) / drawing->slice_ns);
    return slice < RUN_SLICES ? slice : RUN_SLICES - 1;
}

static void draw_line(const struct load *load, const int64_t *received_ns, struct run *run)
{
    struct drawing *drawing = calloc(1, sizeof *drawing);
    CHECK(drawing != NULL);
    drawing->slices = run->slices;
    drawing->start_ns = load->start_ns;
    drawing->slice_ns = run->figures.values[FIGURE_SECONDS] * 1e9 / RUN_SLICES;
    for (uint32_t i = 0; i < load->parcels->count; i++) {
        uint32_t slice = slice_of(drawing, load->answered_ns[i]);
        histogram_add_many(&drawing->acks[slice],
                           span_ns(load->planned_ns[i], load->answered_ns[i]),
                           load->parcels->list[i].count);
    }
    for (uint32_t i = 0; i < run->cases; i++)
        if (received_ns[i] != 0)
            run->slices[slice_of(drawing, received_ns[i])].received++;
    for (uint32_t i = 0; i < RUN_SLICES; i++) {
        run->slices[i].second = drawing->slice_ns * (i + 1) / 1e9;
        run->slices[i].acknowledged = drawing->acks[i].count;
        run->slices[i].p99_us = quantile_us(&drawing->acks[i], 0.99);
    }
    free(drawing);
}

/* -- the run ----------------------------------------------------------------------------------- */

/* An event is its case and a decision; a co-unit gets one too. */
static struct catch *subscribe(const struct run_plan *plan, uint64_t events_before)
{
    const struct parcels *parcels = plan->parcels;
    return catch_start(plan->server->feed, events_before + parcels->cases, 3 * parcels->bytes,
                       parcels->cases + parcels->cases / 4);
}

void run_measure(const struct run_plan *plan, struct run *run)
{
    struct load load;
    int64_t *received_ns = calloc(plan->parcels->cases, sizeof *received_ns);
    CHECK(received_ns != NULL);
    *run = (struct run){.cases = plan->parcels->cases};
    load_init(&load, plan->parcels, plan->window, plan->due_ns);
    struct account before = take_account(plan->server, run);
    struct catch *catch = subscribe(plan, before.events);
    before.harness_seconds = (double)clock_process_cpu_ns() / 1e9; /* room was made for events */
    load_run(&load, plan->server->front);
    catch_finish(catch, SILENCE_MS);
    struct account after = take_account(plan->server, run);
    if (after.groups == before.groups)
        fail("the engine counts no commit: nothing of this was durable");
    proof_make(catch, plan->city, plan->parcels->first, run->cases, plan->verdicts, received_ns,
               &run->proof);
    figure_times(&load, catch, run);
    figure_latencies(&load, received_ns, run);
    figure_costs(&before, &after, run->cases, run);
    run->figures.values[FIGURE_EVENTS] = (double)run->proof.events;
    run->figures.values[FIGURE_START_SECONDS] = plan->server->start_seconds;
    draw_line(&load, received_ns, run);
    catch_free(&catch);
    load_free(&load);
    free(received_ns);
}

void run_idle(const struct server *server, double seconds, struct run *run)
{
    *run = (struct run){.figures.values[FIGURE_SECONDS] = seconds};
    struct catch *catch = catch_start(server->feed, UINT64_MAX, 0, 0);
    struct account before = take_account(server, run);
    struct timespec pause = {(time_t)seconds, (long)((seconds - floor(seconds)) * 1e9)};
    while (nanosleep(&pause, &pause) != 0 && errno == EINTR)
        continue;
    struct account after = take_account(server, run);
    figure_costs(&before, &after, 0, run);
    run->figures.values[FIGURE_START_SECONDS] = server->start_seconds;
    catch_finish(catch, 0);
    catch_free(&catch);
}
