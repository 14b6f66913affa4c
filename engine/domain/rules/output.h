/* output - what a row of a table may decide. */
#ifndef DOMAIN_RULES_OUTPUT_H
#define DOMAIN_RULES_OUTPUT_H

#include "domain/rules/rules.h"

enum output {
    OUTPUT_CATEGORY,
    OUTPUT_FUNCTION,
    OUTPUT_TIER,
    OUTPUT_CO,
    OUTPUT_INFORMED,
    OUTPUT_REPORTER,
    OUTPUT_DISPOSITION,
    OUTPUT_ADVICE,
    OUTPUT_URGENCY,
    OUTPUT_LIMIT,
    OUTPUT_SIGN,
    OUTPUT_WEIGHT,
    OUTPUT_COUNT,
};

enum reporter { REPORTER_UNSAID, REPORTER_SHOWN, REPORTER_WITHHELD };

/* What a row writes; what it leaves alone is NONE or has a count of 0. What few rows write stands
 * last: a case is decided by a handful of rows, and waits for the memory of each. */
struct row_outputs {
    struct category category;
    struct function function;
    enum tier tier;
    enum reporter reporter;
    enum disposition disposition;
    enum urgency urgency;
    struct time_limit limit, sign_limit;
    uint32_t co_count, informed_count;
    struct span advice; /* lives as long as the table */
    struct function co[RULES_UNITS_MAX];
    struct function informed[RULES_UNITS_MAX];
    uint32_t weight; /* of a row that votes, 1 to WEIGHT_MAX; 0 unsaid */
};

enum { WEIGHT_MAX = 100 };

struct output_kind {
    const char *name;    /* out:name */
    const char *type;    /* what line 3 may say instead of a list of allowed values */
    uint32_t values_max; /* of one cell; 0: the whole cell is one text */
    const char *remedy;  /* said of anything that is no value of it */
};

extern const struct output_kind output_kinds[OUTPUT_COUNT];

/* OUTPUT_COUNT where there is none of that name. */
enum output output_find(struct span name);

/* The number of a value that the output can have; false where it cannot. */
MUST_CHECK bool output_value(const struct city *city, enum output output, struct span item,
                             uint32_t *value);

/* The first output of which the two write different things; OUTPUT_COUNT where they write alike. */
enum output outputs_differ(const struct row_outputs *a, const struct row_outputs *b);

/* Writes a value of output_value(); co and informed hold RULES_UNITS_MAX of them. */
void output_write(enum output output, uint32_t value, struct row_outputs *outputs);

#endif
