/* wire - protobuf on one side, sections of a slot on the other.
 *
 * What comes in often (requests, cases, acts) is read by a walk over protobuf-c's descriptors that
 * allocates nothing and checks what protobuf-c does not: UTF-8, control characters, enum ranges,
 * lengths, counts, unknown fields. What goes out often (events, feeds, answers) is written straight
 * into a buffer of known size. Everything rare goes through protobuf-c's own pack and unpack.
 * Limits are those that lianxin.proto states. Pure; any thread.
 *
 * An Event lies in the log in three parts that may be put one behind the other on the wire: open,
 * story, reporter (lianxin.proto, Event).
 */
#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

#include "base/diag.h"
#include "domain/why_not.h"
#include "slot.h"

enum {
    WIRE_VERSION = 1,
    WIRE_SUBMIT_BYTES_MAX = 1024 * 1024,
    WIRE_SUBMIT_CASES_MAX = 1024,
    WIRE_CASE_BYTES_MAX = 32 * 1024,
    WIRE_REPLAY_EVENTS_MAX = 256,
    WIRE_DESK_ITEMS_MAX = 256,
    WIRE_HISTORY_CHANGES_MAX = 256,
    WIRE_DIRECTORY_BYTES_MAX = 1024,
    WIRE_BY_BYTES_MAX = 64,
    WIRE_NOTE_BYTES_MAX = 1024,
    WIRE_WHAT_IF_MAX = 16,
};

/* -- requests ------------------------------------------------------------------------------ */

enum request_body {
    REQUEST_NONE,
    REQUEST_SUBMIT,
    REQUEST_ACT,
    REQUEST_LOOKUP,
    REQUEST_REPLAY,
    REQUEST_STATUS,
    REQUEST_EXPLAIN,
    REQUEST_DESK,
    REQUEST_REPORT,
    REQUEST_LOAD,
    REQUEST_ROLLBACK,
    REQUEST_HISTORY,
};

struct wire_request {
    uint64_t id; /* set as far as it could be read, also where the rest is refused */
    enum request_body body;
    struct span content; /* the body's bytes, borrowed */
};

/* Reads the envelope. False with a misfit: not protobuf, wrong version, no body or two. */
MUST_CHECK bool wire_request_read(struct span frame, struct wire_request *request,
                                  struct misfit *misfit);

struct wire_submit {
    struct span cases[WIRE_SUBMIT_CASES_MAX]; /* the bytes of each, borrowed */
    uint32_t count;
    bool strict;
};

/* Takes a Submit apart. False with a misfit where it has too much or nothing in it. */
MUST_CHECK bool wire_submit_read(struct span content, struct wire_submit *submit,
                                 struct misfit *misfit);

/* Reads and checks one Case or one Act; fills the section, or the misfit where it is not valid.
 * now_ms is for times that must not lie in the future (a minute's difference of clocks is
 * forgiven). Cases and acts share one space of ids: the key of either is the same function of
 * source and external id. The content is the same however the message was encoded. */
void wire_case_read(struct span bytes, uint64_t seed, int64_t now_ms, struct ticket *ticket,
                    struct misfit *misfit);
void wire_act_read(struct span bytes, uint64_t seed, struct ticket *ticket, struct misfit *misfit);

/* The id that no adapter can use, under which the record of regimes is opened; and the act that
 * opens it, into a buffer. */
enum { WIRE_REGIME_ACT_BYTES_MAX = 64 };
void wire_regime_key(uint64_t seed, uint8_t key[DIGEST_BYTES]);
struct span wire_regime_act(uint8_t act[WIRE_REGIME_ACT_BYTES_MAX]);

struct wire_lookup {
    struct span number;
    uint64_t serial;
};
struct wire_replay {
    struct span unit;
    uint64_t first;
    uint32_t limit; /* 1 to WIRE_REPLAY_EVENTS_MAX */
};
/* "place=511102", as a name and a value. */
struct wire_what_if {
    struct span field, value;
};
/* Of a ticket, or of a case that nobody has submitted. */
struct wire_explain {
    struct span number; /* empty: the case is meant */
    struct span ticket; /* the Case, for wire_case_read */
    bool strict;
    int64_t at_ms;      /* 0: now */
    enum regime regime; /* REGIME_NONE: unsaid */
    struct span policy; /* digits of its hash */
    struct wire_what_if what_if[WIRE_WHAT_IF_MAX];
    uint32_t what_if_count;
    struct span why_not; /* a unit's key or name */
};
struct wire_desk {
    uint64_t after;
    uint32_t limit; /* 1 to WIRE_DESK_ITEMS_MAX */
    struct span unit;
};
struct wire_report {
    int32_t day;
    uint64_t after;
};
/* Of a Load, or of a Rollback, which has to instead of directory. */
struct wire_change {
    struct span directory, to;
    struct span by, note;
};
struct wire_history {
    uint64_t before;
    uint32_t limit; /* 1 to WIRE_HISTORY_CHANGES_MAX */
};
MUST_CHECK bool wire_lookup_read(struct span content, struct wire_lookup *lookup,
                                 struct misfit *misfit);
MUST_CHECK bool wire_replay_read(struct span content, struct wire_replay *replay,
                                 struct misfit *misfit);
MUST_CHECK bool wire_explain_read(struct span content, struct wire_explain *explain,
                                  struct misfit *misfit);
MUST_CHECK bool wire_desk_read(struct span content, struct wire_desk *desk, struct misfit *misfit);
MUST_CHECK bool wire_report_read(struct span content, struct wire_report *report,
                                 struct misfit *misfit);
MUST_CHECK bool wire_load_read(struct span content, struct wire_change *change,
                               struct misfit *misfit);
MUST_CHECK bool wire_rollback_read(struct span content, struct wire_change *change,
                                   struct misfit *misfit);
MUST_CHECK bool wire_history_read(struct span content, struct wire_history *history,
                                  struct misfit *misfit);

/* -- books --------------------------------------------------------------------------------- */

/* A Book, as lianxin.proto has it: what came into force, and how. */
struct wire_book {
    uint32_t policy, before;
    struct span hash;
    enum how how;
    struct span by, note, directory;
};

enum {
    WIRE_BOOK_BYTES_MAX = WIRE_DIRECTORY_BYTES_MAX + WIRE_BY_BYTES_MAX + WIRE_NOTE_BYTES_MAX + 96
};

/* Into a buffer of WIRE_BOOK_BYTES_MAX. */
struct span wire_book_write(const struct wire_book *book, uint8_t *out);

/* False: not a Book. */
MUST_CHECK bool wire_book_read(struct span bytes, struct wire_book *book);

/* The id, that no adapter can use, of an event that says so; 0 is that of the first of them. */
void wire_book_key(uint64_t seed, uint64_t number, uint8_t key[DIGEST_BYTES]);

/* -- events -------------------------------------------------------------------------------- */

struct event_parts {
    struct span open, story, reporter;
};

/* The Case of a KIND_CASE event as it was submitted, but for the reporter; in the arena. */
struct span wire_event_submitted(struct span open, struct span story, struct arena *arena);

/* A KIND_CASE event with another Case in it; in the arena. about_another: it does not say any more
 * whom the case was kept from. */
struct event_parts wire_event_with_case(struct span open, struct span submitted, bool about_another,
                                        struct arena *arena);

/* Sets one field of a Case to a value, or to nothing where that is empty: place=511102, type=help,
 * secret=true, respondent.name=... In the arena. False with a misfit: there is no such field, or it
 * can have no such value. What lengths and combinations are good is for wire_case_read to say. */
MUST_CHECK bool wire_case_change(struct span bytes, const struct wire_what_if *what_if,
                                 struct arena *arena, struct span *changed, struct misfit *misfit);

/* What an event says besides the submitted bytes. */
struct event_text {
    uint64_t number, serial, previous;
    int64_t time_ms;
    enum kind kind;
    const char *ticket; /* 工单编号 */
    const struct ticket_state *state;
    const struct policy *policy;     /* with decision */
    const struct decision *decision; /* or NULL */
    struct span submitted;           /* the Case, Act or Book, checked by wire_*_read */
    const struct case_parts *parts;  /* of a Case, as wire_case_read told them; NULL: to be found */
};

/* Room that wire_event_write never exceeds. */
size_t wire_event_bytes_max(const struct event_text *text);

/* Writes open, story and reporter one behind the other; the parts point into room. */
void wire_event_write(const struct event_text *text, uint8_t *room, struct event_parts *parts);

/* Reads back what the store stage needs of a stored event; the state's units lie in open. False:
 * not an Event. */
MUST_CHECK bool wire_event_state(struct span open, struct ticket_state *state,
                                 char number[NUMBER_BYTES_MAX]);

/* Of a KIND_CASE event: facts and words as wire_case_read had them; without respondent, address,
 * title and text, and as not answered, where the story was erased. */
MUST_CHECK bool wire_event_case(struct span open, struct span story, struct facts *facts,
                                struct case_words *words);

/* Of a KIND_ACT event: the act, without its text. */
MUST_CHECK bool wire_event_act(struct span open, struct act *act);

/* Of a KIND_BOOK event. */
MUST_CHECK bool wire_event_book(struct span open, struct wire_book *book);

/* What an event decided, as it stands there. */
struct wire_decision {
    struct span place, category, function, tier; /* as in lianxin.proto */
    struct span kept_from;
    struct span limit;
    uint32_t policy;
    enum regime regime;
    enum disposition disposition;
    bool doubtful;
    bool place_from_words, category_from_words;
};

/* False where the event decided nothing. */
MUST_CHECK bool wire_event_decision(struct span open, struct wire_decision *decision);

/* The Decision of an event as it stands there; false where the event decided nothing. */
MUST_CHECK bool wire_event_decision_bytes(struct span open, struct span *bytes);

/* Writes the Decision that an event would have, into room for so many bytes. */
size_t wire_decision_bytes_max(void);
struct span wire_decision_write(const struct policy *policy, const struct decision *decision,
                                uint8_t *room);

/* Of a KIND_CASE event: number of the earlier ticket that the case is about; empty for none. */
struct span wire_event_earlier(struct span open);

/* The number of an event's ticket. */
struct span wire_event_ticket(struct span open);

/* The rows that an event's decision cites: how many, of which RULES_CITED_MAX at most are set. */
uint32_t wire_event_rows(struct span open, struct span rows[RULES_CITED_MAX]);

/* -- replies ------------------------------------------------------------------------------- */

/* Answers, in the order of receipts. */
size_t wire_answers_bytes(uint64_t id, const struct receipt *const *receipts, uint32_t count);
void wire_answers_write(uint64_t id, const struct receipt *const *receipts, uint32_t count,
                        uint8_t *out);

/* A reply that refuses the whole request. Rare replies are built in an arena and live as long. */
struct span wire_error_reply(struct arena *arena, uint64_t id, const struct misfit *misfit);

/* A Feed, as a message of its own (for the feed socket) or, with reply, inside a Reply. */
struct wire_head {
    struct span unit;
    uint64_t sequence;
};
struct wire_feed {
    struct span unit;
    uint64_t first;
    const struct span *events; /* each as it is shown to this unit */
    uint32_t events_count;
    const struct wire_head *heads;
    uint32_t heads_count;
    const struct wire_feed *feeds; /* with nothing else; these have none */
    uint32_t feeds_count;
};
size_t wire_feed_bytes(const struct wire_feed *feed);
void wire_feed_write(const struct wire_feed *feed, uint8_t *out);
size_t wire_feed_reply_bytes(uint64_t id, const struct wire_feed *feed);
void wire_feed_reply_write(uint64_t id, const struct wire_feed *feed, uint8_t *out);

/* A Ticket reply from its events, first to last, with names out of the policy's city. */
struct span wire_ticket_reply(struct arena *arena, uint64_t id, const struct policy *policy,
                              const struct event_parts *events, uint32_t count);

/* A decision in words: events of a ticket, or one that was never stored. */
struct wire_explanation {
    const struct policy *decider;    /* that decided, where it is at hand; else NULL */
    const struct excluded *excluded; /* then; NULL: who has returned it by the last event */
    struct span decided;             /* the open part of the event that decided; may be empty */
    struct span last;                /* of the ticket's last event: its assignments as they are */
    struct event_parts first;        /* the case as it came in */
    int64_t received_ms;             /* and when */
    int64_t citizen_due_ms;          /* the limit, counted from there; 0: none */
    bool citizen_provisional;
    const int32_t *uncounted; /* days of the main unit's clock that do not count */
    uint32_t uncounted_count;
    const struct explained_row *rows;
    uint32_t rows_count;
    /* What it is compared with: the open part of the event that decided, or would, without what_if
     * and policy, or why that case would be refused. Nothing: neither is set. */
    struct span before;
    const struct policy *before_decider; /* may be NULL */
    const struct misfit *before_refused;
    const struct why_not *why_not; /* NULL: it was not asked */
};
/* Names are of the policy in force, and of what was decided those of the one that did. */
struct span wire_explanation_reply(struct arena *arena, uint64_t id, const struct policy *policy,
                                   const struct wire_explanation *said);

/* The case would be refused. */
struct span wire_explanation_refusal(struct arena *arena, uint64_t id, const struct policy *policy,
                                     const struct misfit *misfit);

/* When a book came into force. */
struct wire_in_force {
    struct wire_book book;
    uint64_t event; /* that says so; 0: it is the store's first, and the rest is not known */
    int64_t time_ms;
};

/* What became of a Load or Rollback. findings may be NULL. */
struct span wire_changed_reply(struct arena *arena, uint64_t id, bool changed,
                               const struct wire_in_force *in_force, const struct diag *findings);

struct span wire_history_reply(struct arena *arena, uint64_t id,
                               const struct wire_in_force *changes, uint32_t count, uint64_t next);

struct stage_status {
    const char *name;
    uint64_t done, batches, busy_us, cpu_us;
};
struct thread_status {
    const char *stages;
    uint64_t cpu_us, wakeups;
};
struct engine_status {
    const char *version;
    const struct policy *policy;
    uint64_t policy_event; /* as in struct wire_in_force */
    int64_t policy_since_ms;
    enum regime regime; /* in force */
    bool regime_ordered;
    int64_t started_ms, now_ms;
    uint64_t events, tickets, duplicates, invalid, try_again, refused, disconnects;
    const char *refusing;
    uint64_t store_bytes, free_bytes, groups;
    const struct stage_status *stages;
    uint32_t stages_count;
    const struct thread_status *threads;
    uint32_t threads_count;
};
struct span wire_status_reply(struct arena *arena, uint64_t id, const struct engine_status *status);

/* A ticket that needs a human. The spans hold until the reply is written. */
struct wire_desk_item {
    char ticket[NUMBER_BYTES_MAX];
    uint64_t serial;
    uint32_t needs;      /* 1 << enum need; at least one */
    struct part waited;  /* the part whose unit is waited for */
    int64_t received_ms; /* when its first event was stamped */
    uint32_t returns;
    enum reason reason;  /* of the last return */
    struct span first;   /* the open part of its first event */
    struct span story;   /* of its first event; empty if erased */
    struct span decided; /* the open part of the event that decided last */
};
struct wire_desk_list {
    const struct wire_desk_item *items;
    uint32_t items_count;
    uint64_t next, open; /* as in lianxin.proto */
    int64_t now_ms;
};

/* Names are of the policy's city, also where units and candidates are of an older one. */
struct span wire_desk_reply(struct arena *arena, uint64_t id, const struct policy *policy,
                            const struct wire_desk_list *list);

/* A stretch of a day, counted; each list by its words' numbers. */
struct wire_day {
    uint64_t cases, doubtful, open, late, provisional; /* as in lianxin.proto */
    uint64_t channels[CHANNEL_COUNT], types[TYPE_COUNT], dispositions[DISPOSITION_COUNT];
    uint64_t tiers[TIER_COUNT], acts[VERB_COUNT];
    struct span *units;      /* keys, one for each case that was dispatched; the reply sorts them */
    struct span *categories; /* codes, one for each case that has one; likewise */
    uint32_t units_count, categories_count;
    uint64_t next;
};
struct span wire_day_reply(struct arena *arena, uint64_t id, const struct policy *policy,
                           struct wire_day *day);

#endif
