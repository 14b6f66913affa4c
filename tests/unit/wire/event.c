/* An event's parts, one behind the other, are one Event: with the case as it was submitted.
 *
 * Random cases, decided by Leshan's book, are written as events and unpacked by protobuf-c; parts
 * may be missing, as they are for who must not see them. What the store stage reads back is what
 * was written.
 */
#include "made.h"
#include "wire/put.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 200, ROOM_BYTES = 64 * 1024 };

static struct policy *policy;
static struct scratch *scratch;
static uint8_t room[ROOM_BYTES];

static void set_up(void)
{
    struct diag *diag = diag_create();
    enum err err = policy_load("cities/leshan", diag, &policy);
    diag_print(diag, stderr);
    diag_destroy(&diag);
    cr_assert_eq(err, OK);
    policy->number = 3;
    scratch = scratch_create(policy);
}

static void tear_down(void)
{
    scratch_destroy(&scratch);
    policy_destroy(&policy);
}

TestSuite(event, .init = set_up, .fini = tear_down);

/* Writes at the end of the room, so that AddressSanitizer sees a byte too many. */
static struct event_parts write_event(const struct event_text *text)
{
    struct event_parts parts;
    size_t bytes_max = wire_event_bytes_max(text);
    cr_assert(bytes_max <= sizeof room);
    uint8_t *begin = room + sizeof room - bytes_max;
    wire_event_write(text, begin, &parts);
    cr_assert(parts.open.data == begin);
    cr_assert(parts.story.data == parts.open.data + parts.open.bytes);
    cr_assert(parts.reporter.data == parts.story.data + parts.story.bytes);
    return parts;
}

/* protobuf-c keeps what it does not know, and so would whoever must not see it. */
static void holds_only_what_it_knows(const Lianxin__V1__Event *event)
{
    cr_assert_eq(event->base.n_unknown_fields, 0);
    cr_assert(event->case_ == NULL || event->case_->base.n_unknown_fields == 0);
    cr_assert(event->act == NULL || event->act->base.n_unknown_fields == 0);
    cr_assert(event->story == NULL || event->story->base.n_unknown_fields == 0);
    cr_assert(event->decision == NULL || event->decision->base.n_unknown_fields == 0);
}

static Lianxin__V1__Event *unpack(struct span first, struct span second, struct span third)
{
    uint8_t *bytes = malloc(first.bytes + second.bytes + third.bytes + 1);
    cr_assert_not_null(bytes);
    uint8_t *end = put_raw(put_raw(put_raw(bytes, first), second), third);
    Lianxin__V1__Event *event = lianxin__v1__event__unpack(NULL, (size_t)(end - bytes), bytes);
    free(bytes);
    cr_assert_not_null(event);
    holds_only_what_it_knows(event);
    return event;
}

struct decided {
    struct ticket ticket;
    struct decision decision;
    struct ticket_state state;
    struct event_text text;
};

/* What Leshan's book and calendar seldom say, or never. */
static void vary(struct decision *decision)
{
    static const char *const advice[] = {"", "119", "请向法院提起诉讼"};
    const uint32_t places = places_count(city_places(policy->city));
    decision->disposition = (enum disposition)(1 + made_random(DISPOSITION_COUNT - 1));
    decision->regime = (enum regime)(1 + made_random(REGIME_CALENDAR - 1));
    decision->urgency = (enum urgency)(1 + made_random(URGENCY_COUNT - 1));
    decision->limit = (struct time_limit){made_random(2) == 0, (uint32_t)made_random(250)};
    decision->sign_limit = (struct time_limit){true, (uint32_t)made_random(120)};
    decision->advice = span_of_string(advice[made_random(3)]);
    decision->category_candidates_count = (uint32_t)made_random(CATEGORY_CANDIDATES_MAX + 1);
    for (uint32_t i = 0; i < decision->category_candidates_count; i++)
        decision->category_candidates[i].index =
            (uint32_t)made_random(city_categories(policy->city));
    decision->place_candidates.count = (uint32_t)made_random(2 * PLACE_CANDIDATES_MAX);
    for (uint32_t i = 0; i < PLACE_CANDIDATES_MAX; i++)
        decision->place_candidates.places[i].index = (uint32_t)made_random(places);
    decision->kept_from = UNIT_NONE;
    if (made_random(2) == 0)
        decision->kept_from.index = (uint32_t)made_random(city_units(policy->city));
    decision->place_from_words = made_random(2) == 0;
    decision->category_from_words = made_random(2) == 0;
}

static struct dues made_dues(void)
{
    return (struct dues){
        .issued_ms = MADE_NOW_MS,
        .due_ms = made_random(2) == 0 ? 0 : (int64_t)(MADE_NOW_MS + made_random(1ULL << 36)),
        .sign_by_ms = made_random(2) == 0 ? 0 : (int64_t)(MADE_NOW_MS + made_random(1ULL << 30)),
        .provisional = made_random(2) == 0,
    };
}

static void decide_case(struct decided *decided, const struct made *made)
{
    struct misfit misfit;
    decided->ticket = made_read_case(made_span(made));
    cr_assert(decided->ticket.valid);
    struct facts facts = decided->ticket.facts;
    if (!facts_resolve(policy->city, &decided->ticket.words, false, scratch, &facts, &misfit))
        facts.place = PLACE_NONE;
    decide(policy, &facts, NULL, scratch, &decided->decision);
    vary(&decided->decision);
    struct dues dues = made_dues();
    tickets_begin(&decided->state, policy->city, &decided->decision, &dues);
    decided->text = (struct event_text){
        .number = 1 + made_random(1ULL << 40),
        .serial = 1 + made_random(1ULL << 40),
        .previous = made_random(3),
        .time_ms = MADE_NOW_MS,
        .kind = KIND_CASE,
        .ticket = "20261124-000123-7",
        .state = &decided->state,
        .policy = policy,
        .decision = &decided->decision,
        .submitted = made_span(made),
    };
}

static void same_head(const Lianxin__V1__Event *event, const struct event_text *text)
{
    cr_assert_eq(event->number, text->number);
    cr_assert_eq(event->serial, text->serial);
    cr_assert_eq(event->previous, text->previous);
    cr_assert_eq(event->time_ms, text->time_ms);
    cr_assert_eq((int)event->kind, (int)text->kind);
    cr_assert_str_eq(event->ticket, text->ticket);
    cr_assert_eq(event->n_assignments, text->state->count);
    for (uint32_t i = 0; i < text->state->count; i++) {
        const struct part *part = &text->state->parts[i];
        cr_assert(span_is(part->unit, event->assignments[i]->unit));
        cr_assert_eq((int)event->assignments[i]->role, (int)part->role);
        cr_assert_eq((int)event->assignments[i]->state, (int)part->state);
        cr_assert_eq(event->assignments[i]->returns, part->returns);
        cr_assert_eq(event->assignments[i]->row, part->row);
        cr_assert_eq(event->assignments[i]->issued_ms, part->dues.issued_ms);
        cr_assert_eq(event->assignments[i]->due_ms, part->dues.due_ms);
        cr_assert_eq(event->assignments[i]->sign_by_ms, part->dues.sign_by_ms);
        cr_assert_eq((bool)event->assignments[i]->provisional, part->dues.provisional);
    }
}

static void same_text(const char *theirs, struct span ours)
{
    cr_assert(span_is(ours, theirs), "%s is not %.*s", theirs, SPAN_ARG(ours));
}

static void same_limit(const char *theirs, struct time_limit ours)
{
    char text[TIME_LIMIT_BYTES_MAX];
    same_text(theirs, span_of(text, time_limit_format(ours, text)));
}

/* How it is handled, what the words may have meant, and who is not to see them. */
static void same_handling(const Lianxin__V1__Decision *theirs, const struct decision *ours)
{
    const struct city *city = policy->city;
    const struct place_candidates *candidates = &ours->place_candidates;
    uint32_t kept = candidates->count < PLACE_CANDIDATES_MAX ? candidates->count
                                                             : (uint32_t)PLACE_CANDIDATES_MAX;
    cr_assert_eq((int)theirs->disposition, (int)ours->disposition);
    cr_assert_eq((int)theirs->regime, (int)ours->regime);
    cr_assert_eq((int)theirs->urgency, (int)ours->urgency);
    same_limit(theirs->limit, ours->limit);
    same_limit(theirs->sign_limit, ours->sign_limit);
    same_text(theirs->advice, ours->advice);
    cr_assert_eq(theirs->n_categories, ours->category_candidates_count);
    for (uint32_t i = 0; i < ours->category_candidates_count; i++)
        same_text(theirs->categories[i], category_code(city, ours->category_candidates[i]));
    cr_assert_eq(theirs->n_places, kept);
    for (uint32_t i = 0; i < kept; i++)
        same_text(theirs->places[i], place_code12(city_places(city), candidates->places[i]));
    bool kept_from = ours->kept_from.index != UNIT_NONE.index;
    same_text(theirs->kept_from, kept_from ? unit_key(city, ours->kept_from) : (struct span){0});
    cr_assert_eq((bool)theirs->place_from_words, ours->place_from_words);
    cr_assert_eq((bool)theirs->category_from_words, ours->category_from_words);
}

static void same_decision(const Lianxin__V1__Decision *theirs, const struct decision *ours)
{
    const struct city *city = policy->city;
    const struct places *places = city_places(city);
    uint32_t doubts = 0;
    cr_assert_eq(theirs->policy, policy->number);
    same_text(theirs->place, place_code12(places, ours->place));
    bool has_category = ours->category.index != CATEGORY_NONE.index;
    same_text(theirs->category,
              has_category ? category_code(city, ours->category) : (struct span){0});
    bool has_function = ours->function.index != FUNCTION_NONE.index;
    same_text(theirs->function,
              has_function ? function_code(city, ours->function) : (struct span){0});
    cr_assert_str_eq(theirs->tier, word_name(&tier_words, (uint32_t)ours->tier));
    cr_assert_eq(theirs->n_rows, ours->rows_count);
    for (uint32_t i = 0; i < ours->rows_count; i++)
        same_text(theirs->rows[i], rules_row_name(policy->rules, ours->rows[i]));
    cr_assert_eq(theirs->n_climb, ours->climb_count);
    for (uint32_t i = 0; i < ours->climb_count; i++)
        same_text(theirs->climb[i], place_code12(places, ours->climb[i]));
    for (size_t i = 0; i < theirs->n_doubts; i++)
        for (uint32_t bit = 1; bit < 1u << DOUBTS; bit <<= 1)
            if (strcmp(theirs->doubts[i], doubt_text((enum doubt)bit)) == 0)
                doubts |= bit;
    cr_assert_eq(doubts, ours->doubts);
    same_handling(theirs, ours);
}

/* The Case that the event's parts make up, put together again. */
static void same_case(Lianxin__V1__Event *event, const struct made *submitted)
{
    struct made together;
    struct made ours;
    struct made theirs;
    Lianxin__V1__Case whole = *event->case_;
    cr_assert(whole.reporter == NULL && whole.respondent == NULL, "personal, in the open part");
    cr_assert(whole.address[0] == '\0' && whole.title[0] == '\0' && whole.text[0] == '\0' &&
                  whole.answer[0] == '\0',
              "personal, in the open part");
    whole.reporter = event->reporter;
    if (event->story != NULL) {
        whole.respondent = event->story->respondent;
        whole.address = event->story->address;
        whole.title = event->story->title;
        whole.text = event->story->text;
        whole.answer = event->story->answer;
    }
    made_pack(&whole.base, &together);
    cr_assert(made_canonical(&lianxin__v1__case__descriptor, made_span(&together), &ours));
    cr_assert(made_canonical(&lianxin__v1__case__descriptor, made_span(submitted), &theirs));
    cr_assert(span_equal(made_span(&ours), made_span(&theirs)));
    Lianxin__V1__Case *original =
        lianxin__v1__case__unpack(NULL, submitted->count, submitted->bytes);
    cr_assert_eq(whole.received_ms, original->received_ms);
    lianxin__v1__case__free_unpacked(original, NULL);
}

Test(event, the_parts_of_a_case_are_the_case_as_submitted)
{
    struct made made;
    struct made disguised;
    struct decided decided;
    for (int i = 0; i < ROUNDS; i++) {
        made_case(&made);
        made_disguise(&made, &lianxin__v1__case__descriptor, &disguised);
        decide_case(&decided, i % 2 == 0 ? &made : &disguised);
        struct event_parts parts = write_event(&decided.text);
        Lianxin__V1__Event *event = unpack(parts.open, parts.story, parts.reporter);
        same_head(event, &decided.text);
        same_decision(event->decision, &decided.decision);
        same_case(event, &made);
        cr_assert_null(event->act);
        lianxin__v1__event__free_unpacked(event, NULL);
    }
}

Test(event, a_part_that_is_withheld_or_erased_is_missing_and_nothing_else)
{
    struct made made;
    struct decided decided;
    for (int i = 0; i < ROUNDS; i++) {
        made_case(&made);
        decide_case(&decided, &made);
        struct event_parts parts = write_event(&decided.text);
        struct span none = {0};
        Lianxin__V1__Event *whole = unpack(parts.open, parts.story, parts.reporter);
        Lianxin__V1__Event *withheld = unpack(parts.open, parts.story, none);
        Lianxin__V1__Event *erased = unpack(parts.open, none, none);
        cr_assert_null(withheld->reporter);
        cr_assert_null(erased->reporter);
        cr_assert_null(erased->story);
        cr_assert_eq(withheld->story != NULL, whole->story != NULL);
        cr_assert_eq(parts.story.bytes != 0, whole->story != NULL);
        cr_assert_eq(parts.reporter.bytes != 0, whole->reporter != NULL);
        cr_assert_eq(lianxin__v1__case__get_packed_size(erased->case_),
                     lianxin__v1__case__get_packed_size(whole->case_));
        lianxin__v1__event__free_unpacked(whole, NULL);
        lianxin__v1__event__free_unpacked(withheld, NULL);
        lianxin__v1__event__free_unpacked(erased, NULL);
    }
}

Test(event, the_text_of_an_act_is_its_story)
{
    struct made made;
    struct made disguised;
    struct decided decided;
    for (int i = 0; i < ROUNDS; i++) {
        made_case(&made);
        decide_case(&decided, &made);
        made_act(&made);
        made_disguise(&made, &lianxin__v1__act__descriptor, &disguised);
        decided.text.kind = KIND_ACT;
        decided.text.submitted = made_span(i % 2 == 0 ? &made : &disguised);
        decided.text.decision = i % 4 < 2 ? &decided.decision : NULL;
        struct event_parts parts = write_event(&decided.text);
        cr_assert_eq(parts.reporter.bytes, 0);
        Lianxin__V1__Event *event = unpack(parts.open, parts.story, parts.reporter);
        same_head(event, &decided.text);
        cr_assert_eq(event->decision != NULL, decided.text.decision != NULL);
        cr_assert_null(event->case_);
        cr_assert_eq(event->act->text[0], '\0');
        Lianxin__V1__Act whole = *event->act;
        if (event->story != NULL)
            whole.text = event->story->text;
        made_pack(&whole.base, &disguised);
        cr_assert(span_equal(made_span(&made), made_span(&disguised)));
        lianxin__v1__event__free_unpacked(event, NULL);
    }
}

Test(event, state_and_case_are_read_back_from_the_open_part)
{
    struct made made;
    struct decided decided;
    for (int i = 0; i < ROUNDS; i++) {
        struct ticket_state state;
        struct facts facts;
        struct case_words words;
        char number[NUMBER_BYTES_MAX];
        made_case(&made);
        decide_case(&decided, &made);
        for (uint32_t p = 0; p < decided.state.count; p++) {
            decided.state.parts[p].state = (enum state)(1 + made_random(STATE_COUNT - 1));
            decided.state.parts[p].returns = (uint32_t)made_random(1ULL << 32);
        }
        struct event_parts parts = write_event(&decided.text);
        cr_assert(wire_event_state(parts.open, &state, number));
        cr_assert_str_eq(number, decided.text.ticket);
        cr_assert_eq(state.count, decided.state.count);
        for (uint32_t p = 0; p < state.count; p++) {
            cr_assert(span_equal(state.parts[p].unit, decided.state.parts[p].unit));
            cr_assert_eq(state.parts[p].role, decided.state.parts[p].role);
            cr_assert_eq(state.parts[p].state, decided.state.parts[p].state);
            cr_assert_eq(state.parts[p].returns, decided.state.parts[p].returns);
            cr_assert_eq(state.parts[p].row, decided.state.parts[p].row);
            cr_assert_eq(memcmp(&state.parts[p].dues, &decided.state.parts[p].dues,
                                offsetof(struct dues, provisional)),
                         0);
            cr_assert_eq(state.parts[p].dues.provisional, decided.state.parts[p].dues.provisional);
        }
        cr_assert(wire_event_case(parts.open, parts.story, &facts, &words));
        const struct facts *before = &decided.ticket.facts;
        cr_assert(facts.channel == before->channel && facts.type == before->type &&
                  facts.applicant == before->applicant && facts.urgency == before->urgency &&
                  facts.secret == before->secret && facts.minute == 0 && facts.doubts == 0 &&
                  facts.earlier == before->earlier && facts.answered == before->answered);
        cr_assert(facts.line.index == LINE_NONE.index &&
                  facts.category.index == CATEGORY_NONE.index && place_is_none(facts.place));
        cr_assert(span_equal(words.line, decided.ticket.words.line));
        cr_assert(span_equal(words.category, decided.ticket.words.category));
        cr_assert(span_equal(words.place, decided.ticket.words.place));
        cr_assert(span_equal(words.respondent, decided.ticket.words.respondent));
        cr_assert(span_equal(words.address, decided.ticket.words.address));
        cr_assert(span_equal(words.title, decided.ticket.words.title));
        cr_assert(span_equal(words.text, decided.ticket.words.text));
        cr_assert(wire_event_case(parts.open, (struct span){0}, &facts, &words));
        cr_assert(words.respondent.bytes + words.address.bytes + words.title.bytes +
                      words.text.bytes ==
                  0);
        cr_assert(span_equal(words.place, decided.ticket.words.place), "erased is the story alone");
    }
}

Test(event, what_was_decided_is_read_back_from_the_open_part)
{
    struct made made;
    struct decided decided;
    for (int i = 0; i < ROUNDS; i++) {
        struct wire_decision read;
        made_case(&made);
        decide_case(&decided, &made);
        struct event_parts parts = write_event(&decided.text);
        Lianxin__V1__Event *event = unpack(parts.open, parts.story, parts.reporter);
        cr_assert(wire_event_decision(parts.open, &read));
        same_text(event->decision->place, read.place);
        same_text(event->decision->category, read.category);
        same_text(event->decision->function, read.function);
        same_text(event->decision->tier, read.tier);
        same_text(event->decision->kept_from, read.kept_from);
        cr_assert_eq(read.disposition, decided.decision.disposition);
        cr_assert_eq(read.doubtful, decided.decision.doubts != 0);
        cr_assert_eq(read.place_from_words, decided.decision.place_from_words);
        cr_assert_eq(read.category_from_words, decided.decision.category_from_words);
        lianxin__v1__event__free_unpacked(event, NULL);
        decided.text.decision = NULL;
        parts = write_event(&decided.text);
        cr_assert(!wire_event_decision(parts.open, &read), "it decided nothing");
        cr_assert_eq(read.place.bytes, 0);
    }
}

Test(event, an_act_is_read_back_from_the_open_part_without_its_text)
{
    struct made made;
    struct decided decided;
    for (int i = 0; i < ROUNDS; i++) {
        struct act act;
        made_case(&made);
        decide_case(&decided, &made);
        made_act(&made);
        struct ticket ticket = made_read_act(made_span(&made));
        decided.text.kind = KIND_ACT;
        decided.text.submitted = made_span(&made);
        struct event_parts parts = write_event(&decided.text);
        cr_assert(wire_event_act(parts.open, &act));
        cr_assert(act.verb == ticket.act.verb && act.reason == ticket.act.reason &&
                  act.regime == ticket.act.regime);
        cr_assert(span_equal(act.unit, ticket.act.unit));
        cr_assert(span_equal(act.to_unit, ticket.act.to_unit));
        cr_assert(span_equal(act.category, ticket.act.category));
        cr_assert(span_equal(act.place, ticket.act.place));
        cr_assert(!wire_event_act(parts.story, &act));
    }
}

/* What a checksum would have caught before: nothing worse than false may come of it. */
Test(event, torn_events_are_no_events)
{
    struct made made;
    struct decided decided;
    struct ticket_state state;
    struct facts facts;
    struct case_words words;
    char number[NUMBER_BYTES_MAX];
    static uint8_t torn[ROOM_BYTES];
    made_case(&made);
    decide_case(&decided, &made);
    struct event_parts parts = write_event(&decided.text);
    for (size_t count = 0; count < parts.open.bytes; count++) {
        uint8_t *begin = torn + sizeof torn - count;
        memcpy(begin, parts.open.data, count);
        bool is_event = wire_event_case(span_of(begin, count), parts.story, &facts, &words);
        cr_assert(!is_event, "the case stands last");
        if (wire_event_state(span_of(begin, count), &state, number))
            cr_assert(state.count <= decided.state.count);
    }
    for (int flip = 0; flip < 5000; flip++) {
        uint8_t *begin = torn + sizeof torn - parts.open.bytes;
        memcpy(begin, parts.open.data, parts.open.bytes);
        begin[made_random(parts.open.bytes)] ^= (uint8_t)(1u << made_random(8));
        if (wire_event_state(span_of(begin, parts.open.bytes), &state, number))
            for (uint32_t p = 0; p < state.count; p++)
                cr_assert(state.parts[p].role < ROLE_COUNT && state.parts[p].state < STATE_COUNT);
        (void)!wire_event_case(span_of(begin, parts.open.bytes), parts.story, &facts, &words);
    }
    cr_assert(!wire_event_case(parts.story, parts.story, &facts, &words));
    cr_assert(!wire_event_state((struct span){0}, &state, number));
}

Test(event, the_largest_event_fits_its_room)
{
    struct made made;
    struct decided decided;
    made_case(&made);
    decide_case(&decided, &made);
    struct decision *decision = &decided.decision;
    while (decision->rows_count < RULES_CITED_MAX)
        decision->rows[decision->rows_count++] = decision->rows[0];
    while (decision->climb_count < TIER_COUNT)
        decision->climb[decision->climb_count++] = decision->place;
    decision->doubts = (1u << DOUBTS) - 1;
    static char advice[RULES_ADVICE_BYTES_MAX + 1];
    memset(advice, 'a', RULES_ADVICE_BYTES_MAX);
    decision->advice = span_of_string(advice);
    decision->limit = (struct time_limit){true, TIME_LIMIT_MINUTES_MAX - 1};
    decision->sign_limit = decision->limit;
    decision->category_candidates_count = CATEGORY_CANDIDATES_MAX;
    for (uint32_t i = 0; i < CATEGORY_CANDIDATES_MAX; i++)
        decision->category_candidates[i].index = city_categories(policy->city) - 1;
    decision->place_candidates.count = UINT32_MAX;
    decision->kept_from.index = 0;
    decision->place_from_words = decision->category_from_words = true;
    decided.state.count = ASSIGNMENTS_MAX;
    char longest[UNIT_KEY_BYTES_MAX - 1];
    memset(longest, 'u', sizeof longest);
    for (uint32_t i = 0; i < ASSIGNMENTS_MAX; i++) {
        struct part *part = &decided.state.parts[i];
        *part = (struct part){
            .unit = span_of(longest, sizeof longest),
            .role = ROLE_SUPERVISOR,
            .state = STATE_CLOSED,
            .returns = UINT32_MAX,
            .row = UINT32_MAX,
            .dues = {INT64_MAX, INT64_MAX, INT64_MAX, true},
        };
    }
    decided.text.number = decided.text.serial = decided.text.previous = UINT64_MAX;
    decided.text.time_ms = INT64_MAX;
    decided.text.ticket = "1234567890123456789012345678901";
    struct event_parts parts = write_event(&decided.text);
    Lianxin__V1__Event *event = unpack(parts.open, parts.story, parts.reporter);
    same_head(event, &decided.text);
    same_decision(event->decision, decision);
    same_case(event, &made);
    lianxin__v1__event__free_unpacked(event, NULL);
}
