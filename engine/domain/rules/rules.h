/* rules - the rule book: decision tables in order, compiled.
 *
 * rules/book.csv lists the tables (table, note), each rules/TABLE.csv:
 *
 *   line 1   hit policy (hit_policy.h), then the labels people read
 *   line 2   a kind per column: in:*, out:*, note:*, from, until
 *   line 3   a type per column, or its allowed values, best first; P goes by them, from the first
 *            out: column that lists any, and among equals by the order of the rows
 *   line 4.. a stable row id, then the cells; the row with id `else` is the else row
 *
 * A row holds from the day in its column from, and until the day before the one in its column
 * until; in:date and in:time ask for when the case came in.
 *
 * Cells are those of cell.h, in in:text columns those of text_cell.h; out:co and out:informed name
 * up to RULES_UNITS_MAX functions, out:reporter is shown or withheld. A table may do without an
 * else row, but P and F need one where there is in:text, since people may say anything; U and A
 * cannot have in:text.
 *
 * C+ is how words find a category: every row that holds adds its out:weight to its out:category and
 * to all above that. From the top of the tree the category then is the heaviest child, and its
 * heaviest child, as long as there is one; where two weigh alike it stays above them, and at the
 * top there is none but candidates (vote.h). It writes nothing else and has no else row.
 *
 * Tables run in that order; what one writes, the next may read. A match is an AND of bit vectors,
 * one a column, picked by the value's class. Immutable once loaded; any thread; matching allocates
 * nothing.
 */
#ifndef DOMAIN_RULES_RULES_H
#define DOMAIN_RULES_RULES_H

#include "domain/city/calendar.h"
#include "domain/rules/facts.h"

enum {
    RULES_TABLES_MAX = 16,
    RULES_ROWS_MAX = 32768, /* of one table */
    RULES_COLUMNS_MAX = 24,
    RULES_UNITS_MAX = 4, /* functions in one out:co or out:informed cell */
    RULES_ADVICE_BYTES_MAX = 512,
    CATEGORY_CANDIDATES_MAX = 4
};

/* A row that matched: table and row within it, as they stand in the book. */
struct row {
    uint16_t table;
    uint16_t row;
};

/* What the tables wrote, the last writer of each wins. */
struct outputs {
    struct category category; /* out:category; begins as the case's own */
    struct function function; /* out:function; FUNCTION_NONE if no table said */
    enum tier tier;           /* out:tier */
    struct function co[RULES_UNITS_MAX];
    uint32_t co_count;
    struct function informed[RULES_UNITS_MAX];
    uint32_t informed_count;
    enum disposition disposition; /* out:disposition; dispatch unless said */
    struct span advice;           /* out:advice; lives as long as the rules */
    enum urgency urgency;         /* out:urgency; begins as the case's own */
    struct time_limit limit;      /* out:limit: to answer */
    struct time_limit sign_limit; /* out:sign: to sign */
    bool category_from_words;     /* a C+ table found it */
    struct category candidates[CATEGORY_CANDIDATES_MAX]; /* where a C+ table could not tell */
    uint32_t candidates_count;
    bool reporter_shown;               /* out:reporter: shown or withheld; withheld unless said */
    struct row rows[RULES_TABLES_MAX]; /* one a table that matched, in order; of C+ the heaviest */
    uint32_t rows_count;
    /* Indexes into rows: who said the function, co and informed. */
    uint8_t function_row, co_row, informed_row;
    bool missed; /* a table without an else row matched nothing; C+ may */
};

struct rules;
struct table;

/* Reads and checks the book. As city_load: all findings to diag, NULL where nothing can be made of
 * it. The city must outlive the rules. */
const struct rules *rules_load(struct folder folder, const struct city *city, struct arena *arena,
                               struct diag *diag);

/* What rules_run() works on, one a thread; lives as long as the arena. */
struct rules_scratch;
struct rules_scratch *rules_scratch_create(const struct rules *rules, struct arena *arena);

/* Runs the book over the facts. Once a table has said a disposition other than dispatch, those
 * after it are only asked for the category. */
void rules_run(const struct rules *rules, const struct facts *facts, struct scratch *scratch,
               struct outputs *outputs);

/* The same, and notes for each of outputs->rows the facts that its table saw. */
void rules_trace(const struct rules *rules, const struct facts *facts, struct scratch *scratch,
                 struct outputs *outputs, struct facts seen[RULES_TABLES_MAX]);

/* All rows of a C+ table that hold for the facts it saw, as they stand in the file: how many, of
 * which rows_max at most are noted. */
uint32_t rules_held(const struct rules *rules, uint32_t table, const struct facts *seen,
                    struct scratch *scratch, struct row *rows, uint32_t rows_max);

/* A table as it is written. */
const struct table *rules_table(const struct rules *rules, uint32_t table);

/* The row of a name; false where the book has none. */
MUST_CHECK bool rules_find_row(const struct rules *rules, struct span name, struct row *row);

/* table/row-id, as it is cited everywhere; lives as long as the rules. */
struct span rules_row_name(const struct rules *rules, struct row row);

/* The files as they were read: book.csv first, then the tables in order. */
uint32_t rules_sources(const struct rules *rules);
const struct source *rules_source(const struct rules *rules, uint32_t index);

#endif
