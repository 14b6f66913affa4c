/* The table for people: what was done, on what, how long it took, and what the floors say to that.
 */
#include "bench/result.h"
#include "bench/setup.h"

#include <inttypes.h>
#include <string.h>

static double figure(const struct figures *figures, enum figure which)
{
    return figures->values[which];
}

/* -- what was measured on ---------------------------------------------------------------------- */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "unknown";
}

static void print_setup(const struct bench *bench, FILE *out)
{
    const struct bench_options *options = bench->options;
    json_t *setup = setup_json(bench);
    fprintf(out, "lianxin bench %s: %s, seed %" PRIu64 ", %u threads", options->profile,
            options->city, options->seed, options->threads);
    if (bench->per_message > 0)
        fprintf(out, ", %u a message", bench->per_message);
    fprintf(out, "%s\n", options->text_only ? ", text only" : "");
    fprintf(out, "  %s, %lld cores, %s, commit %s\n", text_of(setup, "machine"),
            json_integer_value(json_object_get(setup, "cores")), text_of(setup, "kernel"),
            text_of(setup, "commit"));
    fprintf(out, "  %s; %s\n", text_of(setup, "disk"), text_of(setup, "durability"));
    json_decref(setup);
}

/* -- one point --------------------------------------------------------------------------------- */

static void print_spread(const struct point *point, enum figure which, const char *name,
                         int decimals, const char *unit, FILE *out)
{
    struct spread spread = result_spread(point, which);
    fprintf(out, "  %-24s %.*f%s", name, decimals, spread.median, unit);
    if (point->runs_count > 1)
        fprintf(out, "  (%.*f to %.*f)", decimals, spread.min, decimals, spread.max);
    fputc('\n', out);
}

static void print_latency(const struct figures *figures, const char *name, enum figure p50,
                          FILE *out)
{
    fprintf(out, "  %-24s %.0f us half of all, %.0f us 99 %%, %.0f us 99.9 %%, %.0f us at most\n",
            name, figure(figures, p50), figure(figures, p50 + 1), figure(figures, p50 + 2),
            figure(figures, p50 + 3));
}

static void print_cpu(const struct figures *figures, FILE *out)
{
    static const char *const names[] = {"ingress", "decode", "route",        "store",  "commit",
                                        "publish", "reader", "engine other", "harness"};
    fprintf(out, "  %-24s", "CPU seconds");
    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++)
        fprintf(out, "%s %s %.2f", i > 0 ? "," : "", names[i],
                figure(figures, FIGURE_CPU_INGRESS + i));
    fputc('\n', out);
}

/* What came of the cases. */
static void print_cases(const struct point *point, const struct figures *median, FILE *out)
{
    struct proof proof = result_proof(point);
    fprintf(out,
            "  %-24s %u cases, %u run%s: %" PRIu64 " judged, %" PRIu64 " lost, %" PRIu64
            " doubled, %" PRIu64 " misdirected\n",
            "proof", point->runs[0]->cases, point->runs_count, point->runs_count == 1 ? "" : "s",
            proof.judged, proof.lost, proof.doubled, proof.misdirected);
    print_spread(point, FIGURE_SECONDS, "first sent to last event", 3, " s", out);
    print_spread(point, FIGURE_CASES_PER_SECOND, "cases a second", 0, "", out);
    print_latency(median, "acknowledged within", FIGURE_ACK_P50, out);
    print_latency(median, "delivered within", FIGURE_DELIVERED_P50, out);
    fprintf(out, "  %-24s %.0f bytes stored, %.0f written to the disk; %.0f commits\n", "a case",
            figure(median, FIGURE_STORED_PER_CASE), figure(median, FIGURE_WRITTEN_PER_CASE),
            figure(median, FIGURE_COMMITS));
}

static void print_point(const struct point *point, FILE *out)
{
    const struct run *last = point->runs[point->runs_count - 1];
    struct figures median = result_median(point);
    if (point->key != NULL)
        fprintf(out, "\n%s %g\n", point->key, point->value);
    if (last->cases > 0)
        print_cases(point, &median, out);
    print_spread(point, FIGURE_START_SECONDS, "engine's start", 3, " s", out);
    print_cpu(&median, out);
    fprintf(out, "  %-24s %.3g %% of a core\n", "the engine",
            100 * figure(&median, FIGURE_ENGINE_CORES));
    fprintf(out, "  %-24s %.0f MiB, %.0f of them not the store's pages\n", "resident",
            figure(&median, FIGURE_RESIDENT), figure(&median, FIGURE_ANONYMOUS));
    fprintf(out, "  %-24s", "wake-ups");
    for (uint32_t i = 0; i < last->threads_count; i++)
        fprintf(out, "%s %s %" PRIu64, i > 0 ? "," : "", last->threads[i].stages,
                last->threads[i].wakeups);
    fputc('\n', out);
}

/* -- floors ------------------------------------------------------------------------------------ */

static void print_ratio(const struct ratio *ratio, FILE *out)
{
    bool seconds = ratio->figure == FIGURE_SECONDS;
    fprintf(out, "  %-24s %8.3f %-2s", ratio->floor_name, ratio->floor, seconds ? "s" : "us");
    if (ratio->ratio > 0)
        fprintf(out, "   %s %.2f times that",
                seconds ? "the run took" : "half of all answers took up to", ratio->ratio);
    fputc('\n', out);
}

static void print_floors(const struct bench *bench, FILE *out)
{
    const struct floors *floors = &bench->floors;
    struct ratio ratios[RATIOS];
    result_ratios(bench, ratios);
    fprintf(out, "\nfloors of this machine, in the same run\n");
    for (uint32_t i = 0; i < RATIOS; i++)
        print_ratio(&ratios[i], out);
    fprintf(out, "  %-24s %8.0f MB/s\n", "writing in a row", floors->write_mb_s);
    fprintf(out, "  %-24s %8.0f ns to pack, %.0f ns to unpack a case\n", "protobuf-c",
            floors->pack_ns, floors->unpack_ns);
    fprintf(out, "  %-24s %8.0f ns a hand-over, %.1f us to a thread that sleeps\n", "the ring",
            floors->ring_hop_ns, floors->ring_hop_parked_us);
}

void result_print_table(const struct bench *bench, FILE *out)
{
    print_setup(bench, out);
    for (uint32_t i = 0; i < bench->points_count; i++)
        print_point(&bench->points[i], out);
    if (bench->highest_rate > 0)
        fprintf(out, "\n99 %% within %g ms up to %.0f cases a second\n", bench->options->p99_ms,
                bench->highest_rate);
    if (bench->has_floors)
        print_floors(bench, out);
}
