#include "base/check.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "bench/demo_report.h"
#include "domain/number.h"
#include "proto/lianxin.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE_MS = 30000, LOOK_MS = 100, UNITS_SHOWN = 6, EVENTS_MAX = CASES * 16 };

static const char *const channels[CHANNEL_COUNT] = {"",     "电话", "短信", "邮件", "微信",
                                                    "微博", "APP",  "来信", "来访"};
static const char *const tiers[TIER_COUNT] = {"", "city", "county", "township", "village"};

struct result {
    uint32_t acknowledged, stored, assigned, published;
    uint32_t by_tier[CHANNEL_COUNT][TIER_COUNT];
    uint32_t *by_unit;
    char example[NUMBER_BYTES_MAX];
};

static int64_t now_ms(void)
{
    return clock_monotonic_ns(&clock_system) / 1000000;
}

/* -- counting ---------------------------------------------------------------------------------- */

static Lianxin__V1__Reply *look_up(struct demo *demo, struct lianxin_client *client,
                                   const char *number)
{
    Lianxin__V1__Lookup lookup = LIANXIN__V1__LOOKUP__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply;
    lookup.number = (char *)number;
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOOKUP;
    request.lookup = &lookup;
    if (lianxin_client_ask(client, &request, PATIENCE_MS, &reply) != OK)
        demo_fail(demo, lianxin_why());
    return reply;
}

static enum tier tier_of_unit(const struct demo *demo, const char *key)
{
    struct unit unit = city_unit_by_key(demo->policy->city, span_of_string(key));
    return unit.index == UNIT_NONE.index
               ? TIER_NONE
               : place_tier(city_places(demo->policy->city), unit_place(demo->policy->city, unit));
}

static void count_ticket(struct demo *demo, struct lianxin_client *client, const char *number,
                         struct result *result)
{
    Lianxin__V1__Reply *reply = look_up(demo, client, number);
    if (reply->body_case == LIANXIN__V1__REPLY__BODY_TICKET) {
        const Lianxin__V1__Event *event = reply->ticket->events[0];
        const char *unit = event->n_assignments > 0 ? event->assignments[0]->unit : "";
        enum tier tier = tier_of_unit(demo, unit);
        result->stored++;
        result->assigned += tier != TIER_NONE;
        result->by_tier[event->case_->channel][tier]++;
        if (tier != TIER_NONE)
            result->by_unit[city_unit_by_key(demo->policy->city, span_of_string(unit)).index]++;
        if (event->decision->n_climb > 1 || (tier == TIER_TOWNSHIP && result->example[0] == '\0'))
            snprintf(result->example, sizeof result->example, "%s", number);
    }
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

static void count_answers(struct demo *demo, struct lianxin_client *client, struct result *result)
{
    char path[2 * PATH_BYTES];
    char line[4096];
    for (int i = 0; i < ADAPTERS; i++) {
        demo_file(demo, "answers", i, path);
        FILE *file = fopen(path, "r");
        if (file == NULL)
            demo_fail(demo, "an adapter left no answers");
        while (fgets(line, sizeof line, file) != NULL) {
            json_t *answer = json_loads(line, 0, NULL);
            const char *outcome = json_string_value(json_object_get(answer, "outcome"));
            const char *number = json_string_value(json_object_get(answer, "number"));
            if (outcome != NULL && number != NULL &&
                (strcmp(outcome, "accepted") == 0 || strcmp(outcome, "duplicate") == 0)) {
                result->acknowledged++;
                count_ticket(demo, client, number, result);
            }
            json_decref(answer);
        }
        fclose(file);
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Tickets that the watcher of everything was handed, each once however many units it went to. */
static uint32_t count_published(struct demo *demo, uint32_t *events)
{
    char path[2 * PATH_BYTES];
    static char numbers[EVENTS_MAX][NUMBER_BYTES_MAX];
    char *line = NULL;
    size_t room = 0;
    demo_file(demo, "events", WATCHERS - 1, path);
    FILE *file = fopen(path, "r");
    *events = 0;
    while (file != NULL && *events < EVENTS_MAX && getline(&line, &room, file) > 0) {
        json_t *event = json_loads(line, 0, NULL);
        const char *number =
            json_string_value(json_object_get(json_object_get(event, "event"), "ticket"));
        if (number != NULL)
            snprintf(numbers[(*events)++], NUMBER_BYTES_MAX, "%s", number);
        json_decref(event);
    }
    free(line);
    if (file != NULL)
        fclose(file);
    qsort(numbers, *events, sizeof numbers[0], by_text);
    uint32_t distinct = 0;
    for (uint32_t i = 0; i < *events; i++)
        distinct += i == 0 || strcmp(numbers[i], numbers[i - 1]) != 0;
    return distinct;
}

/* The watchers fill their gaps by themselves; this only waits until the last has. */
static void wait_for_watchers(struct demo *demo, struct result *result)
{
    uint32_t events;
    int64_t end = now_ms() + PATIENCE_MS;
    do {
        demo_pause_ms(demo, LOOK_MS);
        result->published = count_published(demo, &events);
    } while (result->published < result->stored && now_ms() < end);
}

/* -- showing ----------------------------------------------------------------------------------- */

static void print_cell(const char *text, size_t columns)
{
    size_t used = utf8_columns(span_of_string(text));
    printf("%s%*s", text, used < columns ? (int)(columns - used) : 0, "");
}

static void print_table(const struct result *result)
{
    printf("\n  ");
    print_cell("channel", 10);
    for (int tier = TIER_CITY; tier < TIER_COUNT; tier++)
        printf("%10s", tiers[tier]);
    putchar('\n');
    for (int channel = 1; channel < CHANNEL_COUNT; channel++) {
        printf("  ");
        print_cell(channels[channel], 10);
        for (int tier = TIER_CITY; tier < TIER_COUNT; tier++)
            printf("%10u", result->by_tier[channel][tier]);
        putchar('\n');
    }
}

static void print_busiest(const struct demo *demo, struct result *result)
{
    const struct city *city = demo->policy->city;
    puts("\n  the busiest units");
    for (int shown = 0; shown < UNITS_SHOWN; shown++) {
        uint32_t best = 0;
        for (uint32_t i = 0; i < city_units(city); i++)
            if (result->by_unit[i] > result->by_unit[best])
                best = i;
        if (result->by_unit[best] == 0)
            break;
        printf("  %5u  ", result->by_unit[best]);
        print_cell(arena_copy(demo->policy->arena, unit_key(city, (struct unit){best})), 34);
        printf(" %.*s\n", SPAN_ARG(unit_name(city, (struct unit){best})));
        result->by_unit[best] = 0;
    }
}

static void print_example(struct demo *demo, struct lianxin_client *client, const char *number)
{
    if (number[0] == '\0')
        return;
    Lianxin__V1__Reply *reply = look_up(demo, client, number);
    const Lianxin__V1__Event *event = reply->ticket->events[0];
    const Lianxin__V1__Decision *decision = event->decision;
    printf("\n  why did %s go there?\n", number);
    printf("    case   %s, category %s, %s\n", word_name(&type_words, (uint32_t)event->case_->type),
           reply->ticket->category_name, reply->ticket->place_name);
    printf("    row    %s: %s at tier %s\n",
           decision->n_rows > 0 ? decision->rows[decision->n_rows - 1] : "none", decision->function,
           decision->tier);
    printf("    climb  from %s:", decision->place);
    for (size_t i = 0; i < decision->n_climb; i++)
        printf("%s %s", i == 0 ? "" : " ->", decision->climb[i]);
    printf("\n    unit   %s %s\n", event->assignments[0]->unit, reply->ticket->unit_names[0]);
    lianxin__v1__reply__free_unpacked(reply, NULL);
}

static void print_watchers(const struct demo *demo)
{
    char path[2 * PATH_BYTES];
    puts("\n  what the four subscribers were handed, in order and without gaps");
    for (int i = 0; i < WATCHERS; i++) {
        demo_file(demo, "events", i, path);
        printf("  %5u  ", demo_count_lines(path));
        print_cell(watched[i].what, 22);
        printf(" unit.%s\n", watched[i].prefix);
    }
}

int demo_report(struct demo *demo)
{
    struct result result = {0};
    struct lianxin_client *client;
    result.by_unit = calloc(city_units(demo->policy->city), sizeof *result.by_unit);
    CHECK(result.by_unit != NULL);
    if (lianxin_client_open(demo->front, NULL, &client) != OK)
        demo_fail(demo, lianxin_why());
    count_answers(demo, client, &result);
    wait_for_watchers(demo, &result);
    print_table(&result);
    print_busiest(demo, &result);
    print_watchers(demo);
    print_example(demo, client, result.example);
    lianxin_client_close(&client);
    free(result.by_unit);
    uint32_t least = result.acknowledged;
    if (result.stored < least)
        least = result.stored;
    if (result.assigned < least)
        least = result.assigned;
    if (result.published < least)
        least = result.published;
    printf("\ndemo: %u submitted, %u acknowledged, %u stored, %u assigned, %u published, %u lost\n",
           demo->submitted, result.acknowledged, result.stored, result.assigned, result.published,
           demo->submitted - least);
    return demo->submitted == least ? EXIT_SUCCESS : EXIT_FAILURE;
}
