/* rollback - a book comes into force again that the store has kept. */
#include "tools/rules/rules.h"
#include "tools/rules/change.h"

static const struct argp_option options[] = {
    OPTION_BY, OPTION_NOTE, OPTION_FRONT, OPTION_JSON, {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    return change_parse(state->input, key, argument, state);
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "[HASH|NUMBER]",
    .doc = "Put a book in force again that was, by the number of its policy or 8 and more digits "
           "of its hash; without either the one before the one in force. It is made of what the "
           "store has kept, so its directory may be gone by now.",
};

/* The engine is told which: asked twice, it does not go back twice. */
static int find_before(const struct change *change, char to[16])
{
    Lianxin__V1__History history = LIANXIN__V1__HISTORY__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    Lianxin__V1__Reply *reply;
    history.limit = 1;
    request.body_case = LIANXIN__V1__REQUEST__BODY_HISTORY;
    request.history = &history;
    int code = ask(&change->common, &request, &reply);
    if (code != DONE)
        return code;
    uint32_t before = reply->history->changes[0]->book->before;
    snprintf(to, 16, "%u", before);
    if (before == 0) {
        fprintf(stderr, "lianxin: the book in force is the store's first; there is none before\n");
        code = WRONG;
    }
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return code;
}

int rules_rollback(int argc, char **argv)
{
    struct change change = change_begin();
    char to[16];
    argp_parse(&argp, argc, argv, 0, NULL, &change);
    int code = change.argument == NULL ? find_before(&change, to) : DONE;
    if (code != DONE)
        return code;
    Lianxin__V1__Rollback rollback = LIANXIN__V1__ROLLBACK__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    rollback.to = change.argument != NULL ? change.argument : to;
    rollback.by = change.by;
    rollback.note = change.note;
    request.body_case = LIANXIN__V1__REQUEST__BODY_ROLLBACK;
    request.rollback = &rollback;
    return change_ask(&change, &request);
}
