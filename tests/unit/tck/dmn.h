/* dmn - a decision table of a DMN file, and the cases that the DMN TCK asks of it, as text.
 *
 * Reads the part of DMN that tables are made of: hit policy, inputs, outputs with their values, and
 * rules. Whatever else a file has is passed over. Any trouble ends the test.
 */
#ifndef TESTS_UNIT_TCK_DMN_H
#define TESTS_UNIT_TCK_DMN_H

#include <stdint.h>

enum { DMN_COLUMNS_MAX = 4, DMN_RULES_MAX = 8, DMN_VALUES_MAX = 8, DMN_CASES_MAX = 8 };
enum { DMN_TEXT_BYTES = 64 };

typedef char dmn_text[DMN_TEXT_BYTES];

struct dmn_column {
    dmn_text name;
    dmn_text type;      /* of an input: number, string, boolean */
    dmn_text values;    /* "High", "Low": that are allowed, in their order; empty: all */
    dmn_text otherwise; /* of an output: where no rule holds; empty: nothing is said then */
};

struct dmn_rule {
    dmn_text inputs[DMN_COLUMNS_MAX];
    dmn_text outputs[DMN_COLUMNS_MAX];
    uint32_t inputs_count, outputs_count;
};

struct dmn_named {
    dmn_text name; /* of a result that is one value, empty */
    dmn_text value;
};

/* One of what a decision is: as many values as there are outputs. */
struct dmn_result {
    struct dmn_named values[DMN_COLUMNS_MAX];
    uint32_t count;
};

struct dmn_case {
    dmn_text id;
    struct dmn_named inputs[DMN_COLUMNS_MAX];
    uint32_t inputs_count;
    struct dmn_result results[DMN_RULES_MAX];
    uint32_t results_count;
};

struct dmn {
    dmn_text hit_policy;  /* "OUTPUT ORDER"; empty is UNIQUE */
    dmn_text aggregation; /* of COLLECT: SUM, COUNT, MIN, MAX; else empty */
    struct dmn_column inputs[DMN_COLUMNS_MAX];
    uint32_t inputs_count;
    struct dmn_column outputs[DMN_COLUMNS_MAX];
    uint32_t outputs_count;
    struct dmn_rule rules[DMN_RULES_MAX];
    uint32_t rules_count;
    struct dmn_case cases[DMN_CASES_MAX];
    uint32_t cases_count;
};

/* Reads NAME/NAME.dmn and NAME/NAME-test-01.xml of a directory. */
void dmn_read(const char *directory, const char *name, struct dmn *dmn);

#endif
