/* The closed lists: a name and a label for each number, and each found by its name. */
#include "domain/words.h"

#include <criterion/criterion.h>

Test(words, have_a_name_and_a_label_each_and_nothing_beyond)
{
    static const struct word_list *const lists[] = {
        &channel_words, &type_words,  &applicant_words, &urgency_words,    &tier_words,
        &role_words,    &state_words, &verb_words,      &reason_words,     &disposition_words,
        &regime_words,  &need_words,  &flag_words,      &respondent_words,
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const struct word_list *list = lists[i];
        cr_expect_str_eq(word_name(list, 0), "");
        cr_expect_str_eq(word_label(list, 0), "");
        for (uint32_t number = 1; number < list->count; number++) {
            cr_expect_eq(word_find(list, span_of_string(word_name(list, number))), number);
            cr_expect_str_neq(word_label(list, number), "", "%s %u", list->what, number);
        }
        cr_expect_str_eq(word_name(list, list->count), "");
        cr_expect_str_eq(word_label(list, list->count), "");
        cr_expect_eq(word_find(list, span_of_string("neither")), 0);
    }
    cr_expect_str_eq(word_label(&disposition_words, DISPOSITION_ON_THE_SPOT), "直接答复");
}
