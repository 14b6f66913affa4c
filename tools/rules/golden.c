#include "tools/rules/golden.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/file.h"
#include "domain/city/sheet.h"
#include "domain/rules/table.h"
#include "stages/3_route.h"
#include "tools/rules/expectation.h"
#include "wire/wire.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES_MAX = 16 << 20 };

struct run {
    const struct policy *policy;
    struct scratch *scratch;
    struct golden *golden;
    struct diag *diag;
    const char *directory;
};

/* -- one case ---------------------------------------------------------------------------------- */

/* As decode and route do with a case that comes in. */
static bool decide_case(const struct run *run, const struct circumstances *circumstances,
                        struct arena *arena, struct expectation *expectation, struct facts *facts,
                        struct routing *routing)
{
    struct ticket ticket;
    struct misfit misfit;
    int64_t at_ms = circumstances->at_ms != 0 ? circumstances->at_ms : clock_wall_ms(&clock_system);
    size_t bytes = lianxin__v1__case__get_packed_size(circumstances->one);
    uint8_t *packed = arena_take(arena, bytes + 1);
    lianxin__v1__case__pack(circumstances->one, packed);
    wire_case_read(span_of(packed, bytes), 0, at_ms, &ticket, &misfit);
    if (ticket.valid) {
        facts_set_moment(&ticket.facts, at_ms);
        ticket.facts.regime = regime_in_force(run->policy, circumstances->regime, at_ms);
        route_decide(run->policy, &ticket, false, run->scratch, facts, routing, &misfit);
    }
    if (ticket.valid && routing->valid)
        return true;
    expectation_complain(expectation, "case%s%s: %.*s%s%s", misfit.field[0] != '\0' ? "." : "",
                         misfit.field, SPAN_ARG(misfit.value), misfit.value.bytes > 0 ? " " : "",
                         misfit.message);
    return false;
}

/* False where the line is no golden case. */
static bool try_case(const struct run *run, struct span text, struct arena *arena,
                     struct expectation *expectation)
{
    struct circumstances circumstances = {.one = NULL};
    struct facts facts;
    struct routing routing;
    char fault[JSON_FAULT_BYTES];
    if (!circumstances_read(text, expectation->members, EXPECTATION_MEMBERS, arena, &circumstances,
                            fault)) {
        expectation_complain(expectation, "%s", fault);
        return false;
    }
    if (!expectation_has_unit(expectation)) {
        expectation_complain(
            expectation,
            "unit is missing; the key of the unit that is to get the case stands there");
        return false;
    }
    if (!decide_case(run, &circumstances, arena, expectation, &facts, &routing))
        return true;
    coverage_add(&run->golden->coverage, &facts, run->scratch);
    expectation_check(expectation, &routing.decision);
    return true;
}

static void try_line(struct run *run, const char *file, uint32_t line, struct span text)
{
    struct arena *arena = arena_create();
    struct expectation expectation;
    expectation_begin(run->policy, &expectation);
    bool readable = try_case(run, text, arena, &expectation);
    run->golden->cases++;
    run->golden->failed += expectation.used > 0;
    if (expectation.used > 0 && readable)
        diag_add(run->diag, file, line, 0, "%s; why: sed -n %up %s | lianxin explain --city %s -",
                 expectation.fault, line, file, run->directory);
    else if (expectation.used > 0)
        diag_add(run->diag, file, line, 0, "%s", expectation.fault);
    arena_destroy(&arena);
}

/* -- files ------------------------------------------------------------------------------------- */

static void try_file(struct run *run, const char *path)
{
    struct arena *arena = arena_create();
    struct span rest;
    enum err err = file_read(path, FILE_BYTES_MAX, arena, &rest);
    if (err != OK)
        diag_add(run->diag, path, 0, 0, "cannot be read: %s",
                 err == ERR_FULL ? "it is larger than 16 MiB" : strerror(errno));
    for (uint32_t line = 1; err == OK && rest.bytes > 0; line++) {
        const uint8_t *end = memchr(rest.data, '\n', rest.bytes);
        size_t bytes = end != NULL ? (size_t)(end - rest.data) : rest.bytes;
        struct span text = sheet_trim(span_of(rest.data, bytes));
        if (text.bytes > 0 && text.data[0] != '#')
            try_line(run, path, line, text);
        bytes += end != NULL;
        rest = span_of(rest.data + bytes, rest.bytes - bytes);
    }
    arena_destroy(&arena);
}

static int is_golden(const struct dirent *entry)
{
    return span_ends_with(span_of_string(entry->d_name), span_of_string(".jsonl"));
}

/* A city without golden cases has none to fail. */
static void try_files(struct run *run, const char *directory)
{
    char path[1024];
    struct dirent **entries;
    snprintf(path, sizeof path, "%s/golden", directory);
    int count = scandir(path, &entries, is_golden, alphasort);
    if (count < 0 && errno != ENOENT)
        diag_add(run->diag, path, 0, 0, "cannot be read: %s", strerror(errno));
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/golden/%s", directory, entries[i]->d_name);
        try_file(run, path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

enum err golden_run(const char *directory, const struct policy *policy, struct arena *arena,
                    struct diag *diag, struct golden *golden)
{
    size_t before = diag_count(diag);
    *golden = (struct golden){.cases = 0};
    coverage_init(&golden->coverage, policy, arena);
    struct run run = {policy, scratch_create(policy), golden, diag, directory};
    try_files(&run, directory);
    scratch_destroy(&run.scratch);
    return diag_count(diag) == before ? OK : ERR_INVALID;
}

void golden_print(const struct golden *golden, FILE *out)
{
    const struct coverage *coverage = &golden->coverage;
    if (golden->cases == 0) {
        fputs("golden: no cases\n", out);
        return;
    }
    fprintf(out, "golden: %" PRIu64 " case%s, ", golden->cases, golden->cases == 1 ? "" : "s");
    if (golden->failed > 0)
        fprintf(out, "%" PRIu64 " not as expected", golden->failed);
    else
        fprintf(out, "all as expected");
    const char *before = "; they hit ";
    for (uint32_t i = 0; i < coverage->tables; i++) {
        if (coverage->rows[i] == 0)
            continue;
        fprintf(out, "%s%u of %u rows of %.*s", before, coverage_hit(coverage, i),
                coverage->rows[i], SPAN_ARG(rules_table(coverage->policy->rules, i)->name));
        before = ", ";
    }
    putc('\n', out);
}
