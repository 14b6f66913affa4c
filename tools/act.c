/* act - what a unit or the desk does to a ticket. */
#include "domain/words.h"
#include "tools/command.h"

#include <sodium.h>
#include <string.h>

enum {
    KEY_UNIT = KEY_FIRST_OWN,
    KEY_TO,
    KEY_REASON,
    KEY_CATEGORY,
    KEY_PLACE,
    KEY_TEXT,
    KEY_SOURCE,
    KEY_ID,
    ID_BYTES = 16,
};

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
    {"category", KEY_CATEGORY, "CODE", 0, "correct: what it is about, such as 070101", 0},
    {"place", KEY_PLACE, "PLACE", 0, "correct: where; a code, or names such as 夹江县/漹城街道", 0},
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

/* NUMBER VERB, or regime REGIME: that is the whole city's. */
static error_t parse_argument(struct act_options *chosen, char *argument, struct argp_state *state)
{
    Lianxin__V1__Act *act = &chosen->act;
    if (state->arg_num > 1)
        return ARGP_ERR_UNKNOWN;
    if (state->arg_num == 0 && strcmp(argument, "regime") == 0)
        act->verb = LIANXIN__V1__VERB__VERB_REGIME;
    else if (state->arg_num == 0)
        act->number = argument;
    else if (act->verb == LIANXIN__V1__VERB__VERB_REGIME)
        act->regime = (Lianxin__V1__Regime)find_word(state, &regime_words, argument);
    else
        act->verb = (Lianxin__V1__Verb)find_word(state, &verb_words, argument);
    return 0;
}

static void check_arguments(const struct act_options *chosen, struct argp_state *state)
{
    const Lianxin__V1__Act *act = &chosen->act;
    bool is_regime = act->verb == LIANXIN__V1__VERB__VERB_REGIME;
    if (is_regime && act->number[0] != '\0')
        argp_error(state, "a regime is the whole city's and no ticket's; write: act regime %s",
                   word_name(&regime_words, REGIME_EMERGENCY));
    if (state->arg_num < 2)
        argp_error(state, is_regime ? "which regime? They are normal, holiday, emergency, and "
                                      "calendar: as the calendar says"
                                    : "a ticket's number and a verb are needed");
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
    case KEY_CATEGORY:
        act->category = argument;
        return 0;
    case KEY_PLACE:
        act->place = argument;
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
        return parse_argument(chosen, argument, state);
    case ARGP_KEY_END:
        check_arguments(chosen, state);
        return 0;
    default:
        return common_parse(&chosen->common, key, argument);
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "NUMBER sign|return|reassign|answer|close|correct\n"
                "regime normal|holiday|emergency|calendar",
    .doc = "Act on a ticket. A unit signs for its assignment, returns it with a reason or answers "
           "it; the desk reassigns, closes, or corrects category or place, and then the book "
           "decides again. Or choose the regime of the whole city; calendar gives the choice back "
           "to the calendar.",
};

static void print_done(const Lianxin__V1__Act *act, const Lianxin__V1__Answer *answer)
{
    char time[32];
    if (act->verb == LIANXIN__V1__VERB__VERB_REGIME) {
        printf("%s: regime %s\n", answer->number, word_name(&regime_words, (uint32_t)act->regime));
        return;
    }
    printf("%s: main unit %s", answer->number, answer->unit);
    if (answer->due_ms != 0)
        printf(", late from %s%s", format_time(answer->due_ms, time),
               answer->provisional ? " (provisional)" : "");
    putchar('\n');
}

static int print_answer(const struct act_options *chosen, const Lianxin__V1__Answer *answer)
{
    bool done = answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_ACCEPTED ||
                answer->outcome == LIANXIN__V1__OUTCOME__OUTCOME_DUPLICATE;
    if (chosen->common.json)
        print_json(&answer->base);
    else if (done)
        print_done(&chosen->act, answer);
    if (!done)
        fprintf(stderr, "lianxin: %s%s%s%s%s%s\n", answer->field,
                answer->value[0] == '\0' ? "" : " '", answer->value,
                answer->value[0] == '\0' ? "" : "'", answer->field[0] == '\0' ? "" : ": ",
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
