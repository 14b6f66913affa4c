/* agree - does the store say what the list says?
 *
 * Each ends the test where it does not, with what differs.
 */
#ifndef TESTS_STORE_AGREE_H
#define TESTS_STORE_AGREE_H

#include "tests/unit/store/made.h"

/* The event of this number, all of it. */
void agree_view(const struct made *made, uint64_t number, const struct event_view *view);

/* The writer, the open group included: some events by key and number, tickets' last events, days,
 * and what status counts. */
void agree_writer(struct made *made);

/* A reader whose snapshot was taken when limit events were durable. */
void agree_reader(struct made *made, struct store_reader *reader, uint64_t limit);

/* The writer, and a new reader of what is durable now. */
void agree_all(struct made *made);

#endif
