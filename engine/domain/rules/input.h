/* input - what a rule may ask a case about.
 *
 * Every input is turned into a number: 0 where the case does not say, else 1 to input_size() - 1. A
 * place or category is its place in the tree's preorder, plus 1, so that a subtree is an interval.
 * Dates, times and hours are numbered as they follow each other.
 */
#ifndef DOMAIN_RULES_INPUT_H
#define DOMAIN_RULES_INPUT_H

#include "domain/rules/facts.h"

enum input {
    INPUT_CHANNEL,
    INPUT_TYPE,
    INPUT_APPLICANT,
    INPUT_URGENCY,
    INPUT_LINE,
    INPUT_CATEGORY,
    INPUT_PLACE,
    INPUT_HOUR,
    INPUT_DATE,
    INPUT_TIME, /* of day, to the minute */
    INPUT_REGIME,
    INPUT_EARLIER,
    INPUT_ANSWERED,
    INPUT_RESPONDENT,
    INPUT_TEXT, /* keywords; has no numbers, see text_cell.h */
    INPUT_COUNT,
};

enum { DAY_HOURS = 24, DAY_MINUTES = 24 * 60, DATES_MAX = 36525 /* of 2000 to 2099 */ };

/* "channel", "place" ...; INPUT_COUNT where there is none of that name. */
enum input input_find(struct span name);
const char *input_name(enum input input);

/* Values are below this. */
uint32_t input_size(const struct city *city, enum input input);

/* Has every case a value for it? Others may be absent. */
bool input_is_always_said(enum input input);

/* What a case has for an input. */
uint32_t input_value(const struct facts *facts, enum input input);

/* The number of a day, and back. What is before 2000 is taken for its first day, what is after
 * 2099 for its last. */
uint32_t input_date(int32_t day);
int32_t input_day(uint32_t date);

/* What it has for each. */
void input_values(const struct facts *facts, uint32_t values[INPUT_COUNT]);

/* Only what tables may have written since. */
void input_values_again(const struct facts *facts, uint32_t values[INPUT_COUNT]);

/* The words of an input that has a fixed list of them, else NULL. */
const struct word_list *input_words(enum input input);

#endif
