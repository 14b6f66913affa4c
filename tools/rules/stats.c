/* stats - how the rows of the book have done. */
#include "base/check.h"
#include "domain/city/date.h"
#include "tools/command.h"
#include "tools/named_book.h"
#include "tools/rules/row_stats.h"
#include "tools/rules/rules.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_STORE = KEY_FIRST_OWN, KEY_POLICY, KEY_SORT, KEY_AT, KEY_ALL, ROWS_SHOWN = 40 };

struct asked {
    const char *store;
    const char *policy; /* NULL: all of them */
    enum row_order order;
    int64_t at_ms;
    bool all;
    bool json;
};

static const char *const order_names[ORDERS] = {
    [ORDER_HITS] = "hits",
    [ORDER_RETURNS] = "returns",
    [ORDER_OVERDUE] = "overdue",
    [ORDER_ROW] = "row",
};

static const struct argp_option options[] = {
    {"store", KEY_STORE, "DIR", 0, "Whose decisions are counted", 0},
    {"policy", KEY_POLICY, "HASH", 0, "Only what this policy decided, 8 digits or more", 0},
    {"sort", KEY_SORT, "hits|returns|overdue|row", 0, "The most first (hits)", 0},
    {"at", KEY_AT, "TIME", 0, "When what is open is late, as 2026-11-26T09:00 (now)", 0},
    {"all", KEY_ALL, NULL, 0, "List all rows, not only the first", 0},
    {"json", KEY_JSON, NULL, 0, "One JSON object instead of a table", 0},
    {0},
};

static enum row_order order_of(const char *name, struct argp_state *state)
{
    for (enum row_order order = 0; order < ORDERS; order++)
        if (strcmp(order_names[order], name) == 0)
            return order;
    argp_error(state, "--sort: '%s' is not one of hits, returns, overdue, row", name);
    return ORDER_HITS;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct asked *asked = state->input;
    switch (key) {
    case KEY_STORE:
        asked->store = argument;
        return 0;
    case KEY_POLICY:
        asked->policy = argument;
        return 0;
    case KEY_SORT:
        asked->order = order_of(argument, state);
        return 0;
    case KEY_AT:
        if (!moment_parse(span_of_string(argument), &asked->at_ms))
            argp_error(state, "--at: '%s' is no moment such as 2026-11-26T09:00", argument);
        return 0;
    case KEY_ALL:
        asked->all = true;
        return 0;
    case KEY_JSON:
        asked->json = true;
        return 0;
    case ARGP_KEY_END:
        if (asked->store == NULL)
            argp_error(state, "--store is needed: whose decisions are counted");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .doc = "Count for each row of the books that decided: the decisions that cite it, the parts "
           "that it gave to units, how many of them were returned, and how many answered late, or "
           "are open and late. An engine may be running on the store; it is not disturbed.",
};

static double percent(uint64_t count, uint64_t all)
{
    return all == 0 ? 0 : 100.0 * (double)count / (double)all;
}

static void print_row(const char *name, int bytes, const struct row_stat *row, uint64_t decisions)
{
    printf("%-30.*s %9" PRIu64 " %6.1f %% %9" PRIu64 "", bytes, name, row->hits,
           percent(row->hits, decisions), row->parts);
    if (row->parts > 0)
        printf(" %8" PRIu64 " %5.1f %% %8" PRIu64 " %5.1f %%", row->returns,
               percent(row->returns, row->parts), row->overdue, percent(row->overdue, row->parts));
    putchar('\n');
}

static void print_stats(const struct asked *asked, const struct row_stats *stats)
{
    static const char by_desk[] = "(by the desk's hand)";
    uint32_t shown = asked->all || stats->count <= ROWS_SHOWN ? stats->count : ROWS_SHOWN;
    printf("%" PRIu64 " decisions\n\n", stats->decisions);
    printf("%-30s %9s %8s %9s %8s %7s %8s %7s\n", "row", "hits", "share", "parts", "returned", "",
           "overdue", "");
    for (uint32_t i = 0; i < shown; i++)
        print_row((const char *)stats->list[i].name.data, (int)stats->list[i].name.bytes,
                  &stats->list[i], stats->decisions);
    if (shown < stats->count)
        printf("(%u others; --all lists them)\n", stats->count - shown);
    if (stats->by_desk.parts > 0)
        print_row(by_desk, (int)strlen(by_desk), &stats->by_desk, stats->decisions);
}

static json_t *json_of(const struct row_stat *row)
{
    json_t *object = json_object();
    if (row->name.bytes > 0)
        json_object_set_new(object, "row",
                            json_stringn((const char *)row->name.data, row->name.bytes));
    json_object_set_new(object, "hits", json_integer((json_int_t)row->hits));
    json_object_set_new(object, "parts", json_integer((json_int_t)row->parts));
    json_object_set_new(object, "returns", json_integer((json_int_t)row->returns));
    json_object_set_new(object, "overdue", json_integer((json_int_t)row->overdue));
    return object;
}

static void print_stats_json(const struct row_stats *stats)
{
    json_t *object = json_object();
    json_t *rows = json_array();
    for (uint32_t i = 0; i < stats->count; i++)
        json_array_append_new(rows, json_of(&stats->list[i]));
    json_object_set_new(object, "decisions", json_integer((json_int_t)stats->decisions));
    json_object_set_new(object, "by_desk", json_of(&stats->by_desk));
    json_object_set_new(object, "rows", rows);
    char *line = json_dumps(object, JSON_COMPACT);
    CHECK(line != NULL);
    puts(line);
    free(line);
    json_decref(object);
}

static int count(const struct asked *asked, const struct store_look *look, struct diag *diag)
{
    struct row_stats stats;
    uint32_t policy = 0;
    if (asked->policy != NULL && named_book_number(asked->policy, look, diag, &policy) != OK)
        return WRONG;
    if (row_stats_count(look, policy, asked->at_ms, &stats, diag) != OK)
        return MACHINE;
    row_stats_sort(&stats, asked->order);
    if (asked->json)
        print_stats_json(&stats);
    else
        print_stats(asked, &stats);
    row_stats_free(&stats);
    return DONE;
}

int rules_stats(int argc, char **argv)
{
    struct asked asked = {.at_ms = clock_wall_ms(&clock_system)};
    argp_parse(&argp, argc, argv, 0, NULL, &asked);
    struct diag *diag = diag_create();
    struct store_look *look = NULL;
    enum err err = store_look_open(asked.store, diag, &look);
    int code = err == OK ? count(&asked, look, diag) : WRONG;
    store_look_close(&look);
    diag_print(diag, stderr);
    diag_destroy(&diag);
    return code;
}
