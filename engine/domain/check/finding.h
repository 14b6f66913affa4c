/* finding - what a check found in a rule book, with a case that shows it.
 *
 * A finding says where (file:line:column), what, what would mend it, and for whom it goes wrong. An
 * error keeps the book from being loaded; a warning does not, and may be waived by name and reason
 * (waivers.h); where a search ended before its answer, the finding says so and which rows it leaves
 * open.
 */
#ifndef DOMAIN_CHECK_FINDING_H
#define DOMAIN_CHECK_FINDING_H

#include "domain/policy.h"

enum severity { SEVERITY_ERROR, SEVERITY_UNDECIDED, SEVERITY_WARNING, SEVERITY_COUNT };

/* What may be wrong; the names are those of waivers.csv. */
enum flaw {
    FLAW_GAP,        /* a case for which no row of a table holds */
    FLAW_OVERLAP,    /* two rows hold for a case, which the hit policy forbids */
    FLAW_DUTY,       /* a functional duty in a township or village */
    FLAW_ABOUT,      /* a report or complaint that reaches whom it is about */
    FLAW_CLOCK,      /* an emergency without a clock in hours; anything dispatched without one */
    FLAW_NEVER,      /* a cell that can never hold */
    FLAW_SHADOWED,   /* a row that never wins */
    FLAW_SUBSUMED,   /* a row whose every case another row decides alike */
    FLAW_REDUNDANT,  /* a row whose removal would change nothing, by several others */
    FLAW_TIE,        /* rows of equal standing that meet and differ: the file's order decides */
    FLAW_FIRST,      /* the order of the file decides in the whole table */
    FLAW_ELSE,       /* an else row that no case reaches */
    FLAW_EXPIRED,    /* a row whose last day is over */
    FLAW_KEYWORD,    /* a keyword that stands in another one of its clause */
    FLAW_UNOWNED,    /* a category that no row has an owner for */
    FLAW_UNREACHED,  /* a function, or units, that no row reaches */
    FLAW_WAIVER,     /* a waiver that waives nothing */
    FLAW_UNREADABLE, /* what the loader says, before there is a book to check */
    FLAW_GOLDEN,     /* a case of which is known where it belongs, and the book has it elsewhere */
    FLAW_COUNT,
};

/* "shadowed"; FLAW_COUNT where there is none of that name. */
const char *flaw_name(enum flaw flaw);
enum flaw flaw_find(struct span name);

/* A case as an adapter would submit it, and when. Empty and NONE: it does not say. */
struct witness {
    enum channel channel;
    enum type type;
    enum applicant applicant;
    enum urgency urgency;
    bool earlier, answered; /* about an earlier ticket; answered at once */
    struct span line, category, place, respondent, text;
    int64_t at_ms;
    enum regime regime;
};

struct check_finding {
    enum flaw flaw;
    enum severity severity;
    const char *about; /* whom a waiver names: table/row, table, a function, #0101 */
    const char *file;
    uint32_t line, column; /* as in diag.h */
    const char *text;      /* a sentence */
    const char *remedy;
    const struct witness *witness;      /* NULL: there is none */
    const char *shows;                  /* what the case shows, or why there is none */
    const char *waived_by, *waived_for; /* NULL: it is not */
};

struct findings {
    struct arena *arena;
    struct check_finding *list;
    uint32_t count, room;
};

/* Adds one, and gives it back to be filled further. Text is printed into the arena. */
struct check_finding *findings_add(struct findings *findings, enum flaw flaw,
                                   enum severity severity, const char *file, uint32_t line,
                                   uint32_t column);

/* Printed into the arena. */
const char *findings_print(struct findings *findings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* By severity, and then as they stand in the files. */
void findings_sort(struct findings *findings);

/* Those that are not waived. */
uint32_t findings_count(const struct findings *findings, enum severity severity);

uint32_t findings_waived(const struct findings *findings);

#endif
