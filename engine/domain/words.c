#include "domain/words.h"

#define WORDS(word, ...)                                                                           \
    static const char *const word##_names[] = {"", __VA_ARGS__};                                   \
    const struct word_list word##_words = {#word, word##_names,                                    \
                                           sizeof word##_names / sizeof word##_names[0]}

WORDS(channel, "phone", "sms", "email", "wechat", "weibo", "app", "letter", "visit");
WORDS(type, "enquiry", "help", "complaint", "report", "suggestion", "praise");
WORDS(applicant, "citizen", "enterprise");
WORDS(urgency, "normal", "urgent", "critical");
WORDS(tier, "city", "county", "township", "village");
WORDS(role, "main", "co", "informed", "supervisor");
WORDS(state, "issued", "signed", "returned", "answered", "closed");
WORDS(verb, "sign", "return", "reassign", "answer", "close", "correct", "regime");
WORDS(reason, "not_our_duty", "not_our_place", "facts_missing", "already_handled");
WORDS(disposition, "dispatch", "on_the_spot", "transfer", "redirect", "attach");
WORDS(regime, "normal", "holiday", "emergency", "calendar");
/* What a case may come in under: an order to follow the calendar is never in force itself. */
const struct word_list regime_in_force_words = {"regime", regime_names, REGIME_CALENDAR};
WORDS(need, "doubtful", "unsigned", "returned", "overdue");
WORDS(flag, "yes", "no");
WORDS(respondent, "unit", "other");

#define SAME_LENGTH(word, last)                                                                    \
    _Static_assert(sizeof word##_names / sizeof word##_names[0] == (last), "a name for "           \
                                                                           "each " #word)

SAME_LENGTH(channel, CHANNEL_COUNT);
SAME_LENGTH(type, TYPE_COUNT);
SAME_LENGTH(applicant, APPLICANT_COUNT);
SAME_LENGTH(urgency, URGENCY_COUNT);
SAME_LENGTH(tier, TIER_COUNT);
SAME_LENGTH(role, ROLE_COUNT);
SAME_LENGTH(state, STATE_COUNT);
SAME_LENGTH(verb, VERB_COUNT);
SAME_LENGTH(reason, REASON_COUNT);
SAME_LENGTH(disposition, DISPOSITION_COUNT);
SAME_LENGTH(regime, REGIME_COUNT);
SAME_LENGTH(need, NEED_COUNT);
SAME_LENGTH(flag, FLAG_COUNT);
SAME_LENGTH(respondent, RESPONDENT_COUNT);

uint32_t word_find(const struct word_list *list, struct span name)
{
    for (uint32_t i = 1; i < list->count; i++)
        if (span_is(name, list->names[i]))
            return i;
    return 0;
}

const char *word_name(const struct word_list *list, uint32_t number)
{
    return number < list->count ? list->names[number] : "";
}
