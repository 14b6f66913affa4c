/* witness - leads a case through the whole book to where a finding says that something is wrong.
 *
 * A table's point is what it asks of a case; the case itself has more, and the tables before write
 * some of it. So cases are made up around the point, the plainest first, resolved and run as any
 * case is, until one comes to the table and the rows are those that the finding names. Where none
 * does the finding says so.
 */
#ifndef DOMAIN_CHECK_WITNESS_H
#define DOMAIN_CHECK_WITNESS_H

#include "domain/check/looking.h"
#include "domain/check/seek.h"

#define ROW_NONE UINT32_MAX

struct leader *leader_create(struct looking *looking);

/* What came of a case. */
struct run {
    struct facts facts;
    struct outputs outputs;
    struct facts seen[RULES_TABLES_MAX]; /* as each table saw them */
};

/* Resolves a case and runs the book over it. False where it says what cannot be. */
MUST_CHECK bool witness_run(struct looking *looking, const struct witness *witness,
                            struct run *run);

/* Does the case come to the table to be dispatched, so that its rows count? */
bool run_comes_to(const struct looking *looking, const struct run *run, uint32_t table);

/* Where a case is to be led. */
struct aim {
    const struct looked *looked;
    uint32_t row;        /* that wins there; ROW_NONE: none holds */
    uint32_t with;       /* one that holds there as well, or ROW_NONE */
    const uint64_t *box; /* what it may have, if not what the point has; or NULL */
    const struct point *point;
};

/* A case that was led there; of the arena, or NULL. */
const struct witness *witness_lead(struct looking *looking, const struct aim *aim);

/* A case for which several rows win, each of another table; of the arena, or NULL. Of a type, or
 * TYPE_NONE. */
const struct witness *witness_lead_rows(struct looking *looking, const struct row *rows,
                                        uint32_t count, enum type type);

/* "a complaint by phone about #0101 市容环境, at 2026-11-27 10:00"; of the arena. */
const char *witness_say(struct looking *looking, const struct witness *witness);

/* Leads a case there for a finding, and says what it shows: "NAME wins for a complaint ...". */
void witness_show(struct looking *looking, const struct aim *aim, const char *shows,
                  struct check_finding *finding);

/* The name by which a unit is found again; empty where it is not. */
struct span leader_name_of(const struct looking *looking, struct unit unit);

/* What cases are made up of. A number below a limit, always the same ones. */
uint32_t leader_draw(struct looking *looking, uint32_t limit);

/* Values for the n-th try: the plainest first. */
void leader_plain(struct looking *looking, uint32_t try, uint32_t values[INPUT_COUNT]);

/* A text in the making: what is wanted, and words behind it that get it past earlier tables. */
struct wording {
    char text[WANTS_TEXT_BYTES];
    size_t wanted, bytes;
    uint32_t added;
};

void wording_begin(struct wording *wording, struct span wanted);

/* A row of an earlier table has the case for other words that it says: adds one that this row
 * forbids. Else, and once there are too many, begins anew. */
void wording_pass(struct looking *looking, const struct run *run, uint32_t table,
                  struct wording *wording);

/* The case that has these values, and this text. */
struct witness leader_make(const struct looking *looking, const uint32_t values[INPUT_COUNT],
                           struct span text);

/* A copy of the arena, text and all. */
const struct witness *leader_keep(struct looking *looking, const struct witness *witness);

#endif
