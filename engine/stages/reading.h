/* reading - what the files of the reader stage share: its state, and the ways to reply.
 *
 *      reader        the stage, and status
 *      reading       the ways to reply
 *      read_ticket   look-up: a ticket's history
 *      read_feed     replay: a stretch of a unit's feed
 *      read_desk     the open tickets that need a human
 *      read_day      what came in on a day
 *      read_explain  why a case goes where it goes
 *      read_history  which book was in force when
 *
 * Each answers one inquiry out of one snapshot, which the stage begins and ends, and always
 * replies. All on the reader's thread.
 */
#ifndef STAGES_READING_H
#define STAGES_READING_H

#include "stages/reader.h"
#include "stages/shelf.h"

enum { READING_SHELF_PLACES = 3 /* old policies kept at hand */ };
enum { READING_TICKETS_MAX = 512 /* open tickets looked at for one reply */ };

struct reader_stage {
    struct pipeline *pipeline;
    struct store_reader *reader;
    reader_report *report;
    void *report_self;
    struct scratch *scratch; /* of the inquiry's policy */
    struct shelf *shelf;     /* of policies that are not in force */
    uint64_t numbers[WIRE_REPLAY_EVENTS_MAX];
    struct event_parts parts[WIRE_REPLAY_EVENTS_MAX];
    struct span events[WIRE_REPLAY_EVENTS_MAX];
    uint64_t serials[READING_TICKETS_MAX];
};

/* Room for a reply of so many bytes, to be filled before the answer returns. */
uint8_t *reading_begin(struct inquiry *inquiry, size_t bytes);

void reading_reply(struct inquiry *inquiry, struct span bytes);

/* Replies that refuse. */
void reading_refuse(struct inquiry *inquiry, const struct misfit *misfit);
void reading_refuse_because(struct inquiry *inquiry, const char *field, struct span value,
                            const char *why);
void reading_refuse_damaged(struct inquiry *inquiry);

/* A ticket's serial, and its events into stage->parts, first to last, with what whoever looks it up
 * may see; the earliest are left out where there are too many. False where it has refused. */
MUST_CHECK bool reading_ticket(struct reader_stage *stage, struct inquiry *inquiry,
                               const struct wire_lookup *lookup, uint64_t *serial, uint32_t *count);

void reading_lookup(struct reader_stage *stage, struct inquiry *inquiry);
void reading_replay(struct reader_stage *stage, struct inquiry *inquiry);
void reading_explain(struct reader_stage *stage, struct inquiry *inquiry);
void reading_desk(struct reader_stage *stage, struct inquiry *inquiry);
void reading_report(struct reader_stage *stage, struct inquiry *inquiry);
void reading_history(struct reader_stage *stage, struct inquiry *inquiry);

#endif
