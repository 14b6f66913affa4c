/* history - which book was in force when, by whom, and how it came to be. */
#include "domain/words.h"
#include "tools/rules/rules.h"
#include "tools/rules/change.h"

#include <inttypes.h>
#include <stdlib.h>

/* All of it, a stretch a reply, the latest first. */
struct history {
    Lianxin__V1__Reply **replies;
    size_t count;
};

static const struct argp_option options[] = {OPTION_FRONT, OPTION_JSON, {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    return common_parse(state->input, key, argument);
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .doc =
        "List which book was in force when, the one in force last: from which serial on it "
        "decided, since when, the number and hash of its policy, how it came into force (start, "
        "load, sighup, rollback), by whom, and why. The store's first has neither time nor name.",
};

static void print_change(const Lianxin__V1__Change *change)
{
    char time[32] = "-";
    char policy[32];
    const Lianxin__V1__Book *book = change->book;
    printf("%12" PRIu64 "  ", change->from_serial);
    print_padded(change->time_ms != 0 ? format_time(change->time_ms, time) : time, 21);
    print_padded(format_policy(book, policy), 18);
    bool has_note = book->note[0] != '\0';
    print_padded(word_name(&how_words, (uint32_t)book->how),
                 has_note || book->by[0] != '\0' ? 10 : 0);
    print_padded(book->by, has_note ? 16 : 0);
    print_clipped(book->note, TITLE_COLUMNS);
}

static void print_history(const struct history *history, bool json)
{
    if (!json)
        printf("%12s  %-21s%-18s%-10s%-16s%s\n", "from serial", "since", "policy", "how", "by",
               "note");
    for (size_t i = history->count; i > 0; i--) {
        const Lianxin__V1__HistoryReport *report = history->replies[i - 1]->history;
        for (size_t j = report->n_changes; j > 0; j--)
            if (json)
                print_json(&report->changes[j - 1]->base);
            else
                print_change(report->changes[j - 1]);
    }
}

static int ask_all(const struct common *common, struct history *history)
{
    Lianxin__V1__History wanted = LIANXIN__V1__HISTORY__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_HISTORY;
    request.history = &wanted;
    do {
        size_t bytes = (history->count + 1) * sizeof *history->replies;
        history->replies = realloc(history->replies, bytes);
        if (history->replies == NULL)
            return MACHINE;
        int code = ask(common, &request, &history->replies[history->count]);
        if (code != DONE)
            return code;
        wanted.before = history->replies[history->count++]->history->next;
    } while (wanted.before != 0);
    return DONE;
}

int rules_history(int argc, char **argv)
{
    struct common common = {.front = LIANXIN_FRONT};
    struct history history = {.count = 0};
    argp_parse(&argp, argc, argv, 0, NULL, &common);
    int code = ask_all(&common, &history);
    if (code == DONE)
        print_history(&history, common.json);
    for (size_t i = 0; i < history.count; i++)
        lianxin__v1__reply__free_unpacked(history.replies[i], NULL);
    free(history.replies);
    return code;
}
