/* cover - which rows no golden case and no case of the history ever hit. */
#include "base/check.h"
#include "domain/rules/table.h"
#include "tools/command.h"
#include "tools/rules/covered.h"
#include "tools/rules/golden.h"
#include "tools/rules/rules.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

enum { KEY_STORE = KEY_FIRST_OWN, KEY_ALL, ROWS_SHOWN = 20 };

struct asked {
    const char *directory;
    const char *store; /* NULL: golden cases alone */
    bool all;
    bool json;
};

static const struct argp_option options[] = {
    {"store", KEY_STORE, "DIR", 0, "Whose cases count as well, decided again by this book", 0},
    {"all", KEY_ALL, NULL, 0, "List all rows that nothing hits, not the first of each table", 0},
    {"json", KEY_JSON, NULL, 0, "One JSON object instead of a table", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct asked *asked = state->input;
    switch (key) {
    case KEY_STORE:
        asked->store = argument;
        return 0;
    case KEY_ALL:
        asked->all = true;
        return 0;
    case KEY_JSON:
        asked->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        asked->directory = argument;
        return 0;
    case ARGP_KEY_END:
        if (asked->directory == NULL)
            argp_error(state, "the city's directory is needed");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "CITY",
    .doc = "Count which rows of a book the golden cases hit, and, with a store, which the cases of "
           "its history would; and list those that nothing ever hit. Such a row may be right and "
           "rare, or there by mistake; a golden case tells.",
};

/* -- telling ----------------------------------------------------------------------------------- */

struct told {
    const struct asked *asked;
    const struct golden *golden;
    const struct covered *history; /* NULL: none was asked for */
};

static bool is_hit(const struct told *told, uint32_t table, uint32_t row)
{
    return told->golden->coverage.hits[table][row] > 0 ||
           (told->history != NULL && told->history->coverage.hits[table][row] > 0);
}

static uint32_t count_missed(const struct told *told, uint32_t table)
{
    uint32_t missed = 0;
    for (uint32_t row = 0; row < told->golden->coverage.rows[table]; row++)
        missed += !is_hit(told, table, row);
    return missed;
}

static const struct table *table_of(const struct told *told, uint32_t table)
{
    return rules_table(told->golden->coverage.policy->rules, table);
}

static struct span row_name(const struct told *told, uint32_t table, uint32_t row)
{
    return rules_row_name(told->golden->coverage.policy->rules,
                          (struct row){(uint16_t)table, (uint16_t)row});
}

static uint32_t row_line(const struct table *table, uint32_t row)
{
    return row < table->rows_count ? table->rows[row].where.line : table->otherwise->where.line;
}

static void print_missed(const struct told *told, uint32_t index)
{
    const struct table *table = table_of(told, index);
    uint32_t missed = count_missed(told, index);
    uint32_t shown = 0;
    if (missed > 0)
        printf("\n%.*s: hit by nothing\n", SPAN_ARG(table->name));
    for (uint32_t row = 0; row < told->golden->coverage.rows[index]; row++) {
        if (is_hit(told, index, row))
            continue;
        if (!told->asked->all && shown == ROWS_SHOWN) {
            printf("  (%u others; --all lists them)\n", missed - shown);
            break;
        }
        printf("  %s:%u: %.*s\n", table->sheet.path, row_line(table, row),
               SPAN_ARG(row_name(told, index, row)));
        shown++;
    }
}

static void print_cases(const struct told *told)
{
    printf("\n%" PRIu64 " golden cases", told->golden->cases);
    if (told->history == NULL) {
        puts("; --store counts a history as well");
        return;
    }
    printf(", %" PRIu64 " cases of the history", told->history->cases);
    if (told->history->unknown > 0)
        printf("; of %" PRIu64 " this city does not know place or category",
               told->history->unknown);
    putchar('\n');
}

static void tell(const struct told *told)
{
    const struct coverage *coverage = &told->golden->coverage;
    printf("table             rows   golden  %shit by nothing\n",
           told->history != NULL ? "history  " : "");
    for (uint32_t i = 0; i < coverage->tables; i++) {
        if (coverage->rows[i] == 0)
            continue;
        printf("%-16.*s %5u    %5u  ", SPAN_ARG(table_of(told, i)->name), coverage->rows[i],
               coverage_hit(coverage, i));
        if (told->history != NULL)
            printf("  %5u  ", coverage_hit(&told->history->coverage, i));
        printf("%14u\n", count_missed(told, i));
    }
    print_cases(told);
    for (uint32_t i = 0; i < coverage->tables; i++)
        print_missed(told, i);
}

static json_t *table_json(const struct told *told, uint32_t index)
{
    const struct coverage *coverage = &told->golden->coverage;
    const struct table *table = table_of(told, index);
    json_t *object = json_object();
    json_t *rows = json_array();
    json_object_set_new(object, "table",
                        json_stringn((const char *)table->name.data, table->name.bytes));
    for (uint32_t row = 0; row < coverage->rows[index]; row++) {
        json_t *one = json_object();
        struct span name = row_name(told, index, row);
        json_object_set_new(one, "row", json_stringn((const char *)name.data, name.bytes));
        json_object_set_new(one, "line", json_integer(row_line(table, row)));
        json_object_set_new(one, "golden", json_integer((json_int_t)coverage->hits[index][row]));
        if (told->history != NULL)
            json_object_set_new(one, "history",
                                json_integer((json_int_t)told->history->coverage.hits[index][row]));
        json_array_append_new(rows, one);
    }
    json_object_set_new(object, "missed", json_integer(count_missed(told, index)));
    json_object_set_new(object, "rows", rows);
    return object;
}

static void tell_json(const struct told *told)
{
    json_t *object = json_object();
    json_t *tables = json_array();
    json_object_set_new(object, "golden_cases", json_integer((json_int_t)told->golden->cases));
    json_object_set_new(object, "golden_failed", json_integer((json_int_t)told->golden->failed));
    if (told->history != NULL) {
        json_object_set_new(object, "history_cases",
                            json_integer((json_int_t)told->history->cases));
        json_object_set_new(object, "history_unknown",
                            json_integer((json_int_t)told->history->unknown));
    }
    for (uint32_t i = 0; i < told->golden->coverage.tables; i++)
        json_array_append_new(tables, table_json(told, i));
    json_object_set_new(object, "tables", tables);
    char *line = json_dumps(object, JSON_COMPACT);
    CHECK(line != NULL);
    puts(line);
    free(line);
    json_decref(object);
}

static enum err count_history(const struct asked *asked, const struct policy *policy,
                              struct arena *arena, struct diag *diag, struct covered *history)
{
    struct store_look *look = NULL;
    enum err err = store_look_open(asked->store, diag, &look);
    if (err == OK)
        err = covered_count(look, policy, arena, diag, history);
    store_look_close(&look);
    return err;
}

static int cover(const struct asked *asked, const struct policy *policy, struct diag *diag)
{
    struct arena *arena = arena_create();
    struct golden golden;
    struct covered history;
    struct told told = {.asked = asked, .golden = &golden};
    int code = golden_run(asked->directory, policy, arena, diag, &golden) == OK ? DONE : WRONG;
    enum err err = OK;
    if (asked->store != NULL) {
        err = count_history(asked, policy, arena, diag, &history);
        told.history = &history;
    }
    if (err != OK)
        code = err == ERR_NOT_FOUND ? WRONG : MACHINE;
    else if (asked->json)
        tell_json(&told);
    else
        tell(&told);
    arena_destroy(&arena);
    return code;
}

int rules_cover(int argc, char **argv)
{
    struct asked asked = {.store = NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &asked);
    struct diag *diag = diag_create();
    struct policy *policy = NULL;
    int code = WRONG;
    if (policy_load(asked.directory, diag, &policy) == OK)
        code = cover(&asked, policy, diag);
    diag_print(diag, stderr);
    policy_destroy(&policy);
    diag_destroy(&diag);
    return code;
}
