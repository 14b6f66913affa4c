/* limits - what lianxin.proto's comments say of each field, as numbers.
 *
 * One table a message, indexed by field number. A test reads the proto file and holds the two
 * together.
 */
#ifndef WIRE_LIMITS_H
#define WIRE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

struct limit {
    const char *path;   /* as misfits name it: reporter.phone */
    uint32_t bytes_max; /* of text or bytes; 0: no such limit */
    uint32_t count_max; /* of a repeated field */
    bool required;
};

enum {
    CASE_FIELDS = 20,
    ACT_FIELDS = 8,
    REPORTER_FIELDS = 6,
    RESPONDENT_FIELDS = 2,
    ATTACHMENT_FIELDS = 4,
    DIGEST_SHA256_BYTES = 32,
};

extern const struct limit case_limits[CASE_FIELDS + 1];
extern const struct limit act_limits[ACT_FIELDS + 1];
extern const struct limit reporter_limits[REPORTER_FIELDS + 1];
extern const struct limit respondent_limits[RESPONDENT_FIELDS + 1];
extern const struct limit attachment_limits[ATTACHMENT_FIELDS + 1];

#endif
