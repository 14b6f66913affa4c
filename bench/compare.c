#include "bench/compare.h"

#include "bench/alike.h"
#include "bench/document.h"
#include "bench/change.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { CELL_BYTES = 64, RANGE_BYTES = 4 * CELL_BYTES };

/* Where one of these moved so far, the machine was not the same, whatever the verdicts say. */
#define FLOOR_MOVED 0.1
static const char *const tell_machines[] = {
    "sync_us_p50",
    "write_mb_s",
    "zmq_round_trip_us_p50",
    "unpack_ns",
};

struct comparing {
    const char *a_path, *b_path;
    const json_t *a, *b;
    FILE *out;
    size_t verdicts[CHANGE_KINDS];
};

/* -- figures --------------------------------------------------------------------------------- */

/* Four digits that count, or more before the point. */
static const char *write_number(double value, char text[CELL_BYTES])
{
    int digits = 0;
    if (value != floor(value))
        for (double size = fabs(value); size < 1000 && digits < 7; size *= 10)
            digits++;
    snprintf(text, CELL_BYTES, "%.*f", digits, value);
    return text;
}

static const char *write_change(double a, double b, char text[CELL_BYTES])
{
    if (a == 0)
        snprintf(text, CELL_BYTES, "%s", b == 0 ? "0.0 %" : "from 0");
    else
        snprintf(text, CELL_BYTES, "%+.1f %%", 100 * (b / a - 1));
    return text;
}

/* The median, and behind it the range where there is one. */
static void write_values(const struct samples *samples, char text[RANGE_BYTES])
{
    char median[CELL_BYTES], low_text[CELL_BYTES], high_text[CELL_BYTES];
    double low = samples->values[0], high = low;
    for (size_t i = 1; i < samples->count; i++) {
        low = fmin(low, samples->values[i]);
        high = fmax(high, samples->values[i]);
    }
    write_number(ranks_median(samples->values, samples->count), median);
    if (low == high)
        snprintf(text, RANGE_BYTES, "%s", median);
    else
        snprintf(text, RANGE_BYTES, "%s (%s..%s)", median, write_number(low, low_text),
                 write_number(high, high_text));
}

static void compare_figure(struct comparing *comparing, const struct samples *a,
                           const struct samples *b, const json_t *a_floors, const json_t *b_floors)
{
    char a_text[RANGE_BYTES], b_text[RANGE_BYTES], change[CELL_BYTES];
    struct change verdict = change_of(a, b, a_floors, b_floors);
    if (verdict.kind == CHANGE_SAME && a->values[0] == 0)
        return; /* not of this profile */
    write_values(a, a_text);
    write_values(b, b_text);
    write_change(ranks_median(a->values, a->count), ranks_median(b->values, b->count), change);
    fprintf(comparing->out, "  %-26s %-30s %-30s %9s  %s", a->name, a_text, b_text, change,
            change_name(verdict.kind));
    if (verdict.kind == CHANGE_MACHINE)
        fprintf(comparing->out, " (%s)", verdict.floor);
    fputc('\n', comparing->out);
    comparing->verdicts[verdict.kind]++;
}

/* Those of an entry of a series, or else those of its result. */
static const json_t *floors_beside(const json_t *entry, const json_t *result)
{
    const json_t *own = json_object_get(entry, "floors");
    return own != NULL ? own : json_object_get(result, "floors");
}

static void compare_figures(struct comparing *comparing, const char *heading, const json_t *a,
                            const json_t *b)
{
    struct samples a_figures[SAMPLES_MAX], b_figures[SAMPLES_MAX];
    size_t a_count = samples_collect(a, a_figures), b_count = samples_collect(b, b_figures);
    const json_t *a_floors = floors_beside(a, comparing->a);
    const json_t *b_floors = floors_beside(b, comparing->b);
    if (a_count + b_count == 0)
        return; /* all it has is a series */
    fprintf(comparing->out, "\n%s\n  %-26s %-30s %-30s %9s  %s\n", heading, "", "A: median (range)",
            "B: median (range)", "change", "verdict");
    for (size_t i = 0; i < a_count; i++) {
        const struct samples *other = samples_find(b_figures, b_count, a_figures[i].name);
        if (other != NULL)
            compare_figure(comparing, &a_figures[i], other, a_floors, b_floors);
        else
            fprintf(comparing->out, "  %-26s only in A\n", a_figures[i].name);
    }
    for (size_t i = 0; i < b_count; i++)
        if (samples_find(a_figures, a_count, b_figures[i].name) == NULL)
            fprintf(comparing->out, "  %-26s only in B\n", b_figures[i].name);
}

/* -- floors ---------------------------------------------------------------------------------- */

static bool tells_machines(const char *floor, double before, double after)
{
    for (size_t i = 0; i < COUNT(tell_machines); i++)
        if (strcmp(floor, tell_machines[i]) == 0)
            return fabs(after / before - 1) > FLOOR_MOVED;
    return false;
}

static void print_floors(const struct comparing *comparing, const json_t *a, const json_t *b)
{
    char a_text[CELL_BYTES], b_text[CELL_BYTES], change[CELL_BYTES];
    const json_t *a_floors = json_object_get(a, "floors"), *b_floors = json_object_get(b, "floors");
    const char *key;
    json_t *value;
    if (a_floors == NULL || b_floors == NULL) {
        fprintf(comparing->out,
                "  without floors: whether the machine was the same is not known\n");
        return;
    }
    json_object_foreach((json_t *)a_floors, key, value)
    {
        double before = json_number_value(value), after = document_number(b_floors, key, -1);
        if (!json_is_number(value) || after < 0)
            continue;
        fprintf(comparing->out, "  %-26s %-30s %-30s %9s%s\n", key, write_number(before, a_text),
                write_number(after, b_text), write_change(before, after, change),
                tells_machines(key, before, after) ? "  not the same machine" : "");
    }
}

/* -- series ---------------------------------------------------------------------------------- */

/* What tells the entries of a series apart. */
static const char *const keys[] = {"profile", "rate", "years", "cases"};

static bool is_same_entry(const json_t *a, const json_t *b)
{
    for (size_t i = 0; i < COUNT(keys); i++)
        if (!alike_at(a, b, keys[i]))
            return false;
    return true;
}

static const json_t *find_entry(const json_t *series, const json_t *entry)
{
    for (size_t i = 0; i < json_array_size(series); i++)
        if (is_same_entry(json_array_get(series, i), entry))
            return json_array_get(series, i);
    return NULL;
}

/* "rate 1000"; returns the buffer. */
static const char *name_entry(const json_t *entry, char name[RANGE_BYTES])
{
    char text[DOCUMENT_TEXT_BYTES];
    size_t bytes = 0;
    name[0] = '\0';
    for (size_t i = 0; i < COUNT(keys) && bytes < RANGE_BYTES; i++)
        if (document_at(entry, keys[i]) != NULL)
            bytes += (size_t)snprintf(name + bytes, RANGE_BYTES - bytes, "%s%s %s",
                                      bytes > 0 ? ", " : "", keys[i],
                                      document_text(entry, keys[i], text));
    return name;
}

static void compare_series(struct comparing *comparing)
{
    char name[RANGE_BYTES];
    const json_t *a = json_object_get(comparing->a, "series");
    const json_t *b = json_object_get(comparing->b, "series");
    for (size_t i = 0; i < json_array_size(a); i++) {
        const json_t *entry = json_array_get(a, i), *other = find_entry(b, entry);
        if (other != NULL)
            compare_figures(comparing, name_entry(entry, name), entry, other);
        else
            fprintf(comparing->out, "\n%s: only in A\n", name_entry(entry, name));
    }
    for (size_t i = 0; i < json_array_size(b); i++)
        if (find_entry(a, json_array_get(b, i)) == NULL)
            fprintf(comparing->out, "\n%s: only in B\n", name_entry(json_array_get(b, i), name));
}

/* What of a result is none of its entries': of a series the rest is that of one of them. */
static json_t *own_part(const json_t *result)
{
    json_t *own = json_copy((json_t *)result);
    const char *key;
    json_t *value;
    json_object_foreach(json_array_get(json_object_get(result, "series"), 0), key, value)
    {
        json_object_del(own, key);
    }
    return own;
}

static void compare_own(struct comparing *comparing)
{
    json_t *a = own_part(comparing->a), *b = own_part(comparing->b);
    compare_figures(comparing, "figures", a, b);
    json_decref(a);
    json_decref(b);
}

/* -- all of it ------------------------------------------------------------------------------- */

static void print_counts(const struct comparing *comparing)
{
    const char *before = "\n";
    for (int kind = 0; kind < CHANGE_KINDS; kind++)
        if (comparing->verdicts[kind] > 0) {
            fprintf(comparing->out, "%s%zu %s", before, comparing->verdicts[kind],
                    change_name((enum change_kind)kind));
            before = ", ";
        }
    fputc('\n', comparing->out);
    if (comparing->verdicts[CHANGE_FEW] > 0)
        fprintf(comparing->out, "five runs on either side can say: --runs 5\n");
}

static void print_side(const struct comparing *comparing, const char *letter, const char *path,
                       const json_t *result)
{
    size_t runs = json_array_size(json_object_get(result, "runs"));
    fprintf(comparing->out, "%s  %s, %zu run%s\n", letter, path, runs > 0 ? runs : 1,
            runs > 1 ? "s" : "");
}

static void compare(struct comparing *comparing)
{
    char text[DOCUMENT_TEXT_BYTES];
    fprintf(comparing->out, "%s", document_text(comparing->a, "profile", text));
    if (document_at(comparing->a, "cases") != NULL)
        fprintf(comparing->out, ", %s cases", document_text(comparing->a, "cases", text));
    fputc('\n', comparing->out);
    print_side(comparing, "A", comparing->a_path, comparing->a);
    print_side(comparing, "B", comparing->b_path, comparing->b);
    fprintf(comparing->out, "\nwhat differs in the setup\n");
    alike_print_setup(comparing->a, comparing->b, comparing->out);
    fprintf(comparing->out, "\nfloors\n");
    print_floors(comparing, comparing->a, comparing->b);
    compare_own(comparing);
    compare_series(comparing);
    print_counts(comparing);
}

int bench_compare(const char *a, const char *b, FILE *out)
{
    struct diag *diag = diag_create();
    json_t *a_result = document_read(a, diag), *b_result = document_read(b, diag);
    struct comparing comparing = {
        .a_path = a, .b_path = b, .a = a_result, .b = b_result, .out = out};
    if (diag_count(diag) == 0) {
        alike_check(a_result, a, b_result, b, diag);
    }
    bool good = diag_count(diag) == 0;
    if (good)
        compare(&comparing);
    diag_print(diag, stderr);
    diag_destroy(&diag);
    json_decref(a_result);
    json_decref(b_result);
    return good ? 0 : 1;
}
