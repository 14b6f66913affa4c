/* status - how the engine is doing. */
#include "domain/words.h"
#include "tools/command.h"

#include <inttypes.h>

static const struct argp_option options[] = {OPTION_FRONT, OPTION_JSON, {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    return common_parse(state->input, key, argument);
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .doc = "Say how the engine is doing. Exit 1 where it takes no cases now.",
};

static void print_bytes(const char *what, uint64_t bytes)
{
    printf("%-12s %.1f MiB\n", what, (double)bytes / (1024 * 1024));
}

static void print_policy(const Lianxin__V1__StatusReport *status)
{
    char time[32];
    printf("%-12s %u (%.16s)", "policy", status->policy, status->policy_hash);
    if (status->policy_since_ms != 0)
        printf(", since %s", format_time(status->policy_since_ms, time));
    printf(", from serial %" PRIu64 " on\n", status->policy_from_serial);
}

static void print_status(const Lianxin__V1__StatusReport *status)
{
    char time[32];
    printf("%s, Lianxin %s, up since %s\n", status->city, status->version,
           format_time(status->started_ms, time));
    print_policy(status);
    printf("%-12s %s, %s\n", "regime", word_name(&regime_words, (uint32_t)status->regime),
           status->regime_ordered ? "by order of the desk" : "as the calendar says");
    printf("%-12s %s%s\n", "intake",
           status->refusing[0] == '\0' ? "open" : "closed: ", status->refusing);
    printf("%-12s %" PRIu64 " of %" PRIu64 " tickets\n", "events", status->events, status->tickets);
    print_bytes("store", status->store_bytes);
    print_bytes("disk free", status->free_bytes);
    printf("\nsince start\n");
    printf("%-12s %" PRIu64 "\n", "duplicates", status->duplicates);
    printf("%-12s %" PRIu64 "\n", "invalid", status->invalid);
    printf("%-12s %" PRIu64 "\n", "refused", status->refused);
    printf("%-12s %" PRIu64 "\n", "try again", status->try_again);
    printf("%-12s %" PRIu64 "\n", "disconnects", status->disconnects);
    printf("%-12s %" PRIu64 "\n", "groups", status->groups);
    printf("\n%-12s %12s %12s %12s %12s\n", "stage", "done", "batches", "busy ms", "CPU ms");
    for (size_t i = 0; i < status->n_stages; i++)
        printf("%-12s %12" PRIu64 " %12" PRIu64 " %12.1f %12.1f\n", status->stages[i]->name,
               status->stages[i]->done, status->stages[i]->batches,
               (double)status->stages[i]->busy_us / 1000, (double)status->stages[i]->cpu_us / 1000);
    printf("\n%-28s %12s %12s\n", "thread", "CPU ms", "wake-ups");
    for (size_t i = 0; i < status->n_threads; i++)
        printf("%-28s %12.1f %12" PRIu64 "\n", status->threads[i]->stages,
               (double)status->threads[i]->cpu_us / 1000, status->threads[i]->wakeups);
}

int command_status(int argc, char **argv)
{
    struct common common = {.front = LIANXIN_FRONT};
    argp_parse(&argp, argc, argv, 0, NULL, &common);
    Lianxin__V1__Status what = LIANXIN__V1__STATUS__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_STATUS;
    request.status = &what;
    Lianxin__V1__Reply *reply;
    int code = ask(&common, &request, &reply);
    if (code != DONE)
        return code;
    code = reply->status->refusing[0] == '\0' ? DONE : WRONG;
    if (common.json)
        print_json(&reply->status->base);
    else
        print_status(reply->status);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return code;
}
