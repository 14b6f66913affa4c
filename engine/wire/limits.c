#include "wire/limits.h"

const struct limit case_limits[CASE_FIELDS + 1] = {
    [1] = {"source", 64, 0, true},       [2] = {"external_id", 128, 0, true},
    [3] = {"channel", 0, 0, true},       [4] = {"line", 16, 0, false},
    [5] = {"type", 0, 0, true},          [6] = {"category", 16, 0, false},
    [7] = {"place", 256, 0, false},      [8] = {"applicant", 0, 0, false},
    [9] = {"secret", 0, 0, false},       [10] = {"urgency", 0, 0, false},
    [11] = {"occurred_ms", 0, 0, false}, [12] = {"attachments", 0, 16, false},
    [13] = {"tags", 64, 16, false},      [14] = {"earlier_ticket", 32, 0, false},
    [15] = {"received_ms", 0, 0, false}, [16] = {"reporter", 0, 0, false},
    [17] = {"respondent", 0, 0, false},  [18] = {"address", 512, 0, false},
    [19] = {"title", 512, 0, false},     [20] = {"text", 32768, 0, false},
};

const struct limit act_limits[ACT_FIELDS + 1] = {
    [1] = {"source", 64, 0, true}, [2] = {"external_id", 128, 0, true},
    [3] = {"number", 32, 0, true}, [4] = {"verb", 0, 0, true},
    [5] = {"unit", 64, 0, false},  [6] = {"to_unit", 64, 0, false},
    [7] = {"reason", 0, 0, false}, [8] = {"text", 16384, 0, false},
};

const struct limit reporter_limits[REPORTER_FIELDS + 1] = {
    [1] = {"reporter.name", 64, 0, false},   [2] = {"reporter.sex", 8, 0, false},
    [3] = {"reporter.phone", 32, 0, false},  [4] = {"reporter.contact", 32, 0, false},
    [5] = {"reporter.email", 128, 0, false}, [6] = {"reporter.company", 256, 0, false},
};

const struct limit respondent_limits[RESPONDENT_FIELDS + 1] = {
    [1] = {"respondent.name", 256, 0, false},
    [2] = {"respondent.phone", 32, 0, false},
};

const struct limit attachment_limits[ATTACHMENT_FIELDS + 1] = {
    [1] = {"attachments.uri", 512, 0, true},
    [2] = {"attachments.media_type", 64, 0, false},
    [3] = {"attachments.sha256", DIGEST_SHA256_BYTES, 0, false},
    [4] = {"attachments.size", 0, 0, false},
};
