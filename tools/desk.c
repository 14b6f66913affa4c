/* desk - the open tickets that need a human: what is needed, since when, and whose turn it is. */
#include "domain/words.h"
#include "tools/command.h"

#include <inttypes.h>
#include <string.h>

enum { MINUTE_MS = 60 * 1000, HOUR_MINUTES = 60, DAY_MINUTES = 24 * 60 };

struct desk {
    struct common common;
    char *unit;
    uint64_t listed, open;
};

enum { KEY_UNIT = KEY_FIRST_OWN };

static const struct argp_option options[] = {
    OPTION_FRONT,
    OPTION_JSON,
    {"unit", KEY_UNIT, "PREFIX", 0,
     "Only tickets whose main unit's key begins so, such as 511126 for a county", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct desk *desk = state->input;
    switch (key) {
    case KEY_UNIT:
        desk->unit = argument;
        return 0;
    default:
        return common_parse(&desk->common, key, argument);
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .doc = "List the open tickets that need a human, oldest first: those that the rules could not "
           "decide, that nobody signed in time, that came back, that are overdue.",
};

/* -- printing ---------------------------------------------------------------------------------- */

/* A length of time in its two largest units: 3 d 4 h, 2 h 10 min, 5 min. */
static const char *format_span(int64_t ms, char buffer[48])
{
    int64_t minutes = ms / MINUTE_MS;
    if (minutes >= DAY_MINUTES)
        snprintf(buffer, 48, "%" PRId64 " d %" PRId64 " h", minutes / DAY_MINUTES,
                 minutes % DAY_MINUTES / HOUR_MINUTES);
    else if (minutes >= HOUR_MINUTES)
        snprintf(buffer, 48, "%" PRId64 " h %" PRId64 " min", minutes / HOUR_MINUTES,
                 minutes % HOUR_MINUTES);
    else
        snprintf(buffer, 48, "%" PRId64 " min", minutes);
    return buffer;
}

static bool needs(const Lianxin__V1__DeskItem *item, Lianxin__V1__Need need)
{
    for (size_t i = 0; i < item->n_needs; i++)
        if (item->needs[i] == need)
            return true;
    return false;
}

/* How long it has waited, and for what it is late. */
static void print_times(const Lianxin__V1__DeskItem *item, int64_t now_ms)
{
    char text[48];
    printf("open for %s", format_span(now_ms - item->received_ms, text));
    if (needs(item, LIANXIN__V1__NEED__NEED_UNSIGNED))
        printf(", to be signed %s ago", format_span(now_ms - item->sign_by_ms, text));
    if (needs(item, LIANXIN__V1__NEED__NEED_OVERDUE))
        printf(", overdue for %s", format_span(now_ms - item->due_ms, text));
    else if (item->due_ms != 0)
        printf(", due in %s", format_span(item->due_ms - now_ms, text));
    putchar('\n');
}

static void print_list(const char *label, size_t count, char *const *items)
{
    for (size_t i = 0; i < count; i++)
        printf("    %-10s %s\n", i == 0 ? label : "", items[i]);
}

static void print_item(const Lianxin__V1__DeskItem *item, int64_t now_ms)
{
    printf("%s  ", item->ticket);
    for (size_t i = 0; i < item->n_needs; i++)
        printf("%s%s", i == 0 ? "" : ", ", word_name(&need_words, (uint32_t)item->needs[i]));
    printf("  %s %s\n    ", item->unit, item->unit_name);
    print_times(item, now_ms);
    if (item->title[0] != '\0') {
        printf("    ");
        print_clipped(item->title, TITLE_COLUMNS);
    }
    if (item->returns > 0)
        printf("    %-10s %u time%s, at last %s\n", "returned", item->returns,
               item->returns == 1 ? "" : "s", word_name(&reason_words, (uint32_t)item->reason));
    if (!needs(item, LIANXIN__V1__NEED__NEED_DOUBTFUL))
        return;
    print_list("doubt", item->n_doubts, item->doubts);
    if (item->given_place[0] != '\0')
        print_list("given", 1, (char *const[]){item->given_place});
    print_list("category", item->n_categories, item->categories);
    print_list("place", item->n_places, item->places);
}

static void print_page(struct desk *desk, const Lianxin__V1__DeskList *list)
{
    for (size_t i = 0; i < list->n_items; i++)
        if (desk->common.json)
            print_json(&list->items[i]->base);
        else
            print_item(list->items[i], list->now_ms);
    desk->listed += list->n_items;
    desk->open += list->open;
}

static void print_end(const struct desk *desk)
{
    if (desk->listed == 0)
        printf("nothing waits for a human; %" PRIu64 " ticket%s open\n", desk->open,
               desk->open == 1 ? " is" : "s are");
    else
        printf("%" PRIu64 " of %" PRIu64 " open ticket%s need%s a human\n", desk->listed,
               desk->open, desk->open == 1 ? "" : "s", desk->listed == 1 ? "s" : "");
}

/* -- asking ------------------------------------------------------------------------------------ */

/* One page; sets *after for the next, 0 where there is none. */
static int ask_page(struct desk *desk, uint64_t *after)
{
    Lianxin__V1__Desk what = LIANXIN__V1__DESK__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply;
    what.after = *after;
    what.unit = desk->unit;
    request.body_case = LIANXIN__V1__REQUEST__BODY_DESK;
    request.desk = &what;
    int code = ask(&desk->common, &request, &reply);
    if (code != DONE)
        return code;
    print_page(desk, reply->desk);
    *after = reply->desk->next;
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return DONE;
}

int command_desk(int argc, char **argv)
{
    struct desk desk = {.common = {.front = LIANXIN_FRONT}, .unit = ""};
    uint64_t after = 0;
    argp_parse(&argp, argc, argv, 0, NULL, &desk);
    do {
        int code = ask_page(&desk, &after);
        if (code != DONE)
            return code;
    } while (after != 0);
    if (!desk.common.json)
        print_end(&desk);
    return DONE;
}
