/* reply - answers and feeds, which go out often: counted first, then written straight. */
#include "wire/put.h"
#include "wire/wire.h"

/* Field numbers of lianxin.proto. */
enum { REPLY_ID = 1, REPLY_ANSWERS = 2, REPLY_FEED = 5 };
enum {
    ANSWER_OUTCOME = 1,
    ANSWER_NUMBER,
    ANSWER_SERIAL,
    ANSWER_UNIT,
    ANSWER_FIELD,
    ANSWER_VALUE,
    ANSWER_MESSAGE,
    ANSWER_DISPOSITION,
    ANSWER_DUE_MS,
    ANSWER_PROVISIONAL,
    ANSWER_ADVICE,
};
enum { ANSWERS_ANSWERS = 1 };
enum { FEED_UNIT = 1, FEED_FIRST, FEED_EVENTS, FEED_HEADS, FEED_FEEDS };
enum { HEAD_UNIT = 1, HEAD_SEQUENCE };

/* -- answers ----------------------------------------------------------------------------------- */

static size_t misfit_bytes(const struct misfit *misfit)
{
    if (misfit == NULL)
        return 0;
    return text_bytes(ANSWER_FIELD, span_of_string(misfit->field)) +
           text_bytes(ANSWER_VALUE, misfit->value) +
           text_bytes(ANSWER_MESSAGE, span_of_string(misfit->message));
}

static uint8_t *put_misfit(uint8_t *out, const struct misfit *misfit)
{
    if (misfit == NULL)
        return out;
    out = put_text(out, ANSWER_FIELD, span_of_string(misfit->field));
    out = put_text(out, ANSWER_VALUE, misfit->value);
    return put_text(out, ANSWER_MESSAGE, span_of_string(misfit->message));
}

static size_t answer_bytes(const struct receipt *receipt)
{
    return number_bytes(ANSWER_OUTCOME, (uint64_t)receipt->outcome) +
           text_bytes(ANSWER_NUMBER, span_of(receipt->number, receipt->number_bytes)) +
           number_bytes(ANSWER_SERIAL, receipt->serial) +
           text_bytes(ANSWER_UNIT, span_of(receipt->unit, receipt->unit_bytes)) +
           misfit_bytes(receipt->misfit) +
           number_bytes(ANSWER_DISPOSITION, (uint64_t)receipt->disposition) +
           number_bytes(ANSWER_DUE_MS, (uint64_t)receipt->due_ms) +
           number_bytes(ANSWER_PROVISIONAL, receipt->provisional) +
           text_bytes(ANSWER_ADVICE, receipt->advice);
}

static uint8_t *put_answer(uint8_t *out, const struct receipt *receipt)
{
    out = put_number(out, ANSWER_OUTCOME, (uint64_t)receipt->outcome);
    out = put_text(out, ANSWER_NUMBER, span_of(receipt->number, receipt->number_bytes));
    out = put_number(out, ANSWER_SERIAL, receipt->serial);
    out = put_text(out, ANSWER_UNIT, span_of(receipt->unit, receipt->unit_bytes));
    out = put_misfit(out, receipt->misfit);
    out = put_number(out, ANSWER_DISPOSITION, (uint64_t)receipt->disposition);
    out = put_number(out, ANSWER_DUE_MS, (uint64_t)receipt->due_ms);
    out = put_number(out, ANSWER_PROVISIONAL, receipt->provisional);
    return put_text(out, ANSWER_ADVICE, receipt->advice);
}

size_t wire_answers_bytes(uint64_t id, const struct receipt *const *receipts, uint32_t count)
{
    size_t answers = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t one = answer_bytes(receipts[i]);
        answers += head_bytes(ANSWERS_ANSWERS, one) + one;
    }
    return number_bytes(REPLY_ID, id) + head_bytes(REPLY_ANSWERS, answers) + answers;
}

/* They were counted once, for their buffer; most take less than 128 bytes. */
void wire_answers_write(uint64_t id, const struct receipt *const *receipts, uint32_t count,
                        uint8_t *out)
{
    out = put_number(out, REPLY_ID, id);
    uint8_t *end = message_begin(out, REPLY_ANSWERS, 1);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *fields = message_begin(end, ANSWERS_ANSWERS, 1);
        end = message_end(end, ANSWERS_ANSWERS, 1, put_answer(fields, receipts[i]));
    }
    message_end(out, REPLY_ANSWERS, 1, end);
}

/* -- feeds ------------------------------------------------------------------------------------- */

static size_t head_of_feed_bytes(const struct wire_head *head)
{
    return text_bytes(HEAD_UNIT, head->unit) + number_bytes(HEAD_SEQUENCE, head->sequence);
}

/* Of one that has no others inside. */
static size_t single_feed_bytes(const struct wire_feed *feed)
{
    size_t bytes = text_bytes(FEED_UNIT, feed->unit) + number_bytes(FEED_FIRST, feed->first);
    for (uint32_t i = 0; i < feed->events_count; i++)
        bytes += head_bytes(FEED_EVENTS, feed->events[i].bytes) + feed->events[i].bytes;
    for (uint32_t i = 0; i < feed->heads_count; i++) {
        size_t one = head_of_feed_bytes(&feed->heads[i]);
        bytes += head_bytes(FEED_HEADS, one) + one;
    }
    return bytes;
}

size_t wire_feed_bytes(const struct wire_feed *feed)
{
    size_t bytes = single_feed_bytes(feed);
    for (uint32_t i = 0; i < feed->feeds_count; i++) {
        size_t one = single_feed_bytes(&feed->feeds[i]);
        bytes += head_bytes(FEED_FEEDS, one) + one;
    }
    return bytes;
}

static uint8_t *put_single_feed(uint8_t *out, const struct wire_feed *feed)
{
    out = put_text(out, FEED_UNIT, feed->unit);
    out = put_number(out, FEED_FIRST, feed->first);
    for (uint32_t i = 0; i < feed->events_count; i++)
        out = put_raw(put_head(out, FEED_EVENTS, feed->events[i].bytes), feed->events[i]);
    for (uint32_t i = 0; i < feed->heads_count; i++) {
        const struct wire_head *head = &feed->heads[i];
        out = put_head(out, FEED_HEADS, head_of_feed_bytes(head));
        out = put_number(put_text(out, HEAD_UNIT, head->unit), HEAD_SEQUENCE, head->sequence);
    }
    return out;
}

void wire_feed_write(const struct wire_feed *feed, uint8_t *out)
{
    out = put_single_feed(out, feed);
    for (uint32_t i = 0; i < feed->feeds_count; i++)
        out = put_single_feed(put_head(out, FEED_FEEDS, single_feed_bytes(&feed->feeds[i])),
                              &feed->feeds[i]);
}

size_t wire_feed_reply_bytes(uint64_t id, const struct wire_feed *feed)
{
    size_t bytes = wire_feed_bytes(feed);
    return number_bytes(REPLY_ID, id) + head_bytes(REPLY_FEED, bytes) + bytes;
}

void wire_feed_reply_write(uint64_t id, const struct wire_feed *feed, uint8_t *out)
{
    out = put_number(out, REPLY_ID, id);
    out = put_head(out, REPLY_FEED, wire_feed_bytes(feed));
    wire_feed_write(feed, out);
}
