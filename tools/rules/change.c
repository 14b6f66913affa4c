#include "tools/rules/change.h"

#include <inttypes.h>

struct change change_begin(void)
{
    return (struct change){
        .common = {.front = LIANXIN_FRONT}, .by = (char *)login_name(), .note = ""};
}

error_t change_parse(struct change *change, int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case KEY_BY:
        change->by = argument;
        return 0;
    case KEY_NOTE:
        change->note = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        change->argument = argument;
        return 0;
    default:
        return common_parse(&change->common, key, argument);
    }
}

const char *format_policy(const Lianxin__V1__Book *book, char *buffer)
{
    const uint8_t *hash = book->hash.data;
    if (book->hash.len < 4)
        snprintf(buffer, 32, "%u", book->policy);
    else
        snprintf(buffer, 32, "%u (%02x%02x%02x%02x)", book->policy, hash[0], hash[1], hash[2],
                 hash[3]);
    return buffer;
}

static void print_findings(const Lianxin__V1__Changed *changed)
{
    for (size_t i = 0; i < changed->n_findings; i++) {
        const Lianxin__V1__Finding *finding = changed->findings[i];
        fprintf(stderr, "%s", finding->file);
        if (finding->line > 0)
            fprintf(stderr, ":%u", finding->line);
        if (finding->column > 0)
            fprintf(stderr, ":%u", finding->column);
        fprintf(stderr, ": %s\n", finding->text);
    }
    size_t count = changed->n_findings + changed->findings_more;
    if (changed->findings_more > 0)
        fprintf(stderr, "... and %u more\n", changed->findings_more);
    if (count > 0)
        fprintf(stderr, "lianxin: nothing has changed: %zu thing%s to mend\n", count,
                count == 1 ? "" : "s");
}

/* Where nothing has changed and nothing is wrong, it was in force already: what was asked for is
 * so. */
static int print_changed(const struct change *change, const Lianxin__V1__Changed *changed)
{
    char policy[32];
    if (change->common.json)
        print_json(&changed->base);
    else if (changed->n_findings > 0)
        print_findings(changed);
    else
        printf("policy %s is in force%s; it decides from serial %" PRIu64 " on\n",
               format_policy(changed->in_force->book, policy), changed->changed ? "" : " already",
               changed->in_force->from_serial);
    return changed->changed || changed->n_findings == 0 ? DONE : WRONG;
}

int change_ask(const struct change *change, Lianxin__V1__Request *request)
{
    Lianxin__V1__Reply *reply;
    int code = ask_once(&change->common, request, &reply);
    if (code == UNREACHABLE)
        fprintf(stderr, "lianxin: whether it was done, lianxin rules history says\n");
    if (code != DONE)
        return code;
    code = print_changed(change, reply->changed);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return code;
}
