/* act - what a unit or the desk does to a ticket. */
#include "domain/words.h"
#include "tools/command.h"

#include <sodium.h>
#include <string.h>

enum { KEY_UNIT = KEY_FIRST_OWN, KEY_TO, KEY_REASON, KEY_TEXT, KEY_SOURCE, KEY_ID, ID_BYTES = 16 };

struct act_options {
    struct common common;
    Lianxin__V1__Act act;
    char random_id[2 * ID_BYTES + 1];
};

static const struct argp_option options[] = {
    {"unit", KEY_UNIT, "UNIT", 0, "Who acts, such as 511126000000.urban", 0},
    {"to", KEY_TO, "UNIT", 0, "reassign: the new main unit", 0},
    {"reason", KEY_REASON, "REASON", 0,
     "return: not_our_duty, not_our_place, facts_missing or already_handled", 0},
    {"text", KEY_TEXT, "TEXT", 0, "A note, or the answer itself", 0},
    {"source", KEY_SOURCE, "NAME", 0, "Who sends this (command-line)", 0},
    {"id", KEY_ID, "ID", 0, "Its id: repeated with the same one, it is done once (random)", 0},
    OPTION_FRONT,
    OPTION_JSON,
    {0},
};

static int find_word(struct argp_state *state, const struct word_list *words, const char *text)
{
    uint32_t number = word_find(words, span_of_string(text));
    if (number == 0) {
        char known[256] = "";
        for (uint32_t i = 1; i < words->count; i++)
            snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s",
                     i == 1 ? "" : ", ", words->names[i]);
        argp_error(state, "'%s' is no %s; they are: %s", text, words->what, known);
    }
    return (int)number;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct act_options *chosen = state->input;
    Lianxin__V1__Act *act = &chosen->act;
    switch (key) {
    case KEY_UNIT:
        act->unit = argument;
        return 0;
    case KEY_TO:
        act->to_unit = argument;
        return 0;
    case KEY_REASON:
        act->reason = (Lianxin__V1__Reason)find_word(state, &reason_words, argument);
        return 0;
    case KEY_TEXT:
        act->text = argument;
        return 0;
    case KEY_SOURCE:
        act->source = argument;
        return 0;
    case KEY_ID:
        act->external_id = argument;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num == 0)
            act->number = argument;
        else if (state->arg_num == 1)
            act->verb = (Lianxin__V1__Verb)find_word(state, &verb_words, argument);
        else
            return ARGP_ERR_UNKNOWN;
        return 0;
    case ARGP_KEY_END:
        if (state->arg_num < 2)
            argp_error(state, "a ticket's number and a verb are needed");
        return 0;
    default:
        return common_parse(&chosen->common, key, argument);
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "NUMBER sign|return|reassign|answer|close",
    .doc = "Act on a ticket. A unit signs for its assignment, returns it with a reason or answers "
           "it; the desk reassigns or closes.",
};

static int print_answer(const struct act_options *chosen, const Lianxin__V1__Answer *answer)
{
    bool done = answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED ||
                answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE;
    if (chosen->common.json)
        print_json(&answer->base);
    else if (done)
        printf("%s: main unit %s\n", answer->number, answer->unit);
    if (!done)
        fprintf(stderr, "lianxin: %s%s%s\n", answer->field, answer->field[0] == '\0' ? "" : ": ",
                answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_CONFLICT
                    ? "this id was used for something else"
                : answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN
                    ? "the engine cannot store it now; try again with the same --id"
                    : answer->message);
    return done ? DONE : WRONG;
}

int command_act(int argc, char **argv)
{
    struct act_options chosen = {.common = {.front = LIANXIN_FRONT}, .act = LIANXIN__V1__ACT__INIT};
    unsigned char random[ID_BYTES];
    if (sodium_init() < 0)
        return MACHINE;
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(chosen.random_id, sizeof chosen.random_id, random, sizeof random);
    chosen.act.source = "command-line";
    chosen.act.external_id = chosen.random_id;
    argp_parse(&argp, argc, argv, 0, NULL, &chosen);

    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    request.body_case = LIANXIN__V1__REQUEST__BODY_ACT;
    request.act = &chosen.act;
    Lianxin__V1__Reply *reply;
    int code = ask(&chosen.common, &request, &reply);
    if (code != DONE)
        return code;
    code = print_answer(&chosen, reply->answers->answers[0]);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return code;
}
