/* show - one ticket: what it is, where it went and why, and what happened since. */
#include "domain/words.h"
#include "tools/command.h"

#include <inttypes.h>
#include <string.h>

struct show {
    struct common common;
    char *number;
};

static const struct argp_option options[] = {OPTION_FRONT, OPTION_JSON, {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct show *show = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        show->number = argument;
        return 0;
    case ARGP_KEY_END:
        if (show->number == NULL)
            argp_error(state, "a ticket's number is needed, such as 20261124-000123-3");
        return 0;
    default:
        return common_parse(&show->common, key, argument);
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "NUMBER",
    .doc = "Show a ticket with its history and the decision that sent it where it is.",
};

/* Where the values begin, and where what happened does. */
enum { FIELD_COLUMN = 13, HISTORY_COLUMN = 27 };

static void print_field(const char *label, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    printf("  %-10s ", label);
    print_indented(value, FIELD_COLUMN);
}

static void print_story(const Lianxin__V1__Event *event)
{
    if (event->story == NULL)
        return;
    print_field("title", event->story->title);
    print_field("text", event->story->text);
    print_field("address", event->story->address);
    print_field("answered", event->story->answer);
    if (event->story->respondent != NULL)
        print_field("about", event->story->respondent->name);
}

static void print_case(const Lianxin__V1__Ticket *ticket, const Lianxin__V1__Event *event)
{
    const Lianxin__V1__Case *one = event->case_;
    char source[256];
    snprintf(source, sizeof source, "%s / %s", one->source, one->external_id);
    print_story(event);
    print_field("channel", word_name(&channel_words, (uint32_t)one->channel));
    print_field("line", one->line);
    print_field("type", word_name(&type_words, (uint32_t)one->type));
    print_field("category", ticket->category_name);
    print_field("place", ticket->place_name);
    if (event->reporter != NULL) {
        print_field("reporter", event->reporter->name);
        print_field("phone", event->reporter->phone);
    }
    print_field("from", source);
}

static void print_list(const char *label, size_t count, char *const *items, const char *between)
{
    if (count == 0)
        return;
    printf("  %-10s ", label);
    for (size_t i = 0; i < count; i++)
        printf("%s%s", i == 0 ? "" : between, items[i]);
    putchar('\n');
}

/* How it is handled, and how quickly. */
static void print_handling(const Lianxin__V1__Decision *decision)
{
    char limits[96];
    snprintf(limits, sizeof limits, "%s%s%s", decision->limit,
             decision->sign_limit[0] != '\0' ? ", to be signed within " : "", decision->sign_limit);
    if (decision->disposition > LIANXIN__V1__DISPOSITION__DISPOSITION_DISPATCH)
        print_field("handled", word_name(&disposition_words, (uint32_t)decision->disposition));
    else
        print_field("limit", limits);
    print_field("advice", decision->advice);
    print_field("urgency", word_name(&urgency_words, (uint32_t)decision->urgency));
    print_field("regime", word_name(&regime_words, (uint32_t)decision->regime));
}

static void print_decision(const Lianxin__V1__Decision *decision)
{
    char wanted[128];
    snprintf(wanted, sizeof wanted, "%s at tier %s", decision->function, decision->tier);
    print_list("rows", decision->n_rows, decision->rows, ", then ");
    if (decision->function[0] != '\0')
        print_field("wanted", wanted);
    print_list("climb", decision->n_climb, decision->climb, " -> ");
    print_list("doubts", decision->n_doubts, decision->doubts, "; ");
    print_list("perhaps", decision->n_categories, decision->categories, ", ");
    print_list("perhaps", decision->n_places, decision->places, ", ");
    print_field("kept from", decision->kept_from);
    print_handling(decision);
}

static void print_due(const Lianxin__V1__Assignment *part)
{
    char time[32];
    if (part->due_ms != 0)
        printf("  late from %s%s", format_time(part->due_ms, time),
               part->provisional ? " (provisional)" : "");
}

static void print_assignments(const Lianxin__V1__Ticket *ticket, const Lianxin__V1__Event *last)
{
    for (size_t i = 0; i < last->n_assignments; i++) {
        const Lianxin__V1__Assignment *part = last->assignments[i];
        printf("  %-10s ", word_name(&role_words, (uint32_t)part->role));
        print_padded(part->unit, 40);
        printf(" %-9s %s", word_name(&state_words, (uint32_t)part->state),
               i < ticket->n_unit_names ? ticket->unit_names[i] : "");
        print_due(part);
        putchar('\n');
    }
}

/* What somebody wrote beside it, and the end of the line. */
static void print_remark(const char *text)
{
    if (text[0] != '\0')
        printf(": ");
    print_indented(text, HISTORY_COLUMN);
}

static void print_act(const Lianxin__V1__Act *act, const Lianxin__V1__Story *story)
{
    printf("%s", word_name(&verb_words, (uint32_t)act->verb));
    if (act->unit[0] != '\0')
        printf(" by %s", act->unit);
    if (act->to_unit[0] != '\0')
        printf(" to %s", act->to_unit);
    if (act->category[0] != '\0')
        printf(" category %s", act->category);
    if (act->place[0] != '\0')
        printf(" place %s", act->place);
    if (act->regime != 0)
        printf(" %s", word_name(&regime_words, (uint32_t)act->regime));
    if (act->reason != 0)
        printf(" (%s)", word_name(&reason_words, (uint32_t)act->reason));
    print_remark(story != NULL ? story->text : "");
}

static void print_book(const Lianxin__V1__Book *book)
{
    printf("policy %u in force, by %s", book->policy, word_name(&how_words, (uint32_t)book->how));
    if (book->by[0] != '\0')
        printf(" of %s", book->by);
    print_remark(book->note);
}

static void print_more(const Lianxin__V1__Story *story)
{
    printf("and more");
    print_remark(story != NULL ? story->title : "");
}

static void print_event(const Lianxin__V1__Event *event)
{
    char time[32];
    printf("  %s  #%" PRIu64 "  ", format_time(event->time_ms, time), event->number);
    if (event->act != NULL)
        print_act(event->act, event->story);
    else if (event->book != NULL)
        print_book(event->book);
    else if (event->previous == 0)
        puts("came in");
    else
        print_more(event->story);
    if (event->act != NULL && event->decision != NULL)
        print_decision(event->decision);
}

static void print_ticket(const Lianxin__V1__Ticket *ticket)
{
    const Lianxin__V1__Event *first = ticket->events[0];
    const Lianxin__V1__Event *last = ticket->events[ticket->n_events - 1];
    printf("%s\n", first->ticket);
    if (first->case_ != NULL)
        print_case(ticket, first);
    printf("\nassigned\n");
    print_assignments(ticket, last);
    printf("\nwhy\n");
    if (first->decision != NULL)
        print_decision(first->decision);
    printf("\nhistory\n");
    for (size_t i = 0; i < ticket->n_events; i++)
        print_event(ticket->events[i]);
}

int command_show(int argc, char **argv)
{
    struct show show = {.common = {.front = LIANXIN_FRONT}};
    argp_parse(&argp, argc, argv, 0, NULL, &show);
    Lianxin__V1__Lookup lookup = LIANXIN__V1__LOOKUP__INIT;
    Lianxin__V1__Request request = LIANXIN__V1__REQUEST__INIT;
    lookup.number = show.number;
    request.body_case = LIANXIN__V1__REQUEST__BODY_LOOKUP;
    request.lookup = &lookup;
    Lianxin__V1__Reply *reply;
    int code = ask(&show.common, &request, &reply);
    if (code != DONE)
        return code;
    if (show.common.json)
        print_json(&reply->ticket->base);
    else if (reply->ticket->n_events > 0)
        print_ticket(reply->ticket);
    lianxin__v1__reply__free_unpacked(reply, NULL);
    return DONE;
}
