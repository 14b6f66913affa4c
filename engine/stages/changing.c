#include "stages/changing.h"

#include "base/say.h"
#include "wire/wire.h"

#include <inttypes.h>
#include <stdio.h>

static struct book *book_at(const struct changing *changing, uint8_t place)
{
    return &changing->pipeline->books[place];
}

/* The place that is not in force: free, or of the book that is to be, or was. */
static uint8_t other_place(const struct changing *changing)
{
    _Static_assert(BOOKS_MAX == 2, "one in force, and one other");
    return 1 - changing->in_force;
}

static struct letter *letter_at(struct changing *changing, uint64_t index)
{
    return &changing->waiting[index % CHANGES_WAITING_MAX];
}

static bool is_closing(const struct changing *changing)
{
    return cursor_observe(&changing->pipeline->closing) != 0;
}

/* -- replies ----------------------------------------------------------------------------------- */

static void send(struct changing *changing, struct letter *letter, struct span bytes)
{
    /* Who is gone finds what became of it in the history. */
    (void)letter_answer(changing->router, letter, bytes);
    letter_close(letter);
}

/* The first that waits has its answer. */
static void refuse(struct changing *changing, const struct misfit *misfit)
{
    struct arena *arena = arena_create();
    struct letter *letter = letter_at(changing, changing->done++);
    send(changing, letter, wire_error_reply(arena, letter->id, misfit));
    arena_destroy(&arena);
}

static void answer(struct changing *changing, bool changed, const struct diag *findings)
{
    struct arena *arena = arena_create();
    struct letter *letter = letter_at(changing, changing->done++);
    const struct book *book = book_at(changing, changing->in_force);
    send(changing, letter,
         wire_changed_reply(arena, letter->id, changed, &book->in_force, findings));
    arena_destroy(&arena);
}

static struct misfit because(const char *why)
{
    struct misfit misfit = {.field = ""};
    snprintf(misfit.message, sizeof misfit.message, "%s", why);
    return misfit;
}

/* -- orders ------------------------------------------------------------------------------------ */

static void hand_over(struct changing *changing, const struct order *order)
{
    struct pipeline *pipeline = changing->pipeline;
    *pipeline_order(pipeline, changing->ordered) = *order;
    cursor_publish(&pipeline->ordered, ++changing->ordered);
    if (pipeline->ordered_bell != NULL)
        bell_ring(pipeline->ordered_bell);
}

static struct order *latest_order(struct changing *changing)
{
    return pipeline_order(changing->pipeline, changing->ordered - 1);
}

static void order_change(struct changing *changing, struct order order)
{
    order.place = other_place(changing);
    order.in_force = changing->in_force;
    hand_over(changing, &order);
    changing->state = CHANGING_ORDERED;
}

static void order_by_letter(struct changing *changing)
{
    struct letter *letter = letter_at(changing, changing->done);
    struct wire_request request;
    struct misfit misfit;
    struct order order = {.how = HOW_LOAD};
    bool readable = wire_request_read(letter_bytes(letter), &request, &misfit);
    if (readable && request.body == REQUEST_ROLLBACK)
        order.how = HOW_ROLLBACK;
    readable = readable && (order.how == HOW_ROLLBACK
                                ? wire_rollback_read(request.content, &order.change, &misfit)
                                : wire_load_read(request.content, &order.change, &misfit));
    changing->hung_up = false;
    if (readable)
        order_change(changing, order);
    else
        refuse(changing, &misfit);
}

static void order_by_signal(struct changing *changing, uint64_t hangups)
{
    changing->hangups = hangups; /* several before one is done are one */
    changing->hung_up = true;
    order_change(changing, (struct order){.how = HOW_SIGHUP});
}

/* The other book is out of use once so much is answered. */
static void retire(struct changing *changing, uint64_t slots, uint64_t inquiries)
{
    changing->has_retired = true;
    changing->slots_limit = slots;
    changing->inquiries_limit = inquiries;
}

/* -- what the loader says ---------------------------------------------------------------------- */

static void give_back_findings(struct order *order)
{
    if (order->findings != NULL)
        diag_destroy(&order->findings);
}

static void end_change(struct changing *changing)
{
    give_back_findings(latest_order(changing));
    changing->state = CHANGING_NOTHING;
}

/* Nothing changes. Of a signal's order the loader has said why. */
static void give_up(struct changing *changing, const struct misfit *misfit)
{
    if (!changing->hung_up && misfit != NULL)
        refuse(changing, misfit);
    else if (!changing->hung_up)
        answer(changing, false, latest_order(changing)->findings);
    end_change(changing);
}

static void heed_loader(struct changing *changing)
{
    const struct order *order = latest_order(changing);
    if (order->loaded == LOADED_READY && is_closing(changing)) {
        struct misfit misfit = because("the engine is stopping; nothing has changed");
        retire(changing, 0, 0);
        give_up(changing, &misfit);
    } else if (order->loaded == LOADED_READY) {
        changing->state = CHANGING_LOADED;
    } else {
        give_up(changing, order->loaded == LOADED_REFUSED ? &order->misfit : NULL);
    }
}

static bool has_loaded(const struct changing *changing)
{
    return changing->state == CHANGING_ORDERED &&
           cursor_observe(&changing->pipeline->loader.cursor) == changing->ordered;
}

/* -- the slot ---------------------------------------------------------------------------------- */

bool changing_wants_slot(const struct changing *changing)
{
    return changing->state == CHANGING_LOADED;
}

struct span changing_begin(struct changing *changing)
{
    CHECK(changing->state == CHANGING_LOADED);
    changing->state = CHANGING_UNDER_WAY;
    changing->stamped = other_place(changing);
    return book_at(changing, changing->stamped)->bytes;
}

static void say_changed(const struct changing *changing)
{
    const struct book *book = book_at(changing, changing->in_force);
    const struct wire_in_force *in_force = &book->in_force;
    const uint8_t *hash = book->policy->hash;
    say_info("%s%s%.*s: policy %u (%02x%02x%02x%02x) is in force from serial %" PRIu64
             " on; it was policy %u",
             word_name(&how_words, (uint32_t)in_force->book.how),
             in_force->book.by.bytes > 0 ? " by " : "", SPAN_ARG(in_force->book.by),
             in_force->book.policy, hash[0], hash[1], hash[2], hash[3], in_force->event + 1,
             in_force->book.before);
}

void changing_conclude(struct changing *changing, const struct receipt *receipt, int64_t time_ms,
                       uint64_t slots, uint64_t inquiries)
{
    bool stored = receipt->outcome == OUTCOME_ACCEPTED;
    CHECK(changing->state == CHANGING_UNDER_WAY);
    if (stored) {
        struct book *book = book_at(changing, changing->stamped);
        book->in_force.event = receipt->serial;
        book->in_force.time_ms = time_ms;
        changing->in_force = changing->stamped;
        say_changed(changing);
    }
    changing->stamped = changing->in_force;
    retire(changing, slots, inquiries);
    if (stored && !changing->hung_up)
        answer(changing, true, latest_order(changing)->findings);
    if (stored) {
        end_change(changing);
        return;
    }
    struct misfit misfit = because("the store cannot take it now, so nothing has changed; "
                                   "try again");
    say_error("the change to policy %u is not stored, so nothing has changed",
              book_at(changing, other_place(changing))->in_force.book.policy);
    give_up(changing, receipt->misfit != NULL ? receipt->misfit : &misfit);
}

/* -- step by step ------------------------------------------------------------------------------ */

static bool is_free(const struct changing *changing, const struct changing_done *done)
{
    return changing->has_retired && done->slots >= changing->slots_limit &&
           done->inquiries >= changing->inquiries_limit;
}

/* Something to begin with, or to send away. */
static bool is_asked(const struct changing *changing)
{
    bool hung_up = cursor_observe(&changing->pipeline->hangups) > changing->hangups;
    if (changing->state != CHANGING_NOTHING)
        return false;
    if (is_closing(changing))
        return changing->came > changing->done;
    return !changing->has_retired && (hung_up || changing->came > changing->done);
}

bool changing_is_due(const struct changing *changing, const struct changing_done *done)
{
    return is_free(changing, done) || has_loaded(changing) || is_asked(changing);
}

bool changing_is_idle(const struct changing *changing)
{
    return changing->state == CHANGING_NOTHING && changing->came == changing->done;
}

static void begin_next(struct changing *changing)
{
    struct misfit stopping = because("the engine is stopping; nothing has changed");
    uint64_t hangups = cursor_observe(&changing->pipeline->hangups);
    if (is_closing(changing))
        refuse(changing, &stopping);
    else if (hangups > changing->hangups)
        order_by_signal(changing, hangups);
    else
        order_by_letter(changing);
}

bool changing_attend(struct changing *changing, const struct changing_done *done)
{
    if (!changing_is_due(changing, done))
        return false;
    if (is_free(changing, done)) {
        changing->has_retired = false;
        hand_over(changing, &(struct order){.place = other_place(changing), .how = HOW_NONE});
    }
    if (has_loaded(changing))
        heed_loader(changing);
    if (is_asked(changing))
        begin_next(changing);
    return true;
}

bool changing_take(struct changing *changing, struct letter *letter)
{
    if (changing->came - changing->done == CHANGES_WAITING_MAX)
        return false;
    letter_move(letter_at(changing, changing->came++), letter);
    return true;
}

/* -- life -------------------------------------------------------------------------------------- */

void changing_init(struct changing *changing, struct pipeline *pipeline, void *router)
{
    *changing = (struct changing){.pipeline = pipeline, .router = router};
}

void changing_fini(struct changing *changing)
{
    for (; changing->done < changing->came; changing->done++)
        letter_close(letter_at(changing, changing->done));
    if (changing->state != CHANGING_NOTHING &&
        cursor_observe(&changing->pipeline->loader.cursor) == changing->ordered)
        give_back_findings(latest_order(changing));
}
