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
 * else row, but one by P, F, C< or C> over limits needs one where there is in:text, since people
 * may say anything; U and A cannot have in:text.
 *
 * R, C and O write lists: every row that holds adds the functions of its out:co and out:informed.
 * They stand in the order of the rows, by O in that of the allowed values. Rows that hold together
 * may name more co-units than RULES_UNITS_MAX, or more to be informed than a ticket has room for;
 * that is a doubt, and a matter for the desk. Where no row holds, nothing is written.
 *
 * C< and C> over out:limit and out:sign take of each the shortest, or the longest, that a row
 * says that holds. Working days and hours may stand beside each other as long as it is always
 * clear which is shorter: n days of hours are over before n working days.
 *
 * C+, C# and C> over out:category are how words find a category: every row that holds adds its
 * out:weight to its out:category and to all above that; by C# it adds one and there are no weights,
 * by C> the greatest counts. From the top of the tree the category then is the heaviest child, and
 * its heaviest child, as long as there is one; where two weigh alike it stays above them, and at
 * the top there is none but candidates (vote.h). Such a table writes nothing else and has no else
 * row.
 *
 * W (weights.h) has a form of its own: a keyword a row, a column for some categories, and what the
 * one says for the other. It rules categories out before a vote chooses, or chooses itself.
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
    RULES_UNITS_MAX = 4,    /* functions in one out:co or out:informed cell, and of out:co in all */
    RULES_INFORMED_MAX = 7, /* as many as a ticket has room for beside the main unit */
    RULES_CITED_MAX = 32,   /* rows that all tables together may cite of one case */
    RULES_ADVICE_BYTES_MAX = 512,
    CATEGORY_CANDIDATES_MAX = 4
};

/* A row that matched: table and row within it, as they stand in the book. */
struct row {
    uint16_t table;
    uint16_t row;
};

/* Functions that rows named, each once, and who named them. */
struct named {
    struct function functions[RULES_INFORMED_MAX];
    uint8_t rows[RULES_INFORMED_MAX]; /* indexes into the outputs' rows */
    uint32_t count;
};

/* What the tables wrote, the last writer of each wins. */
struct outputs {
    struct category category;     /* out:category; begins as the case's own */
    struct function function;     /* out:function; FUNCTION_NONE if no table said */
    enum tier tier;               /* out:tier */
    struct named co, informed;    /* out:co, of RULES_UNITS_MAX at most, and out:informed */
    bool crowded;                 /* rows of a table named more than there is room for */
    enum disposition disposition; /* out:disposition; dispatch unless said */
    struct span advice;           /* out:advice; lives as long as the rules */
    enum urgency urgency;         /* out:urgency; begins as the case's own */
    struct time_limit limit;      /* out:limit: to answer */
    struct time_limit sign_limit; /* out:sign: to sign */
    bool category_from_words;     /* it was voted for */
    struct category candidates[CATEGORY_CANDIDATES_MAX]; /* where a vote could not tell */
    uint32_t candidates_count;
    bool reporter_shown;  /* out:reporter: shown or withheld; withheld unless said */
    bool missed;          /* a table that needs a row matched none */
    uint8_t function_row; /* index into rows: who said the function */
    uint32_t rows_count;
    /* Who wrote, in the order of the tables: of a table that picks a row that one; of lists each
     * row that named a function which none before it named; of limits those that said them; of a
     * vote the heaviest row. */
    struct row rows[RULES_CITED_MAX];
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

/* The same, and notes the facts that each table saw. */
void rules_trace(const struct rules *rules, const struct facts *facts, struct scratch *scratch,
                 struct outputs *outputs, struct facts seen[RULES_TABLES_MAX]);

/* All rows of a table that hold for the facts it saw, best first: how many, of which rows_max at
 * most are noted. The else row is none of them. */
uint32_t rules_held(const struct rules *rules, uint32_t table, const struct facts *seen,
                    struct scratch *scratch, struct row *rows, uint32_t rows_max);

uint32_t rules_tables(const struct rules *rules);

/* The row of a table at a rank, 0 the best; below its rows_count. */
struct row rules_ranked(const struct rules *rules, uint32_t table, uint32_t rank);

/* Which cells keep that row from holding for what its table sees: a bit, 1 << enum input, each. */
uint32_t rules_failing(const struct rules *rules, uint32_t table, uint32_t rank,
                       const struct facts *seen, struct scratch *scratch);

/* What the keywords of a W table say of the facts it saw; false where they say a category, so that
 * nothing is weighed. */
struct weighing;
bool rules_weigh(const struct rules *rules, uint32_t table, const struct facts *seen,
                 struct weighing *weighing);

/* The row of a W table that a keyword has, or UINT32_MAX. */
uint32_t rules_weigh_row(const struct rules *rules, uint32_t table, uint32_t keyword);

/* A table as it is written, and as it is compiled. */
const struct table *rules_table(const struct rules *rules, uint32_t table);
struct matcher;
const struct matcher *rules_matcher(const struct rules *rules, uint32_t table);

/* The row of a name; false where the book has none. */
MUST_CHECK bool rules_find_row(const struct rules *rules, struct span name, struct row *row);

/* table/row-id, as it is cited everywhere; lives as long as the rules. */
struct span rules_row_name(const struct rules *rules, struct row row);

/* What its check is not to warn of. */
struct waivers;
const struct waivers *rules_waivers(const struct rules *rules);

/* The files as they were read: book.csv first, then the tables in order, then the waivers if there
 * are any. */
uint32_t rules_sources(const struct rules *rules);
const struct source *rules_source(const struct rules *rules, uint32_t index);

#endif
