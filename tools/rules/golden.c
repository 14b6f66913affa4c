#include "tools/rules/golden.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/file.h"
#include "domain/rules/table.h"
#include "stages/3_route.h"
#include "wire/wire.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* What is expected, in the order of `expected_names`. */
enum {
    EXPECT_UNIT,
    EXPECT_TIER,
    EXPECT_ROW,
    EXPECT_DISPOSITION,
    EXPECT_CATEGORY,
    EXPECT_URGENCY,
    EXPECT_LIMIT,
    EXPECT_CO,
    EXPECT_INFORMED,
    EXPECT_REPORTER,
    EXPECTED
};

static const char *const expected_names[EXPECTED] = {"unit",     "tier",    "row",   "disposition",
                                                     "category", "urgency", "limit", "co",
                                                     "informed", "reporter"};

enum { FAULT_BYTES = 1024, LIST_BYTES = 8 * (UNIT_KEY_BYTES_MAX + 2), FILE_BYTES_MAX = 16 << 20 };

_Static_assert((int)EXPECTED == (int)GOLDEN_MEMBERS, "one for each");

void golden_members(struct circumstances_more members[GOLDEN_MEMBERS])
{
    for (uint32_t i = 0; i < GOLDEN_MEMBERS; i++)
        members[i] = (struct circumstances_more){.name = expected_names[i]};
}

struct run {
    const struct policy *policy;
    struct scratch *scratch;
    struct golden *golden;
    struct diag *diag;
    const char *directory;
};

/* One line of a file. */
struct trial {
    const struct run *run;
    struct circumstances_more expected[EXPECTED];
    char fault[FAULT_BYTES]; /* what is not as expected, "; " between */
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void complain(struct trial *trial, const char *format,
                                                           ...)
{
    va_list arguments;
    if (trial->used > 0 && trial->used + 2 < sizeof trial->fault)
        trial->used += (size_t)sprintf(trial->fault + trial->used, "; ");
    va_start(arguments, format);
    int bytes =
        vsnprintf(trial->fault + trial->used, sizeof trial->fault - trial->used, format, arguments);
    va_end(arguments);
    trial->used += (size_t)bytes;
    if (trial->used >= sizeof trial->fault)
        trial->used = sizeof trial->fault - 1;
}

static struct span expected(const struct trial *trial, uint32_t which)
{
    return trial->expected[which].text;
}

/* -- units and rows ---------------------------------------------------------------------------- */

static struct span unit_of(const struct run *run, const struct decision *decision, uint32_t index)
{
    return unit_key(run->policy->city, decision->assignments[index].unit);
}

/* Who named the main unit's function, or that it is not dispatched. */
static struct span deciding_row(const struct run *run, const struct decision *decision)
{
    const struct rules *rules = run->policy->rules;
    for (uint32_t i = 0; i < decision->rows_count; i++) {
        struct row row = decision->rows[i];
        const struct table *table = rules_table(rules, row.table);
        if (table->weights != NULL)
            continue;
        const struct row_outputs *outputs = row.row < table->rows_count
                                                ? &table->rows[row.row].outputs
                                                : &table->otherwise->outputs;
        if (decision->disposition == DISPOSITION_DISPATCH
                ? outputs->function.index != FUNCTION_NONE.index
                : outputs->disposition == decision->disposition)
            return rules_row_name(rules, row);
    }
    return span_of_string("no row");
}

static void check_unit(struct trial *trial, const struct decision *decision)
{
    const struct run *run = trial->run;
    const struct city *city = run->policy->city;
    struct span key = unit_of(run, decision, 0);
    struct span wanted = expected(trial, EXPECT_UNIT);
    if (span_equal(key, wanted))
        return;
    if (city_unit_by_key(city, wanted).index == UNIT_NONE.index)
        complain(trial, "there is no unit %.*s", SPAN_ARG(wanted));
    complain(trial, "it goes to %.*s %.*s by %.*s, and not to %.*s", SPAN_ARG(key),
             SPAN_ARG(unit_name(city, decision->assignments[0].unit)),
             SPAN_ARG(deciding_row(run, decision)), SPAN_ARG(wanted));
}

/* The next of a list with commas, trimmed. False at its end. */
static bool next_item(struct span *list, struct span *item)
{
    while (list->bytes > 0) {
        const uint8_t *comma = memchr(list->data, ',', list->bytes);
        size_t bytes = comma != NULL ? (size_t)(comma - list->data) : list->bytes;
        *item = sheet_trim(span_of(list->data, bytes));
        bytes += comma != NULL;
        *list = span_of(list->data + bytes, list->bytes - bytes);
        if (item->bytes > 0)
            return true;
    }
    return false;
}

static bool cites(const struct run *run, const struct decision *decision, struct span name)
{
    for (uint32_t i = 0; i < decision->rows_count; i++)
        if (span_equal(rules_row_name(run->policy->rules, decision->rows[i]), name))
            return true;
    return false;
}

/* The row of the same table that is cited instead. */
static struct span cited_instead(const struct run *run, const struct decision *decision,
                                 struct row row)
{
    for (uint32_t i = 0; i < decision->rows_count; i++)
        if (decision->rows[i].table == row.table)
            return rules_row_name(run->policy->rules, decision->rows[i]);
    return span_of_string("no row of that table");
}

static void check_rows(struct trial *trial, const struct decision *decision)
{
    const struct run *run = trial->run;
    struct span list = expected(trial, EXPECT_ROW);
    struct span name;
    struct row row;
    while (next_item(&list, &name))
        if (!rules_find_row(run->policy->rules, name, &row))
            complain(trial, "the book has no row %.*s", SPAN_ARG(name));
        else if (!cites(run, decision, name))
            complain(trial, "%.*s holds, and not %.*s", SPAN_ARG(cited_instead(run, decision, row)),
                     SPAN_ARG(name));
}

/* -- all else ---------------------------------------------------------------------------------- */

static void check_text(struct trial *trial, uint32_t which, struct span came)
{
    struct span wanted = expected(trial, which);
    if (came.bytes == 0)
        came = span_of_string("absent");
    if (wanted.bytes > 0 && !span_equal(wanted, came))
        complain(trial, "%s is %.*s, and not %.*s", expected_names[which], SPAN_ARG(came),
                 SPAN_ARG(wanted));
}

static void check_category(struct trial *trial, const struct decision *decision)
{
    struct span wanted = expected(trial, EXPECT_CATEGORY);
    struct span came = span_of_string("absent");
    if (decision->category.index != CATEGORY_NONE.index)
        came = category_code(trial->run->policy->city, decision->category);
    trial->expected[EXPECT_CATEGORY].text = sheet_code(wanted);
    check_text(trial, EXPECT_CATEGORY, came);
}

static void check_clock(struct trial *trial, const struct decision *decision)
{
    char limit[TIME_LIMIT_BYTES_MAX];
    check_text(trial, EXPECT_LIMIT, span_of(limit, time_limit_format(decision->limit, limit)));
    check_text(trial, EXPECT_URGENCY,
               span_of_string(word_name(&urgency_words, (uint32_t)decision->urgency)));
}

static bool has_unit(const struct run *run, const struct decision *decision, enum role role,
                     struct span key)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++)
        if (decision->assignments[i].role == role && span_equal(unit_of(run, decision, i), key))
            return true;
    return false;
}

/* Does a list name all that have it in this role? */
static bool names_all(const struct run *run, const struct decision *decision, enum role role,
                      struct span list)
{
    for (uint32_t i = 0; i < decision->assignments_count; i++) {
        struct span rest = list;
        struct span key = {0};
        bool named = decision->assignments[i].role != role;
        while (!named && next_item(&rest, &key))
            named = span_equal(key, unit_of(run, decision, i));
        if (!named)
            return false;
    }
    return true;
}

static void list_units(const struct run *run, const struct decision *decision, enum role role,
                       char text[LIST_BYTES])
{
    uint32_t count = 0;
    text += sprintf(text, "%s", "");
    for (uint32_t i = 0; i < decision->assignments_count; i++)
        if (decision->assignments[i].role == role)
            text += sprintf(text, "%s%.*s", count++ > 0 ? ", " : "",
                            SPAN_ARG(unit_of(run, decision, i)));
    if (count == 0)
        sprintf(text, "none");
}

_Static_assert(ASSIGNMENTS_MAX *(UNIT_KEY_BYTES_MAX + 2) <= LIST_BYTES, "all units there may be");

static void check_units(struct trial *trial, uint32_t which, enum role role,
                        const struct decision *decision)
{
    const struct run *run = trial->run;
    struct span wanted = expected(trial, which);
    struct span rest = wanted;
    struct span key;
    char came[LIST_BYTES];
    if (wanted.bytes == 0)
        return;
    bool right = names_all(run, decision, role, wanted);
    while (right && !span_is(wanted, "none") && next_item(&rest, &key))
        right = has_unit(run, decision, role, key);
    list_units(run, decision, role, came);
    if (!right)
        complain(trial, "%s: %s, and not %.*s", expected_names[which], came, SPAN_ARG(wanted));
}

static void check(struct trial *trial, const struct decision *decision)
{
    struct circumstances_more *disposition = &trial->expected[EXPECT_DISPOSITION];
    if (disposition->text.bytes == 0)
        disposition->text = span_of_string("dispatch");
    check_text(trial, EXPECT_DISPOSITION,
               span_of_string(word_name(&disposition_words, (uint32_t)decision->disposition)));
    check_unit(trial, decision);
    check_text(trial, EXPECT_TIER,
               span_of_string(word_name(&tier_words, (uint32_t)decision->tier)));
    check_rows(trial, decision);
    check_category(trial, decision);
    check_clock(trial, decision);
    check_units(trial, EXPECT_CO, ROLE_CO, decision);
    check_units(trial, EXPECT_INFORMED, ROLE_INFORMED, decision);
    check_text(trial, EXPECT_REPORTER,
               span_of_string(decision->reporter_shown ? "shown" : "withheld"));
}

/* -- one case ---------------------------------------------------------------------------------- */

/* As decode and route do with a case that comes in. */
static bool decide_case(struct trial *trial, const struct circumstances *circumstances,
                        struct arena *arena, struct facts *facts, struct routing *routing)
{
    const struct run *run = trial->run;
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
    complain(trial, "case%s%s: %.*s%s%s", misfit.field[0] != '\0' ? "." : "", misfit.field,
             SPAN_ARG(misfit.value), misfit.value.bytes > 0 ? " " : "", misfit.message);
    return false;
}

/* False where the line is no golden case. */
static bool try_case(struct trial *trial, struct span text, struct arena *arena)
{
    const struct run *run = trial->run;
    struct circumstances circumstances;
    struct facts facts;
    struct routing routing;
    char fault[JSON_FAULT_BYTES];
    if (!circumstances_read(text, trial->expected, EXPECTED, arena, &circumstances, fault)) {
        complain(trial, "%s", fault);
        return false;
    }
    if (expected(trial, EXPECT_UNIT).bytes == 0) {
        complain(trial,
                 "unit is missing; the key of the unit that is to get the case stands there");
        return false;
    }
    if (!decide_case(trial, &circumstances, arena, &facts, &routing))
        return true;
    coverage_add(&run->golden->coverage, &facts, run->scratch);
    check(trial, &routing.decision);
    return true;
}

static void try_line(struct run *run, const char *file, uint32_t line, struct span text)
{
    struct arena *arena = arena_create();
    struct trial trial = {.run = run};
    golden_members(trial.expected);
    bool readable = try_case(&trial, text, arena);
    run->golden->cases++;
    run->golden->failed += trial.used > 0;
    if (trial.used > 0 && readable)
        diag_add(run->diag, file, line, 0, "%s; why: sed -n %up %s | lianxin explain --city %s -",
                 trial.fault, line, file, run->directory);
    else if (trial.used > 0)
        diag_add(run->diag, file, line, 0, "%s", trial.fault);
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
