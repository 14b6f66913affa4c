/* words - the small closed lists of the field, in C, in tables and in messages.
 *
 * Numbers are those of proto/lianxin.proto (wire/ asserts it) and are stored for ever: add, never
 * renumber. 0 is always "not said". The names here are what people write in tables and JSON, the
 * labels what they read, in Chinese. What the words mean is said in lianxin.proto.
 */
#ifndef DOMAIN_WORDS_H
#define DOMAIN_WORDS_H

#include "base/span.h"

enum channel {
    CHANNEL_NONE,
    CHANNEL_PHONE,
    CHANNEL_SMS,
    CHANNEL_EMAIL,
    CHANNEL_WECHAT,
    CHANNEL_WEIBO,
    CHANNEL_APP,
    CHANNEL_LETTER,
    CHANNEL_VISIT,
    CHANNEL_COUNT,
};

enum type {
    TYPE_NONE,
    TYPE_ENQUIRY,
    TYPE_HELP,
    TYPE_COMPLAINT,
    TYPE_REPORT,
    TYPE_SUGGESTION,
    TYPE_PRAISE,
    TYPE_COUNT,
};

enum applicant { APPLICANT_NONE, APPLICANT_CITIZEN, APPLICANT_ENTERPRISE, APPLICANT_COUNT };

enum urgency { URGENCY_NONE, URGENCY_NORMAL, URGENCY_URGENT, URGENCY_CRITICAL, URGENCY_COUNT };

enum tier { TIER_NONE, TIER_CITY, TIER_COUNTY, TIER_TOWNSHIP, TIER_VILLAGE, TIER_COUNT };

enum role { ROLE_NONE, ROLE_MAIN, ROLE_CO, ROLE_INFORMED, ROLE_SUPERVISOR, ROLE_COUNT };

enum state {
    STATE_NONE,
    STATE_ISSUED,
    STATE_SIGNED,
    STATE_RETURNED,
    STATE_ANSWERED,
    STATE_CLOSED,
    STATE_COUNT,
};

enum verb {
    VERB_NONE,
    VERB_SIGN,
    VERB_RETURN,
    VERB_REASSIGN,
    VERB_ANSWER,
    VERB_CLOSE,
    VERB_CORRECT,
    VERB_REGIME,
    VERB_COUNT,
};

enum reason {
    REASON_NONE,
    REASON_NOT_OUR_DUTY,
    REASON_NOT_OUR_PLACE,
    REASON_FACTS_MISSING,
    REASON_ALREADY_HANDLED,
    REASON_COUNT,
};

enum disposition {
    DISPOSITION_NONE,
    DISPOSITION_DISPATCH,
    DISPOSITION_ON_THE_SPOT,
    DISPOSITION_TRANSFER,
    DISPOSITION_REDIRECT,
    DISPOSITION_ATTACH,
    DISPOSITION_COUNT,
};

enum regime {
    REGIME_NONE,
    REGIME_NORMAL,
    REGIME_HOLIDAY,
    REGIME_EMERGENCY,
    REGIME_CALENDAR, /* in an act only */
    REGIME_COUNT,
};

enum need {
    NEED_NONE,
    NEED_DOUBTFUL,
    NEED_UNSIGNED,
    NEED_RETURNED,
    NEED_OVERDUE,
    NEED_COUNT,
};

enum kind { KIND_NONE, KIND_CASE, KIND_ACT, KIND_BOOK, KIND_COUNT };

enum how { HOW_NONE, HOW_START, HOW_LOAD, HOW_SIGHUP, HOW_ROLLBACK, HOW_COUNT };

enum outcome {
    OUTCOME_NONE,
    OUTCOME_ACCEPTED,
    OUTCOME_DUPLICATE,
    OUTCOME_CONFLICT,
    OUTCOME_INVALID,
    OUTCOME_TRY_AGAIN,
    OUTCOME_REFUSED,
    OUTCOME_COUNT,
};

enum flag { FLAG_NONE, FLAG_YES, FLAG_NO, FLAG_COUNT };

enum respondent { RESPONDENT_NONE, RESPONDENT_UNIT, RESPONDENT_OTHER, RESPONDENT_COUNT };

/* One list: names[0] and labels[0] are "" for "not said"; count includes it. */
struct word_list {
    const char *what; /* "channel" */
    const char *const *names;
    const char *const *labels; /* 电话 */
    uint32_t count;
};

extern const struct word_list channel_words;   /* phone sms email wechat weibo app letter visit */
extern const struct word_list type_words;      /* enquiry help complaint report suggestion praise */
extern const struct word_list applicant_words; /* citizen enterprise */
extern const struct word_list urgency_words;   /* normal urgent critical */
extern const struct word_list tier_words;      /* city county township village */
extern const struct word_list role_words;      /* main co informed supervisor */
extern const struct word_list state_words;     /* issued signed returned answered closed */
extern const struct word_list verb_words;      /* sign return reassign answer close correct ... */
extern const struct word_list reason_words;    /* not_our_duty not_our_place ... */
extern const struct word_list disposition_words; /* dispatch on_the_spot transfer redirect attach */
extern const struct word_list regime_words;      /* normal holiday emergency calendar */
extern const struct word_list regime_in_force_words; /* the same without calendar */
extern const struct word_list need_words;            /* doubtful unsigned returned overdue */
extern const struct word_list flag_words;            /* yes no; for inputs that say whether */
extern const struct word_list respondent_words;      /* unit other: whom the case is about */
extern const struct word_list how_words;             /* start load sighup rollback */

/* The number of a name, 0 if it is none of them. */
uint32_t word_find(const struct word_list *list, struct span name);

/* The name of a number; "" for 0 and for numbers out of range. */
const char *word_name(const struct word_list *list, uint32_t number);

/* Its label, likewise. */
const char *word_label(const struct word_list *list, uint32_t number);

#endif
