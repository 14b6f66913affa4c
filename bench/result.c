#include "bench/result.h"

#include "base/check.h"
#include "bench/setup.h"

#include <stdlib.h>

/* -- what both say ----------------------------------------------------------------------------- */

static const struct figures **figures_of(const struct point *point)
{
    const struct figures **figures = calloc(point->runs_count + 1, sizeof *figures);
    CHECK(figures != NULL);
    for (uint32_t i = 0; i < point->runs_count; i++)
        figures[i] = &point->runs[i]->figures;
    return figures;
}

struct figures result_median(const struct point *point)
{
    const struct figures **figures = figures_of(point);
    struct figures median = figures_median(figures, point->runs_count);
    free(figures);
    return median;
}

struct spread result_spread(const struct point *point, enum figure figure)
{
    const struct figures **figures = figures_of(point);
    struct spread spread = figures_spread(figures, point->runs_count, figure);
    free(figures);
    return spread;
}

struct proof result_proof(const struct point *point)
{
    struct proof all = {0};
    for (uint32_t i = 0; i < point->runs_count; i++)
        proof_add(&all, &point->runs[i]->proof);
    return all;
}

void result_ratios(const struct bench *bench, struct ratio ratios[RATIOS])
{
    const struct floors *floors = &bench->floors;
    const struct ratio all[RATIOS] = {
        {"seconds_to_append", "a file's appends, synced", FIGURE_SECONDS, floors->append_seconds,
         0},
        {"seconds_to_lmdb_append", "LMDB's commits", FIGURE_SECONDS, floors->lmdb_append_seconds,
         0},
        {"seconds_to_zmq_stream", "ZeroMQ's messages", FIGURE_SECONDS, floors->zmq_stream_seconds,
         0},
        {"ack_p50_to_sync", "one sync", FIGURE_ACK_P50, floors->sync_us_p50, 0},
        {"ack_p50_to_lmdb_commit", "one LMDB commit", FIGURE_ACK_P50, floors->lmdb_commit_us_p50,
         0},
        {"ack_p50_to_zmq_round_trip", "one ZeroMQ round trip", FIGURE_ACK_P50,
         floors->zmq_round_trip_us_p50, 0},
    };
    struct figures median = {0};
    if (bench->points_count > 0)
        median = result_median(&bench->points[bench->chosen]);
    for (uint32_t i = 0; i < RATIOS; i++) {
        bool means_something = all[i].figure == FIGURE_SECONDS ? bench->window > 0 : bench->paced;
        ratios[i] = all[i];
        if (bench->has_floors && all[i].floor > 0 && means_something)
            ratios[i].ratio = median.values[all[i].figure] / all[i].floor;
    }
}

/* -- JSON -------------------------------------------------------------------------------------- */

static void set_proof(json_t *object, const struct proof *proof)
{
    json_object_set_new(object, "judged", json_integer((json_int_t)proof->judged));
    json_object_set_new(object, "lost", json_integer((json_int_t)proof->lost));
    json_object_set_new(object, "doubled", json_integer((json_int_t)proof->doubled));
    json_object_set_new(object, "misdirected", json_integer((json_int_t)proof->misdirected));
}

static void set_wakeups(json_t *object, const struct run *run)
{
    json_t *wakeups = json_object_get(object, "wakeups");
    for (uint32_t i = 0; i < run->threads_count; i++)
        json_object_set_new(wakeups, run->threads[i].stages,
                            json_integer((json_int_t)run->threads[i].wakeups));
}

static json_t *histogram_json(const struct point *point)
{
    static struct histogram all;
    json_t *buckets = json_array();
    all = (struct histogram){0};
    for (uint32_t i = 0; i < point->runs_count; i++)
        histogram_merge(&all, &point->runs[i]->ack);
    for (uint32_t i = histogram_next(&all, 0); i < HISTOGRAM_BUCKETS;
         i = histogram_next(&all, i + 1))
        json_array_append_new(buckets,
                              json_pack("[o, I]", figure_json((double)histogram_upper(i) / 1e3),
                                        (json_int_t)all.counts[i]));
    return buckets;
}

/* Of the last repeat. */
static json_t *timeline_json(const struct point *point)
{
    json_t *line = json_array();
    const struct run *run = point->runs[point->runs_count - 1];
    for (uint32_t i = 0; i < RUN_SLICES; i++) {
        const struct slice *slice = &run->slices[i];
        json_array_append_new(line,
                              json_pack("[o, I, I, o]", figure_json(slice->second),
                                        (json_int_t)slice->acknowledged,
                                        (json_int_t)slice->received, figure_json(slice->p99_us)));
    }
    return line;
}

static json_t *runs_json(const struct point *point)
{
    json_t *runs = json_array();
    for (uint32_t i = 0; i < point->runs_count; i++) {
        json_t *run = json_object();
        figures_into_json(&point->runs[i]->figures, run);
        set_wakeups(run, point->runs[i]);
        set_proof(run, &point->runs[i]->proof);
        json_array_append_new(runs, run);
    }
    return runs;
}

/* The medians of a point, what tells noise, and what is drawn. */
static void set_point(json_t *object, const struct point *point)
{
    const struct run *last = point->runs[point->runs_count - 1];
    const struct figures **figures = figures_of(point);
    struct figures median = figures_median(figures, point->runs_count);
    struct proof proof = result_proof(point);
    json_object_set_new(object, "cases", json_integer(last->cases));
    figures_into_json(&median, object);
    set_wakeups(object, last);
    set_proof(object, &proof);
    json_object_set_new(object, "spread", figures_spread_json(figures, point->runs_count));
    json_object_set_new(object, "runs", runs_json(point));
    json_object_set_new(object, "histogram_us", histogram_json(point));
    json_object_set_new(object, "timeline", timeline_json(point));
    free(figures);
}

static json_t *series_json(const struct bench *bench)
{
    json_t *series = json_array();
    for (uint32_t i = 0; i < bench->points_count; i++) {
        const struct point *point = &bench->points[i];
        json_t *entry = json_object();
        json_object_set_new(entry, point->key, figure_json(point->value));
        set_point(entry, point);
        json_array_append_new(series, entry);
    }
    return series;
}

static json_t *floors_json(const struct floors *floors)
{
    const struct {
        const char *name;
        double value;
    } all[] = {
        {"sync_us_p50", floors->sync_us_p50},
        {"sync_us_p99", floors->sync_us_p99},
        {"write_mb_s", floors->write_mb_s},
        {"append_seconds", floors->append_seconds},
        {"lmdb_commit_us_p50", floors->lmdb_commit_us_p50},
        {"lmdb_commit_us_p99", floors->lmdb_commit_us_p99},
        {"lmdb_append_seconds", floors->lmdb_append_seconds},
        {"zmq_round_trip_us_p50", floors->zmq_round_trip_us_p50},
        {"zmq_stream_seconds", floors->zmq_stream_seconds},
        {"pack_ns", floors->pack_ns},
        {"unpack_ns", floors->unpack_ns},
        {"ring_hop_ns", floors->ring_hop_ns},
        {"ring_hop_parked_us", floors->ring_hop_parked_us},
    };
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        json_object_set_new(object, all[i].name, figure_json(all[i].value));
    return object;
}

static void set_floors(json_t *object, const struct bench *bench)
{
    struct ratio ratios[RATIOS];
    json_t *to_floors = json_object();
    json_object_set_new(object, "floors", floors_json(&bench->floors));
    result_ratios(bench, ratios);
    for (uint32_t i = 0; i < RATIOS; i++)
        if (ratios[i].ratio > 0)
            json_object_set_new(to_floors, ratios[i].name, figure_json(ratios[i].ratio));
    json_object_set_new(object, "ratios", to_floors);
}

void result_print_json(const struct bench *bench, FILE *out)
{
    json_t *object = json_object();
    json_object_set_new(object, "profile", json_string(bench->options->profile));
    if (bench->points_count > 0)
        set_point(object, &bench->points[bench->chosen]);
    if (bench->points_count > 0 && bench->points[0].key != NULL)
        json_object_set_new(object, "series", series_json(bench));
    if (bench->highest_rate > 0)
        json_object_set_new(object, "highest_rate", figure_json(bench->highest_rate));
    if (bench->has_floors)
        set_floors(object, bench);
    json_object_set_new(object, "setup", setup_json(bench));
    json_dumpf(object, out, JSON_COMPACT);
    fputc('\n', out);
    json_decref(object);
}
