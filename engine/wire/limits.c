#include "wire/limits.h"

#include "wire/wire.h"

static const struct limit attachment_limits[] = {
    [0] = {.path = "attachments", .required = 1 << 1},
    [1] = {.path = "attachments.uri", .bytes_max = 512},
    [2] = {.path = "attachments.media_type", .bytes_max = 64},
    [3] = {.path = "attachments.sha256", .bytes_max = 32, .exact = true},
    [4] = {.path = "attachments.size"},
};

static const struct limit reporter_limits[] = {
    [0] = {.path = "reporter"},
    [1] = {.path = "reporter.name", .bytes_max = 64},
    [2] = {.path = "reporter.sex", .bytes_max = 8},
    [3] = {.path = "reporter.phone", .bytes_max = 32},
    [4] = {.path = "reporter.contact", .bytes_max = 32},
    [5] = {.path = "reporter.email", .bytes_max = 128},
    [6] = {.path = "reporter.company", .bytes_max = 256},
};

static const struct limit respondent_limits[] = {
    [0] = {.path = "respondent"},
    [1] = {.path = "respondent.name", .bytes_max = 256},
    [2] = {.path = "respondent.phone", .bytes_max = 32},
};

const struct limit case_limits[CASE_FIELDS + 1] = {
    [0] = {.path = "",
           .required =
               1 << CASE_SOURCE | 1 << CASE_EXTERNAL_ID | 1 << CASE_CHANNEL | 1 << CASE_TYPE},
    [CASE_SOURCE] = {.path = "source", .bytes_max = 64},
    [CASE_EXTERNAL_ID] = {.path = "external_id", .bytes_max = 128},
    [CASE_CHANNEL] = {.path = "channel"},
    [CASE_LINE] = {.path = "line", .bytes_max = 16},
    [CASE_TYPE] = {.path = "type"},
    [CASE_CATEGORY] = {.path = "category", .bytes_max = 16},
    [CASE_PLACE] = {.path = "place", .bytes_max = 256},
    [CASE_APPLICANT] = {.path = "applicant"},
    [CASE_SECRET] = {.path = "secret"},
    [CASE_URGENCY] = {.path = "urgency"},
    [CASE_OCCURRED_MS] = {.path = "occurred_ms"},
    [CASE_ATTACHMENTS] = {.path = "attachments",
                          .count_max = FIELD_COUNT_MAX,
                          .inside = attachment_limits},
    [CASE_TAGS] = {.path = "tags", .bytes_max = 64, .count_max = FIELD_COUNT_MAX},
    [CASE_EARLIER_TICKET] = {.path = "earlier_ticket", .bytes_max = 32},
    [CASE_RECEIVED_MS] = {.path = "received_ms"},
    [CASE_REPORTER] = {.path = "reporter", .inside = reporter_limits},
    [CASE_RESPONDENT] = {.path = "respondent", .inside = respondent_limits},
    [CASE_ADDRESS] = {.path = "address", .bytes_max = 512},
    [CASE_TITLE] = {.path = "title", .bytes_max = 512},
    [CASE_TEXT] = {.path = "text", .bytes_max = 32768},
    [CASE_ANSWER] = {.path = "answer", .bytes_max = 16384},
};

const struct limit act_limits[ACT_FIELDS + 1] = {
    [0] = {.path = "", .required = 1 << ACT_SOURCE | 1 << ACT_EXTERNAL_ID | 1 << ACT_VERB},
    [ACT_SOURCE] = {.path = "source", .bytes_max = 64},
    [ACT_EXTERNAL_ID] = {.path = "external_id", .bytes_max = 128},
    [ACT_NUMBER] = {.path = "number", .bytes_max = 32},
    [ACT_VERB] = {.path = "verb"},
    [ACT_UNIT] = {.path = "unit", .bytes_max = 64},
    [ACT_TO_UNIT] = {.path = "to_unit", .bytes_max = 64},
    [ACT_REASON] = {.path = "reason"},
    [ACT_TEXT] = {.path = "text", .bytes_max = 16384},
    [ACT_CATEGORY] = {.path = "category", .bytes_max = 16},
    [ACT_PLACE] = {.path = "place", .bytes_max = 256},
    [ACT_REGIME] = {.path = "regime"},
};

const struct limit lookup_limits[LOOKUP_FIELDS + 1] = {
    [0] = {.path = "lookup"},
    [LOOKUP_NUMBER] = {.path = "number", .bytes_max = 32},
    [LOOKUP_SERIAL] = {.path = "serial"},
};

const struct limit replay_limits[REPLAY_FIELDS + 1] = {
    [0] = {.path = "replay"},
    [REPLAY_UNIT] = {.path = "unit", .bytes_max = 64},
    [REPLAY_FIRST] = {.path = "first"},
    [REPLAY_LIMIT] = {.path = "limit"},
};

const struct limit explain_limits[EXPLAIN_FIELDS + 1] = {
    [0] = {.path = "explain"},
    [EXPLAIN_CASE] = {.path = "case", .inside = case_limits},
    [EXPLAIN_NUMBER] = {.path = "number", .bytes_max = 32},
    [EXPLAIN_STRICT] = {.path = "strict"},
    [EXPLAIN_AT] = {.path = "at", .bytes_max = 16},
    [EXPLAIN_REGIME] = {.path = "regime"},
    [EXPLAIN_POLICY] = {.path = "policy", .bytes_max = 64},
    [EXPLAIN_WHAT_IF] = {.path = "what_if",
                         .bytes_max = WHAT_IF_BYTES_MAX,
                         .count_max = FIELD_COUNT_MAX},
    [EXPLAIN_WHY_NOT] = {.path = "why_not", .bytes_max = 256},
};

const struct limit desk_limits[DESK_FIELDS + 1] = {
    [0] = {.path = "desk"},
    [DESK_AFTER] = {.path = "after"},
    [DESK_LIMIT] = {.path = "limit"},
    [DESK_UNIT] = {.path = "unit", .bytes_max = 64},
};

const struct limit report_limits[REPORT_FIELDS + 1] = {
    [0] = {.path = "report", .required = 1 << REPORT_DAY},
    [REPORT_DAY] = {.path = "day", .bytes_max = 16},
    [REPORT_AFTER] = {.path = "after"},
};

const struct limit load_limits[LOAD_FIELDS + 1] = {
    [0] = {.path = "load", .required = 1 << LOAD_DIRECTORY},
    [LOAD_DIRECTORY] = {.path = "directory", .bytes_max = WIRE_DIRECTORY_BYTES_MAX},
    [LOAD_BY] = {.path = "by", .bytes_max = WIRE_BY_BYTES_MAX},
    [LOAD_NOTE] = {.path = "note", .bytes_max = WIRE_NOTE_BYTES_MAX},
};

const struct limit rollback_limits[ROLLBACK_FIELDS + 1] = {
    [0] = {.path = "rollback", .required = 1 << ROLLBACK_TO},
    [ROLLBACK_TO] = {.path = "to", .bytes_max = 64},
    [ROLLBACK_BY] = {.path = "by", .bytes_max = WIRE_BY_BYTES_MAX},
    [ROLLBACK_NOTE] = {.path = "note", .bytes_max = WIRE_NOTE_BYTES_MAX},
};

const struct limit history_limits[HISTORY_FIELDS + 1] = {
    [0] = {.path = "history"},
    [HISTORY_BEFORE] = {.path = "before"},
    [HISTORY_LIMIT] = {.path = "limit"},
};
