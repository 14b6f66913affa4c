#include "bench/series.h"

#include "bench/document.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* From a microsecond to a thousand seconds. */
enum { BINS_A_DECADE = 40, DECADES = 9, BINS = BINS_A_DECADE * DECADES };

/* -- marks ----------------------------------------------------------------------------------- */

static const struct {
    const char *name, *path;
} marks[] = {
    {"cases", "cases"},
    {"per_message", "setup.per_message"},
    {"seconds", "seconds"},
    {"p50", "ack_us.p50"},
    {"p99", "ack_us.p99"},
    {"p999", "ack_us.p999"},
    {"sync", "floors.sync_us_p50"},
};

/* In a name that a file gave, only what cannot end a string or begin a command. */
static bool is_plain(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
}

static bool print_marks(const json_t *result, FILE *out)
{
    const char *profile = json_string_value(json_object_get(result, "profile"));
    fprintf(out, "profile = \"");
    for (; *profile != '\0'; profile++)
        if (is_plain(*profile))
            fputc(*profile, out);
    fprintf(out, "\"\n");
    for (size_t i = 0; i < COUNT(marks); i++)
        fprintf(out, "%s = %.6g\n", marks[i].name, document_number(result, marks[i].path, 0));
    size_t runs = json_array_size(json_object_get(result, "runs"));
    fprintf(out, "runs = %zu\n", runs > 0 ? runs : 1);
    return true;
}

/* -- columns --------------------------------------------------------------------------------- */

static size_t bin_of(double us)
{
    if (us <= 1)
        return 0;
    size_t bin = (size_t)(log10(us) * BINS_A_DECADE);
    return bin < BINS ? bin : BINS - 1;
}

static double edge_of(size_t bin)
{
    return pow(10, (double)bin / BINS_A_DECADE);
}

/* A bucket of the result is narrower than a bin, so it goes whole into the one that it ends in. */
static bool print_histogram(const json_t *result, FILE *out)
{
    const json_t *buckets = json_object_get(result, "histogram_us");
    double counts[BINS] = {0}, total = 0;
    size_t first = BINS, limit = 0;
    for (size_t i = 0; i < json_array_size(buckets); i++) {
        const json_t *bucket = json_array_get(buckets, i);
        double count = json_number_value(json_array_get(bucket, 1));
        size_t bin = bin_of(json_number_value(json_array_get(bucket, 0)));
        counts[bin] += count;
        total += count;
        first = bin < first ? bin : first;
        limit = bin >= limit ? bin + 1 : limit;
    }
    for (size_t bin = first; bin < limit && total > 0; bin++)
        fprintf(out, "%.6g %.6g %.6g\n", edge_of(bin), edge_of(bin + 1), counts[bin] / total);
    return total > 0;
}

/* A stretch is [its end, acknowledged, received, p99]; it begins where the one before ended. */
static bool print_timeline(const json_t *result, FILE *out)
{
    const json_t *line = json_object_get(result, "timeline");
    double from = 0;
    for (size_t i = 0; i < json_array_size(line); i++) {
        const json_t *stretch = json_array_get(line, i);
        double to = json_number_value(json_array_get(stretch, 0));
        if (to > from)
            fprintf(out, "%.9g %.9g %.6g %.6g %.6g\n", from, to,
                    json_number_value(json_array_get(stretch, 1)) / (to - from),
                    json_number_value(json_array_get(stretch, 2)) / (to - from),
                    json_number_value(json_array_get(stretch, 3)));
        from = to;
    }
    return from > 0;
}

static void print_value(const json_t *value, const char *before, FILE *out)
{
    if (json_is_number(value))
        fprintf(out, "%s%.9g", before, json_number_value(value));
    else
        fprintf(out, "%s?", before);
}

static const char *const columns[] = {
    "rate",       "years",       "cases_per_second", "seconds",       "ack_us.p50",
    "ack_us.p99", "ack_us.p999", "resident_mib",     "start_seconds",
};

static bool print_series(const json_t *result, FILE *out)
{
    const json_t *series = json_object_get(result, "series");
    for (size_t i = 0; i < COUNT(columns); i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", columns[i]);
    fputc('\n', out);
    for (size_t i = 0; i < json_array_size(series); i++) {
        for (size_t column = 0; column < COUNT(columns); column++)
            print_value(document_at(json_array_get(series, i), columns[column]),
                        column > 0 ? " " : "", out);
        fputc('\n', out);
    }
    return json_array_size(series) > 0;
}

/* -- all of it ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool (*print)(const json_t *result, FILE *out);
} kinds[] = {
    {"marks", print_marks},
    {"histogram", print_histogram},
    {"timeline", print_timeline},
    {"series", print_series},
};

static void print_kind(const json_t *result, const char *path, const char *what, FILE *out,
                       struct diag *diag)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(what, kinds[i].name) == 0) {
            if (!kinds[i].print(result, out))
                diag_add(diag, path, 0, 0, "there is no %s in this result", what);
            return;
        }
    diag_add(diag, path, 0, 0, "'%s' is none of marks, histogram, timeline, series", what);
}

int bench_series(const char *path, const char *what, FILE *out)
{
    struct diag *diag = diag_create();
    json_t *result = document_read(path, diag);
    if (result != NULL)
        print_kind(result, path, what, out, diag);
    int code = diag_count(diag) == 0 ? 0 : 1;
    diag_print(diag, stderr);
    diag_destroy(&diag);
    json_decref(result);
    return code;
}
