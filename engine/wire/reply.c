/* reply - answers and feeds, which go out often: counted first, then written straight. */
#include "wire/put.h"
#include "wire/wire.h"

enum { REPLY_ID = 1, REPLY_ANSWERS = 2, REPLY_FEED = 5 };

/* -- answers ----------------------------------------------------------------------------------- */

static size_t misfit_bytes(const struct misfit *misfit)
{
    if (misfit == NULL)
        return 0;
    return text_bytes(5, span_of_string(misfit->field)) + text_bytes(6, misfit->value) +
           text_bytes(7, span_of_string(misfit->message));
}

static uint8_t *put_misfit(uint8_t *out, const struct misfit *misfit)
{
    if (misfit == NULL)
        return out;
    out = put_text(out, 5, span_of_string(misfit->field));
    out = put_text(out, 6, misfit->value);
    return put_text(out, 7, span_of_string(misfit->message));
}

static size_t answer_bytes(const struct receipt *receipt)
{
    return number_bytes(1, (uint64_t)receipt->outcome) +
           text_bytes(2, span_of_string(receipt->number)) + number_bytes(3, receipt->serial) +
           text_bytes(4, span_of_string(receipt->unit)) + misfit_bytes(receipt->misfit);
}

static uint8_t *put_answer(uint8_t *out, const struct receipt *receipt)
{
    out = put_number(out, 1, (uint64_t)receipt->outcome);
    out = put_text(out, 2, span_of_string(receipt->number));
    out = put_number(out, 3, receipt->serial);
    out = put_text(out, 4, span_of_string(receipt->unit));
    return put_misfit(out, receipt->misfit);
}

static size_t all_answers_bytes(const struct receipt *const *receipts, uint32_t count)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t one = answer_bytes(receipts[i]);
        bytes += head_bytes(1, one) + one;
    }
    return bytes;
}

size_t wire_answers_bytes(uint64_t id, const struct receipt *const *receipts, uint32_t count)
{
    size_t answers = all_answers_bytes(receipts, count);
    return number_bytes(REPLY_ID, id) + head_bytes(REPLY_ANSWERS, answers) + answers;
}

void wire_answers_write(uint64_t id, const struct receipt *const *receipts, uint32_t count,
                        uint8_t *out)
{
    out = put_number(out, REPLY_ID, id);
    out = put_head(out, REPLY_ANSWERS, all_answers_bytes(receipts, count));
    for (uint32_t i = 0; i < count; i++)
        out = put_answer(put_head(out, 1, answer_bytes(receipts[i])), receipts[i]);
}

/* -- feeds ------------------------------------------------------------------------------------- */

static size_t event_bytes(const struct event_parts *parts)
{
    return parts->open.bytes + parts->story.bytes + parts->reporter.bytes;
}

static size_t head_of_feed_bytes(const struct wire_head *head)
{
    return text_bytes(1, head->unit) + number_bytes(2, head->sequence);
}

size_t wire_feed_bytes(const struct wire_feed *feed)
{
    size_t bytes = text_bytes(1, feed->unit) + number_bytes(2, feed->first);
    for (uint32_t i = 0; i < feed->events_count; i++) {
        size_t one = event_bytes(&feed->events[i]);
        bytes += head_bytes(3, one) + one;
    }
    for (uint32_t i = 0; i < feed->heads_count; i++) {
        size_t one = head_of_feed_bytes(&feed->heads[i]);
        bytes += head_bytes(4, one) + one;
    }
    return bytes;
}

void wire_feed_write(const struct wire_feed *feed, uint8_t *out)
{
    out = put_text(out, 1, feed->unit);
    out = put_number(out, 2, feed->first);
    for (uint32_t i = 0; i < feed->events_count; i++) {
        const struct event_parts *parts = &feed->events[i];
        out = put_head(out, 3, event_bytes(parts));
        out = put_raw(put_raw(put_raw(out, parts->open), parts->story), parts->reporter);
    }
    for (uint32_t i = 0; i < feed->heads_count; i++) {
        const struct wire_head *head = &feed->heads[i];
        out = put_head(out, 4, head_of_feed_bytes(head));
        out = put_number(put_text(out, 1, head->unit), 2, head->sequence);
    }
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
