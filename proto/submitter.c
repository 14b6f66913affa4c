/* The submitter. A message is in one place at a time:
 *
 *      filling --step--> ready --sent--> flying --reply--> answered, and free
 *                          ^               |  \
 *                          +---overdue-----+   cases told "try again" go into a new message,
 *                          +<-----------------which rests for a while
 *
 * Flying messages lie in the order of sending, which is the order of their due times, since all
 * have the same patience. Replies come nearly in that order too, so looking for one by its id from
 * the front finds it at once. */
#include "front.h"
#include "message.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

enum {
    RESEND_MS = 3000,
    WINDOW = 4096,
    PER_MESSAGE = 64,
    FIRST_PAUSE_MS = 50,
};

struct lianxin_submitter {
    struct front front;
    struct lianxin_submitter_options options;
    bool stepping; /* so what is called now is called from answered */
    int64_t resend_ns, give_up_ns;
    uint32_t per_message;
    uint32_t pending, window;
    uint64_t id; /* of the latest message */
    struct message *filling;
    struct list ready, flying, resting, idle;
};

/* -- open and close --------------------------------------------------------------------------- */

enum err lianxin_submitter_open(const char *front, const struct lianxin_submitter_options *options,
                                struct lianxin_submitter **submitter)
{
    CHECK(options->answered != NULL);
    *submitter = NULL;
    if (options->per_message > LIANXIN_SUBMIT_CASES_MAX)
        return front_fail(ERR_INVALID, "per_message is %u; the engine takes %d cases a message",
                          options->per_message, LIANXIN_SUBMIT_CASES_MAX);
    struct lianxin_submitter *opened = front_allocate(NULL, sizeof *opened);
    *opened = (struct lianxin_submitter){
        .options = *options,
        .resend_ns = front_ns(options->resend_ms, RESEND_MS),
        .give_up_ns = options->give_up_ms != 0 ? front_ns(options->give_up_ms, 0) : INT64_MAX,
        .per_message = options->per_message != 0 ? options->per_message : PER_MESSAGE,
        .window = options->window != 0 ? options->window : WINDOW,
    };
    list_clear(&opened->ready);
    list_clear(&opened->flying);
    list_clear(&opened->resting);
    list_clear(&opened->idle);
    enum err err = front_open(&opened->front, front, options->context, options->clock);
    if (err != OK)
        lianxin_submitter_close(&opened);
    *submitter = opened;
    return err;
}

void lianxin_submitter_close(struct lianxin_submitter **submitter)
{
    struct lianxin_submitter *closing = *submitter;
    if (closing == NULL)
        return;
    CHECK(!closing->stepping);
    front_close(&closing->front);
    if (closing->filling != NULL)
        list_append(&closing->idle, closing->filling);
    list_free(&closing->ready);
    list_free(&closing->flying);
    list_free(&closing->resting);
    list_free(&closing->idle);
    free(closing);
    *submitter = NULL;
}

uint32_t lianxin_submitter_pending(const struct lianxin_submitter *submitter)
{
    return submitter->pending;
}

/* -- filling ---------------------------------------------------------------------------------- */

/* An empty one. */
static struct message *message_get(struct lianxin_submitter *submitter)
{
    struct message *message = submitter->idle.first != NULL
                                  ? list_take(&submitter->idle, &submitter->idle.first)
                                  : message_create(submitter->per_message);
    message_begin(message);
    return message;
}

static void seal(struct lianxin_submitter *submitter, struct message *message)
{
    message_seal(message, ++submitter->id, submitter->options.strict);
}

static void close_filling(struct lianxin_submitter *submitter)
{
    if (submitter->filling == NULL)
        return;
    seal(submitter, submitter->filling);
    submitter->filling->since_ns = front_now_ns(&submitter->front);
    list_append(&submitter->ready, submitter->filling);
    submitter->filling = NULL;
}

enum err lianxin_submitter_submit(struct lianxin_submitter *submitter,
                                  const Lianxin__V1__Case *ticket, uint64_t tag)
{
    if (submitter->pending >= submitter->window)
        return front_fail(ERR_FULL, "%u cases wait for their answers", submitter->pending);
    size_t bytes = lianxin__v1__case__get_packed_size(ticket);
    if (bytes > LIANXIN_CASE_BYTES_MAX)
        return front_fail(ERR_INVALID, "the case has %zu bytes; the engine takes %d", bytes,
                          LIANXIN_CASE_BYTES_MAX);
    if (submitter->filling != NULL &&
        !message_fits(submitter->filling, submitter->per_message, bytes))
        close_filling(submitter);
    if (submitter->filling == NULL)
        submitter->filling = message_get(submitter);
    lianxin__v1__case__pack(ticket, message_add(submitter->filling, tag, bytes));
    submitter->pending++;
    return OK;
}

/* -- answers ---------------------------------------------------------------------------------- */

static void answer(struct lianxin_submitter *submitter, uint64_t tag,
                   const Lianxin__V1__Answer *given)
{
    submitter->pending--;
    submitter->options.answered(submitter->options.self, tag, given);
}

/* The same answer for each; the message is free afterwards. */
static void answer_all(struct lianxin_submitter *submitter, struct message *message,
                       const Lianxin__V1__Answer *given)
{
    for (uint32_t i = 0; i < message->count; i++)
        answer(submitter, message->entries[i].tag, given);
    list_append(&submitter->idle, message);
}

/* Hands over what is final; cases that are to be tried again, and have the time for it, get a
 * message of their own. */
static void answer_each(struct lianxin_submitter *submitter, struct message *message,
                        const Lianxin__V1__Answers *answers)
{
    int64_t now_ns = front_now_ns(&submitter->front);
    int64_t pause_ns = front_pause_ns(FIRST_PAUSE_MS, message->tries);
    bool patient = now_ns + pause_ns - message->since_ns < submitter->give_up_ns;
    struct message *again = NULL;
    for (uint32_t i = 0; i < message->count; i++) {
        const struct entry *entry = &message->entries[i];
        const Lianxin__V1__Answer *given = answers->answers[i];
        if (given->outcome != LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN || !patient) {
            answer(submitter, entry->tag, given);
            continue;
        }
        if (again == NULL)
            again = message_get(submitter);
        memcpy(message_add(again, entry->tag, entry->bytes), message->frame + entry->offset,
               entry->bytes);
    }
    if (again != NULL) {
        again->since_ns = message->since_ns;
        again->tries = message->tries + 1;
        again->due_ns = now_ns + pause_ns;
        seal(submitter, again);
        list_append(&submitter->resting, again);
    }
    list_append(&submitter->idle, message);
}

/* The message flying, or about to fly again, under this id; NULL for one answered before. */
static struct message *find(struct lianxin_submitter *submitter, uint64_t id)
{
    struct list *lists[] = {&submitter->flying, &submitter->ready};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (struct message **place = &lists[i]->first; *place != NULL; place = &(*place)->next)
            if ((*place)->id == id)
                return list_take(lists[i], place);
    return NULL;
}

/* One answer for each case, and each says something. */
static bool answers_fit(const Lianxin__V1__Reply *reply, const struct message *message)
{
    if (reply->body_case != LIANXIN__V1__REPLY__BODY_ANSWERS ||
        reply->answers->n_answers != message->count)
        return false;
    for (uint32_t i = 0; i < message->count; i++)
        if (reply->answers->answers[i]->outcome == LIANXIN__V1__OUTCOME__OUTCOME_UNSPECIFIED)
            return false;
    return true;
}

/* A reply that makes no sense leaves its message flying, to be sent again. */
static enum err take_reply(struct lianxin_submitter *submitter, const Lianxin__V1__Reply *reply)
{
    struct message *message = find(submitter, reply->id);
    if (message == NULL)
        return OK;
    if (reply->body_case == LIANXIN__V1__REPLY__BODY_ERROR) {
        Lianxin__V1__Answer refusal = LIANXIN__V1__ANSWER__INIT;
        refusal.outcome = LIANXIN__V1__OUTCOME__OUTCOME_INVALID;
        refusal.field = reply->error->field;
        refusal.message = reply->error->message;
        answer_all(submitter, message, &refusal);
        return OK;
    }
    if (answers_fit(reply, message)) {
        answer_each(submitter, message, reply->answers);
        return OK;
    }
    message->due_ns = front_now_ns(&submitter->front) + submitter->resend_ns;
    list_append(&submitter->flying, message);
    return front_fail(ERR_INVALID, "front's reply does not answer the %u cases it was sent",
                      message->count);
}

/* Takes as many replies as there can be messages under way and no more, so that a step ends. */
static void receive(struct lianxin_submitter *submitter, struct trouble *trouble)
{
    for (uint32_t left = submitter->window; left > 0; left--) {
        Lianxin__V1__Reply *reply;
        enum err err = front_receive(&submitter->front, &reply);
        if (err == OK && reply == NULL)
            return;
        if (err == OK)
            err = take_reply(submitter, reply);
        if (err != OK)
            trouble_note(trouble, err);
        if (reply != NULL)
            lianxin__v1__reply__free_unpacked(reply, NULL);
        if (err == ERR_IO)
            return;
    }
}

/* -- sending ---------------------------------------------------------------------------------- */

static void give_up(struct lianxin_submitter *submitter, struct message *message)
{
    Lianxin__V1__Answer silence = LIANXIN__V1__ANSWER__INIT;
    silence.outcome = LIANXIN__V1__OUTCOME__OUTCOME_TRY_AGAIN;
    silence.message = (char *)"the engine did not answer in time; the case may be stored or not";
    answer_all(submitter, message, &silence);
}

/* Lines up what is due now: overdue messages again, and those that have rested. */
static void wake(struct lianxin_submitter *submitter)
{
    int64_t now_ns = front_now_ns(&submitter->front);
    while (submitter->flying.first != NULL && submitter->flying.first->due_ns <= now_ns)
        list_append(&submitter->ready, list_take(&submitter->flying, &submitter->flying.first));
    for (struct message **place = &submitter->resting.first; *place != NULL;) {
        if ((*place)->due_ns <= now_ns)
            list_append(&submitter->ready, list_take(&submitter->resting, place));
        else
            place = &(*place)->next;
    }
}

static void give_up_old(struct lianxin_submitter *submitter, struct list *list)
{
    int64_t now_ns = front_now_ns(&submitter->front);
    for (struct message **place = &list->first; *place != NULL;) {
        if (now_ns - (*place)->since_ns >= submitter->give_up_ns)
            give_up(submitter, list_take(list, place));
        else
            place = &(*place)->next;
    }
}

/* Answers for the engine where it has been silent for too long. */
static void lose_patience(struct lianxin_submitter *submitter)
{
    if (submitter->give_up_ns == INT64_MAX)
        return;
    give_up_old(submitter, &submitter->ready);
    give_up_old(submitter, &submitter->flying);
}

static enum err send_ready(struct lianxin_submitter *submitter)
{
    submitter->front.blocked = false; /* as long as nothing waits to be sent */
    while (submitter->ready.first != NULL) {
        struct message *message = submitter->ready.first;
        enum err err = front_send(&submitter->front, message->frame + message->start,
                                  message->limit - message->start);
        if (err != OK)
            return err == ERR_FULL ? OK : err;
        list_take(&submitter->ready, &submitter->ready.first);
        message->due_ns = front_now_ns(&submitter->front) + submitter->resend_ns;
        list_append(&submitter->flying, message);
    }
    return OK;
}

/* The earliest moment at which wake or lose_patience will have something to do. */
static int64_t next_due_ns(const struct lianxin_submitter *submitter)
{
    int64_t due_ns = INT64_MAX;
    if (submitter->flying.first != NULL)
        due_ns = submitter->flying.first->due_ns;
    for (const struct message *message = submitter->resting.first; message != NULL;
         message = message->next)
        due_ns = message->due_ns < due_ns ? message->due_ns : due_ns;
    if (submitter->give_up_ns == INT64_MAX)
        return due_ns;
    const struct message *heads[] = {submitter->ready.first, submitter->flying.first};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        for (const struct message *message = heads[i]; message != NULL; message = message->next)
            if (message->since_ns + submitter->give_up_ns < due_ns)
                due_ns = message->since_ns + submitter->give_up_ns;
    return due_ns;
}

enum err lianxin_submitter_step(struct lianxin_submitter *submitter, int timeout_ms)
{
    struct trouble trouble = {.err = OK};
    CHECK(!submitter->stepping);
    submitter->stepping = true;
    wake(submitter);
    close_filling(submitter);
    enum err err = send_ready(submitter);
    if (err == OK)
        err = front_wait(&submitter->front, NULL, timeout_ms, next_due_ns(submitter));
    if (err == OK)
        receive(submitter, &trouble);
    else
        trouble_note(&trouble, err);
    lose_patience(submitter); /* not before receive: an answer that is here counts */
    submitter->stepping = false;
    return trouble_tell(&trouble);
}
