#include "stages/1_ingress.h"

#include "base/fetch.h"
#include "stages/changing.h"
#include "stages/inquiries.h"
#include "stages/socket.h"
#include "wire/wire.h"

#include <stdio.h>
#include <string.h>

enum {
    BYTES_IN_FLIGHT_MAX = 64 * 1024 * 1024,
    STALL_MS = 1000,
    LETTERS_A_STEP = 256, /* so that answers go out between intakes */
    SLOTS_A_STEP = 256,   /* so that decode and route find them in the cache of their core */
    LOOK_AHEAD = 8,
};

struct ingress_stage {
    struct pipeline *pipeline;
    void *router;
    void *monitor;
    struct changing changing;
    struct inquiries inquiries;
    enum regime ordered; /* by the desk, as far as it is durable; NONE: the calendar's holds */
    int64_t stamp_ms;    /* of the last letters taken in; never goes back */
    int64_t now_ns;      /* when they were */

    /* Letters with commands, in the order of their slots. Each has a slot at least, so a ring twice
     * as large as that of the slots always has a place for the one that comes in. */
    struct letter *letters;
    uint64_t letters_next; /* placed; the place for the next one to come in */
    uint64_t letters_done; /* answered */
    size_t bytes_in_flight;
    uint64_t slots_done; /* first slot of the oldest unanswered letter */
    bool holding;        /* a letter stands in letters_next that does not fit yet */

    struct wire_submit submit;       /* of the letter that is taken in */
    const struct receipt **receipts; /* of one letter */
};

static int64_t now_ns(const struct ingress_stage *stage)
{
    return clock_monotonic_ns(stage->pipeline->clock);
}

static struct letter *letter_at(const struct ingress_stage *stage, uint64_t index)
{
    return &stage->letters[index & (2 * stage->pipeline->slots_count - 1)];
}

/* -- answers ----------------------------------------------------------------------------------- */

static void send_answers(struct ingress_stage *stage, struct letter *letter, uint32_t count)
{
    zmq_msg_t reply;
    int made = zmq_msg_init_size(&reply, wire_answers_bytes(letter->id, stage->receipts, count));
    CHECK(made == 0);
    wire_answers_write(letter->id, stage->receipts, count, zmq_msg_data(&reply));
    /* A client that is gone, or takes no more, resends: its cases are durable either way. */
    (void)letter_reply(stage->router, letter, &reply);
}

static void send_error(struct ingress_stage *stage, struct letter *letter,
                       const struct misfit *misfit)
{
    struct arena *arena = arena_create();
    (void)letter_answer(stage->router, letter, wire_error_reply(arena, letter->id, misfit));
    arena_destroy(&arena);
}

/* Refuses a whole message and is done with it. */
static void turn_away(struct ingress_stage *stage, struct letter *letter,
                      const struct misfit *misfit)
{
    counter_add(&stage->pipeline->malformed, 1);
    send_error(stage, letter, misfit);
    letter_close(letter);
}

static void turn_away_because(struct ingress_stage *stage, struct letter *letter, const char *field,
                              const char *why)
{
    struct misfit misfit = {.field = field};
    snprintf(misfit.message, sizeof misfit.message, "%s", why);
    turn_away(stage, letter, &misfit);
}

/* An order of the desk holds for what comes in from now on. */
static void heed(struct ingress_stage *stage, enum regime ordered)
{
    if (ordered != REGIME_NONE)
        stage->ordered = ordered == REGIME_CALENDAR ? REGIME_NONE : ordered;
}

/* What an answer is written of, which the store stage wrote a while ago. */
static void expect(const struct ingress_stage *stage, uint64_t sequence, uint64_t durable)
{
    const struct receipt *receipt = &pipeline_slot(stage->pipeline, sequence)->receipt;
    if (sequence < durable)
        fetch(receipt, receipt->unit);
}

static void conclude_change(struct ingress_stage *stage, const struct letter *letter)
{
    const struct slot *slot = pipeline_slot(stage->pipeline, letter->first);
    changing_conclude(&stage->changing, &slot->receipt, slot->arrival.time_ms,
                      stage->pipeline->ingress.next, stage->inquiries.asked);
}

static void answer_letter(struct ingress_stage *stage, struct letter *letter, uint64_t durable)
{
    uint32_t count = 0;
    for (uint64_t i = letter->first; i < letter->limit; i++) {
        const struct receipt *receipt = &pipeline_slot(stage->pipeline, i)->receipt;
        expect(stage, i + LOOK_AHEAD, durable);
        heed(stage, receipt->ordered);
        stage->receipts[count++] = receipt;
    }
    send_answers(stage, letter, count);
}

static bool answer_letters(struct ingress_stage *stage)
{
    uint64_t durable = cursor_observe(&stage->pipeline->commit.cursor);
    uint64_t before = stage->letters_done;
    while (stage->letters_done < stage->letters_next) {
        struct letter *letter = letter_at(stage, stage->letters_done);
        if (letter->limit > durable)
            break;
        if (letter->is_change)
            conclude_change(stage, letter);
        else
            answer_letter(stage, letter, durable);
        stage->bytes_in_flight -= letter_bytes(letter).bytes;
        stage->slots_done = letter->limit;
        letter_close(letter);
        stage->letters_done++;
    }
    return stage->letters_done > before;
}

/* -- intake ------------------------------------------------------------------------------------ */

/* Once a step: letters that come in together have one time. */
static void look_at_clocks(struct ingress_stage *stage)
{
    int64_t now = clock_wall_ms(stage->pipeline->clock);
    if (now > stage->stamp_ms)
        stage->stamp_ms = now;
    stage->now_ns = now_ns(stage);
}

static void ask_reader(struct ingress_stage *stage, struct letter *letter)
{
    struct inquiry asked = {
        .time_ms = stage->stamp_ms, .book = stage->changing.in_force, .ordered = stage->ordered};
    if (!inquiries_take(&stage->inquiries, letter, &asked))
        turn_away_because(stage, letter, "",
                          "too many questions wait to be answered; ask again in a moment");
}

static bool is_stalled(const struct ingress_stage *stage, int64_t at_ns)
{
    if (stage->letters_done == stage->letters_next)
        return false;
    const struct letter *oldest = letter_at(stage, stage->letters_done);
    return at_ns - oldest->came_ns > STALL_MS * 1000000LL;
}

static void answer_try_again(struct ingress_stage *stage, struct letter *letter, uint32_t count)
{
    static const struct receipt try_again = {.outcome = OUTCOME_TRY_AGAIN};
    for (uint32_t i = 0; i < count; i++)
        stage->receipts[i] = &try_again;
    send_answers(stage, letter, count);
    letter_close(letter);
    counter_add(&stage->pipeline->stalled, count);
}

static void fill_slot(struct ingress_stage *stage, uint64_t sequence, enum command command,
                      bool strict, struct span bytes)
{
    uint8_t book = stage->changing.stamped;
    pipeline_slot(stage->pipeline, sequence)->arrival = (struct arrival){
        .command = command,
        .strict = strict,
        .time_ms = stage->stamp_ms,
        .policy = stage->pipeline->books[book].policy,
        .book = book,
        .ordered = stage->ordered,
        .bytes = bytes,
    };
}

/* Puts a letter's commands into slots [next, ...). The letter is kept until they are answered. */
static uint64_t place_letter(struct ingress_stage *stage, struct letter *letter,
                             const struct wire_request *request, uint64_t next)
{
    const struct wire_submit *submit = &stage->submit;
    letter->first = next;
    if (request->body == REQUEST_ACT)
        fill_slot(stage, next++, COMMAND_ACT, false, request->content);
    else
        for (uint32_t i = 0; i < submit->count; i++)
            fill_slot(stage, next++, COMMAND_CASE, submit->strict, submit->cases[i]);
    letter->limit = next;
    letter->came_ns = stage->now_ns;
    stage->bytes_in_flight += letter_bytes(letter).bytes;
    stage->letters_next++;
    return next;
}

static void order_change(struct ingress_stage *stage, struct letter *letter)
{
    if (!changing_take(&stage->changing, letter))
        turn_away_because(stage, letter, "",
                          "too many wait for another book already; ask again in a moment");
}

/* The new book gets a slot of its own, before a letter that is held for want of more. */
static uint64_t place_change(struct ingress_stage *stage, uint64_t next, uint64_t limit)
{
    struct letter *letter = letter_at(stage, stage->letters_next);
    if (next == limit || !changing_wants_slot(&stage->changing))
        return next;
    if (stage->holding)
        letter_move(letter_at(stage, stage->letters_next + 1), letter);
    look_at_clocks(stage);
    letter_make(letter);
    letter->is_change = true;
    letter->first = next;
    letter->limit = next + 1;
    letter->came_ns = stage->now_ns;
    stage->letters_next++;
    struct span bytes = changing_begin(&stage->changing);
    fill_slot(stage, next, COMMAND_BOOK, false, bytes);
    return next + 1;
}

/* Takes in the letter that stands in letters_next: into slots, to the reader, or back to its
 * sender. Leaves it standing where there is no room for it before limit. Returns the next free
 * slot. */
static uint64_t take_letter(struct ingress_stage *stage, struct letter *letter, uint64_t next,
                            uint64_t limit)
{
    struct wire_request request;
    struct misfit misfit;
    bool readable = wire_request_read(letter_bytes(letter), &request, &misfit);
    letter->id = request.id;
    if (readable && request.body == REQUEST_SUBMIT)
        readable = wire_submit_read(request.content, &stage->submit, &misfit);
    if (!readable) {
        turn_away(stage, letter, &misfit);
        return next;
    }
    if (request.body == REQUEST_LOAD || request.body == REQUEST_ROLLBACK) {
        order_change(stage, letter);
        return next;
    }
    if (request.body != REQUEST_SUBMIT && request.body != REQUEST_ACT) {
        ask_reader(stage, letter);
        return next;
    }
    uint32_t count = request.body == REQUEST_ACT ? 1 : stage->submit.count;
    if (is_stalled(stage, stage->now_ns)) {
        answer_try_again(stage, letter, count);
        return next;
    }
    if (count > limit - next) {
        stage->holding = true;
        return next;
    }
    return place_letter(stage, letter, &request, next);
}

/* Receives a letter into letters_next, unless one is held there. False where none is to be had. */
static bool next_letter(struct ingress_stage *stage)
{
    struct letter *letter = letter_at(stage, stage->letters_next);
    if (stage->holding) {
        stage->holding = false;
        return true;
    }
    for (;;) {
        switch (letter_receive(stage->router, letter)) {
        case LETTER_NONE:
            return false;
        case LETTER_OK:
            return true;
        case LETTER_MISSING:
            turn_away_because(stage, letter, "",
                              "the message has no Request; send one frame, a lianxin.v1.Request");
            break;
        case LETTER_EXTRA:
            turn_away_because(stage, letter, "",
                              "the message has extra frames; send one frame, a lianxin.v1.Request");
            break;
        }
    }
}

static uint64_t take_letters(struct ingress_stage *stage, uint64_t next, uint64_t limit)
{
    uint64_t enough = next + SLOTS_A_STEP;
    for (uint32_t i = 0; i < LETTERS_A_STEP && next < enough && next_letter(stage); i++) {
        if (i == 0)
            look_at_clocks(stage);
        next = take_letter(stage, letter_at(stage, stage->letters_next), next, limit);
        if (stage->holding)
            break;
    }
    inquiries_hand_over(&stage->inquiries);
    return next;
}

static bool is_closing(const struct ingress_stage *stage)
{
    return cursor_observe(&stage->pipeline->closing) != 0;
}

/* Slots up to here are free: commit is past them, and their letters are answered. Publish is past
 * them too: it reads none, but what it has not sent is never more than a ring has room for. */
static uint64_t free_limit(const struct ingress_stage *stage, uint64_t limit)
{
    uint64_t answered = stage->slots_done + stage->pipeline->slots_count;
    return answered < limit ? answered : limit;
}

static bool may_take(const struct ingress_stage *stage, uint64_t free)
{
    return free > 0 && stage->bytes_in_flight < BYTES_IN_FLIGHT_MAX && !is_closing(stage);
}

static uint64_t ingress_work(void *self, uint64_t next, uint64_t limit)
{
    struct ingress_stage *stage = self;
    limit = free_limit(stage, limit);
    next = place_change(stage, next, limit);
    return may_take(stage, limit - next) ? take_letters(stage, next, limit) : next;
}

/* -- beside the slots -------------------------------------------------------------------------- */

/* The only event asked for is a disconnection; its second frame is the address. */
static bool count_disconnects(struct ingress_stage *stage)
{
    uint8_t frame[256];
    struct span told;
    bool any = false;
    while (socket_receive_short(stage->monitor, frame, sizeof frame, &told)) {
        socket_receive_short(stage->monitor, frame, sizeof frame, &told);
        counter_add(&stage->pipeline->disconnects, 1);
        any = true;
    }
    return any;
}

/* While the store stands still the ring may be full; senders are told all the same. */
static bool refuse_while_stalled(struct ingress_stage *stage)
{
    if (is_closing(stage) || !is_stalled(stage, now_ns(stage)) ||
        !(stage->holding || socket_readable(stage->router)))
        return false;
    uint64_t next = stage->pipeline->ingress.next;
    uint64_t taken = take_letters(stage, next, next);
    CHECK(taken == next);
    return true;
}

static bool has_drained(const struct ingress_stage *stage)
{
    uint64_t next = stage->pipeline->ingress.next;
    return stage->letters_done == stage->letters_next &&
           stage->inquiries.told == stage->inquiries.asked && changing_is_idle(&stage->changing) &&
           cursor_observe(&stage->pipeline->publish.cursor) == next;
}

static bool attend_change(struct ingress_stage *stage)
{
    struct changing_done done = {.slots = stage->slots_done, .inquiries = stage->inquiries.told};
    return changing_attend(&stage->changing, &done);
}

/* May the change that is under way go on? */
static bool is_change_due(const struct ingress_stage *stage, bool has_room)
{
    struct changing_done done = {.slots = stage->slots_done, .inquiries = stage->inquiries.told};
    return changing_is_due(&stage->changing, &done) ||
           (has_room && changing_wants_slot(&stage->changing));
}

static bool ingress_attend(void *self)
{
    struct ingress_stage *stage = self;
    bool any = answer_letters(stage);
    any |= inquiries_answer(&stage->inquiries);
    any |= count_disconnects(stage);
    any |= refuse_while_stalled(stage);
    any |= attend_change(stage);
    if (is_closing(stage) && has_drained(stage))
        stage->pipeline->ingress.finished = true;
    return any;
}

static bool has_answers(const struct ingress_stage *stage)
{
    if (inquiries_are_ready(&stage->inquiries))
        return true;
    if (stage->letters_done == stage->letters_next)
        return false;
    const struct letter *oldest = letter_at(stage, stage->letters_done);
    return cursor_observe(&stage->pipeline->commit.cursor) >= oldest->limit;
}

static int ingress_patience_ms(void *self)
{
    const struct ingress_stage *stage = self;
    uint64_t next = stage->pipeline->ingress.next;
    uint64_t limit = free_limit(stage, gate_limit(&stage->pipeline->ingress.gate));
    if (has_answers(stage) || socket_readable(stage->monitor) || is_change_due(stage, limit > next))
        return SLEEP_NOT;
    if (is_closing(stage))
        return has_drained(stage) ? SLEEP_NOT : SLEEP_UNTIL_RUNG;
    bool readable = socket_readable(stage->router);
    if (!stage->holding && readable &&
        (may_take(stage, limit - next) || is_stalled(stage, now_ns(stage))))
        return SLEEP_NOT;
    /* A held letter waits for room, which rings; or for the stall, which does not. */
    return stage->holding || readable ? STALL_MS : SLEEP_UNTIL_RUNG;
}

/* -- life -------------------------------------------------------------------------------------- */

struct ingress_stage *ingress_stage_create(struct pipeline *pipeline, void *router, void *monitor,
                                           enum regime ordered, int64_t not_before_ms,
                                           struct arena *arena)
{
    struct ingress_stage *stage = arena_take(arena, sizeof *stage);
    *stage = (struct ingress_stage){
        .pipeline = pipeline,
        .router = router,
        .monitor = monitor,
        .ordered = ordered,
        .stamp_ms = not_before_ms,
        .letters = arena_take(arena, 2 * pipeline->slots_count * sizeof(struct letter)),
        .receipts = arena_take(arena, WIRE_SUBMIT_CASES_MAX * sizeof(struct receipt *)),
    };
    changing_init(&stage->changing, pipeline, router);
    inquiries_init(&stage->inquiries, pipeline, router, arena);
    pipeline->ingress = (struct stage){
        .name = "ingress",
        .gate = {.cursors = {&pipeline->publish.cursor}, .count = 1, .lead = pipeline->slots_count},
        .work = ingress_work,
        .attend = ingress_attend,
        .patience_ms = ingress_patience_ms,
        .self = stage,
        .clock = pipeline->clock,
    };
    return stage;
}

void ingress_stage_fini(struct ingress_stage *stage)
{
    uint64_t limit = stage->letters_next + (stage->holding ? 1 : 0);
    for (; stage->letters_done < limit; stage->letters_done++)
        letter_close(letter_at(stage, stage->letters_done));
    inquiries_fini(&stage->inquiries);
    changing_fini(&stage->changing);
}

const struct policy *ingress_stage_policy(const struct ingress_stage *stage)
{
    return stage->pipeline->books[stage->changing.in_force].policy;
}
