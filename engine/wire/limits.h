/* limits - what lianxin.proto says of each field that comes in, as numbers.
 *
 * One table a message, indexed by field number; a message that may stand inside another is reached
 * through its field's entry. A test reads the proto file and holds the two together.
 */
#ifndef WIRE_LIMITS_H
#define WIRE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

enum { FIELD_COUNT_MAX = 16 /* of any repeated field; a Case has two of them */ };
enum { WHAT_IF_BYTES_MAX = 64 + 32768 /* a name, and the longest text of a case */ };

struct limit {
    const char *path;           /* as misfits name it: reporter.phone; [0] is the message itself */
    uint32_t bytes_max;         /* of text or bytes; 0: no such limit */
    bool exact;                 /* bytes_max, or empty */
    uint32_t count_max;         /* of a repeated field */
    const struct limit *inside; /* of a message */
    uint32_t required;          /* of the message itself: a bit for each field number that may be
                                   neither absent nor empty nor 0 */
};

enum case_field {
    CASE_SOURCE = 1,
    CASE_EXTERNAL_ID,
    CASE_CHANNEL,
    CASE_LINE,
    CASE_TYPE,
    CASE_CATEGORY,
    CASE_PLACE,
    CASE_APPLICANT,
    CASE_SECRET,
    CASE_URGENCY,
    CASE_OCCURRED_MS,
    CASE_ATTACHMENTS,
    CASE_TAGS,
    CASE_EARLIER_TICKET,
    CASE_RECEIVED_MS,
    CASE_REPORTER, /* personal from here on */
    CASE_RESPONDENT,
    CASE_ADDRESS,
    CASE_TITLE,
    CASE_TEXT,
    CASE_ANSWER,
    CASE_FIELDS = CASE_ANSWER,
};

enum act_field {
    ACT_SOURCE = CASE_SOURCE,
    ACT_EXTERNAL_ID = CASE_EXTERNAL_ID,
    ACT_NUMBER,
    ACT_VERB,
    ACT_UNIT,
    ACT_TO_UNIT,
    ACT_REASON,
    ACT_TEXT, /* personal */
    ACT_CATEGORY,
    ACT_PLACE,
    ACT_REGIME,
    ACT_FIELDS = ACT_REGIME,
};

enum lookup_field { LOOKUP_NUMBER = 1, LOOKUP_SERIAL, LOOKUP_FIELDS = LOOKUP_SERIAL };
enum explain_field {
    EXPLAIN_CASE = 1,
    EXPLAIN_NUMBER,
    EXPLAIN_STRICT,
    EXPLAIN_AT,
    EXPLAIN_REGIME,
    EXPLAIN_POLICY,
    EXPLAIN_WHAT_IF,
    EXPLAIN_WHY_NOT,
    EXPLAIN_FIELDS = EXPLAIN_WHY_NOT
};
enum desk_field { DESK_AFTER = 1, DESK_LIMIT, DESK_UNIT, DESK_FIELDS = DESK_UNIT };
enum report_field { REPORT_DAY = 1, REPORT_AFTER, REPORT_FIELDS = REPORT_AFTER };
enum load_field { LOAD_DIRECTORY = 1, LOAD_BY, LOAD_NOTE, LOAD_FIELDS = LOAD_NOTE };
enum rollback_field {
    ROLLBACK_TO = 1,
    ROLLBACK_BY,
    ROLLBACK_NOTE,
    ROLLBACK_FIELDS = ROLLBACK_NOTE
};
enum history_field { HISTORY_BEFORE = 1, HISTORY_LIMIT, HISTORY_FIELDS = HISTORY_LIMIT };
enum replay_field { REPLAY_UNIT = 1, REPLAY_FIRST, REPLAY_LIMIT, REPLAY_FIELDS = REPLAY_LIMIT };

extern const struct limit case_limits[CASE_FIELDS + 1];
extern const struct limit act_limits[ACT_FIELDS + 1];
extern const struct limit lookup_limits[LOOKUP_FIELDS + 1];
extern const struct limit replay_limits[REPLAY_FIELDS + 1];
extern const struct limit explain_limits[EXPLAIN_FIELDS + 1];
extern const struct limit desk_limits[DESK_FIELDS + 1];
extern const struct limit report_limits[REPORT_FIELDS + 1];
extern const struct limit load_limits[LOAD_FIELDS + 1];
extern const struct limit rollback_limits[ROLLBACK_FIELDS + 1];
extern const struct limit history_limits[HISTORY_FIELDS + 1];

#endif
