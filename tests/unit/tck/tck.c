/* The decision tables of the DMN TCK, through our own table reader and matcher.
 *
 * Their tables are about people's ages and insurances, ours about cases, so each is told in our
 * words, column by column and row by row, and each of its cases is asked. This is what becomes of
 * what:
 *
 *      an input of numbers         in:hour
 *      an input of strings         in:channel: the first of its values is phone, the next sms ...
 *      an input of booleans        in:answered
 *      U, A, P, F                  the first output is out:function, the second out:tier, each
 * value a function or tier of its own R, C, O                     out:co; all that a rule puts out,
 * one value for each output, is one function. Ours name a function once, so what theirs repeat is
 *                                  expected once
 *      C<                          out:limit, a hundredth of theirs is one minute
 *      C+                          votes. Rows are weighed against another category, by a row more
 *                                  that always holds: as much as the sum that is expected makes a
 *                                  tie, one less or one more does not
 *      C#                          the same, against as many rows as are expected
 *      allowed values              line 3, in their order
 *      the default of an output    the else row
 *
 * The tables are read where they lie, ../shared/data/dmn-tck; without them nothing is asked.
 */
#include "domain/rules/scratch.h"
#include "domain/rules/table.h"
#include "tests/support/small_city.h"
#include "tests/unit/tck/dmn.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static const char directory[] = "../shared/data/dmn-tck";

enum { TABLES = 17, WORDS = 8, TEXT_BYTES = 8192 };

static const char *const channels[WORDS] = {"phone", "sms", "email",  "wechat",
                                            "weibo", "app", "letter", "visit"};
static const char *const tiers[WORDS] = {"village", "township", "county", "city"};
static const char *const functions[WORDS] = {"police", "roads",  "urban",   "water",
                                             "health", "labour", "general", "fund"};

static struct small_city small;
static struct dmn dmn;

/* Values of theirs, each of which is one of our words. */
struct values_of {
    dmn_text list[WORDS];
    uint32_t count;
};

static uint32_t number_of(struct values_of *values, const char *value)
{
    uint32_t number = 0;
    while (number < values->count && strcmp(values->list[number], value) != 0)
        number++;
    if (number == values->count) {
        cr_assert_lt(values->count, WORDS);
        snprintf(values->list[values->count++], DMN_TEXT_BYTES, "%s", value);
    }
    return number;
}

/* Takes the next of a list of strings, "High", "Low", without its quotes. */
static bool next_string(const char **rest, dmn_text value)
{
    const char *open = strchr(*rest, '"');
    const char *closing = open != NULL ? strchr(open + 1, '"') : NULL;
    if (closing == NULL)
        return false;
    snprintf(value, DMN_TEXT_BYTES, "%.*s", (int)(closing - open - 1), open + 1);
    *rest = closing + 1;
    return true;
}

static void number_all(struct values_of *values, const char *list)
{
    dmn_text value;
    while (next_string(&list, value))
        (void)number_of(values, value);
}

/* -- how they are told ------------------------------------------------------------------------- */

static struct values_of strings;                  /* of the input of strings */
static struct values_of written[DMN_COLUMNS_MAX]; /* of each output */
static struct values_of tuples;                   /* of all outputs together */
static char text[TEXT_BYTES];
static size_t used;

__attribute__((format(printf, 1, 2))) static void put(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    used += (size_t)vsnprintf(text + used, sizeof text - used, format, arguments);
    va_end(arguments);
    cr_assert_lt(used, sizeof text);
}

static const char *sign_of(void)
{
    static const char *const signs[][3] = {
        {"UNIQUE", "", "U"},       {"", "", "U"},
        {"ANY", "", "A"},          {"PRIORITY", "", "P"},
        {"FIRST", "", "F"},        {"RULE ORDER", "", "R"},
        {"OUTPUT ORDER", "", "O"}, {"COLLECT", "", "C"},
        {"COLLECT", "MIN", "C<"},  {"COLLECT", "MAX", "C>"},
        {"COLLECT", "SUM", "C+"},  {"COLLECT", "COUNT", "C#"},
    };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strcmp(dmn.hit_policy, signs[i][0]) == 0 && strcmp(dmn.aggregation, signs[i][1]) == 0)
            return signs[i][2];
    cr_assert_fail("%s %s", dmn.hit_policy, dmn.aggregation);
    return "";
}

static enum answer answer_of(void)
{
    enum hit_policy hit_policy = hit_policy_find(span_of_string(sign_of()));
    cr_assert_lt(hit_policy, HIT_POLICY_COUNT);
    return hit_policy_answer(hit_policy, false);
}

static bool is_type(const struct dmn_column *input, const char *type)
{
    return strcmp(input->type, type) == 0;
}

/* All that is said of one column, in the order of the allowed values and then of the rules. */
static void number_values(void)
{
    strings.count = tuples.count = 0;
    for (uint32_t i = 0; i < dmn.inputs_count; i++)
        if (is_type(&dmn.inputs[i], "string"))
            number_all(&strings, dmn.inputs[i].values);
    for (uint32_t i = 0; i < dmn.outputs_count; i++) {
        written[i].count = 0;
        number_all(&written[i], dmn.outputs[i].values);
        for (uint32_t r = 0; r < dmn.rules_count; r++)
            number_all(&written[i], dmn.rules[r].outputs[i]);
        number_all(&written[i], dmn.outputs[i].otherwise);
    }
}

/* "Approved|Best": the numbers of a rule's values, so that their order as text is that of the
 * allowed values. */
static void tuple_of(const dmn_text outputs[DMN_COLUMNS_MAX], dmn_text tuple)
{
    size_t bytes = 0;
    tuple[0] = '\0';
    for (uint32_t i = 0; i < dmn.outputs_count; i++) {
        const char *rest = outputs[i];
        dmn_text value;
        cr_assert(next_string(&rest, value), "%s", outputs[i]);
        bytes += (size_t)snprintf(tuple + bytes, DMN_TEXT_BYTES - bytes, "%u|",
                                  number_of(&written[i], value));
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void defaults_of(dmn_text outputs[DMN_COLUMNS_MAX])
{
    for (uint32_t i = 0; i < dmn.outputs_count; i++)
        strcpy(outputs[i], dmn.outputs[i].otherwise);
}

static bool has_defaults(void)
{
    return dmn.outputs[0].otherwise[0] != '\0';
}

static void number_tuples(void)
{
    dmn_text tuple;
    dmn_text defaults[DMN_COLUMNS_MAX];
    for (uint32_t r = 0; r < dmn.rules_count; r++) {
        tuple_of(dmn.rules[r].outputs, tuple);
        (void)number_of(&tuples, tuple);
    }
    defaults_of(defaults);
    if (has_defaults()) {
        tuple_of(defaults, tuple);
        (void)number_of(&tuples, tuple);
    }
    qsort(tuples.list, tuples.count, sizeof tuples.list[0], by_text);
}

/* -- our table --------------------------------------------------------------------------------- */

static void put_list(const struct values_of *values, const char *const words[WORDS])
{
    for (uint32_t i = 0; i < values->count; i++)
        put("%s%s", i == 0 ? ",\"" : ", ", words[i]);
    put("\"");
}

/* What is behind our inputs: kinds, or types where there is no list of values. */
static void put_written(const char *of_list, const char *of_limit, const char *of_vote,
                        const char *of_weight)
{
    enum answer answer = answer_of();
    if (answer == ANSWER_LISTS)
        put(",%s", of_list);
    if (answer == ANSWER_LIMITS)
        put(",%s", of_limit);
    if (answer == ANSWER_VOTE)
        put(",%s", of_vote);
    if (strcmp(sign_of(), "C+") == 0)
        put(",%s", of_weight);
    put("\n");
}

static void put_head(void)
{
    static const char *const kinds[2] = {"out:function", "out:tier"};
    uint32_t outputs = answer_of() == ANSWER_ROW ? dmn.outputs_count : 0;
    used = 0;
    put("%s", sign_of());
    for (uint32_t i = 0; i < dmn.inputs_count + outputs; i++)
        put(",");
    put_written("", "", "", "");
    for (uint32_t i = 0; i < dmn.inputs_count; i++)
        put(",%s", is_type(&dmn.inputs[i], "number")   ? "in:hour"
                   : is_type(&dmn.inputs[i], "string") ? "in:channel"
                                                       : "in:answered");
    for (uint32_t i = 0; i < outputs; i++)
        put(",%s", kinds[i]);
    put_written("out:co", "out:limit", "out:category", "out:weight");
}

static void put_types(void)
{
    enum answer answer = answer_of();
    for (uint32_t i = 0; i < dmn.inputs_count; i++)
        if (is_type(&dmn.inputs[i], "string") && strings.count > 0)
            put_list(&strings, channels);
        else
            put(",%s", is_type(&dmn.inputs[i], "number") ? "number" : "");
    for (uint32_t i = 0; answer == ANSWER_ROW && i < dmn.outputs_count; i++)
        if (dmn.outputs[i].values[0] != '\0')
            put_list(&written[i], i == 0 ? functions : tiers);
        else
            put(",");
    if (strcmp(sign_of(), "O") != 0) {
        put_written("function", "limit", "category", "number");
        return;
    }
    put_list(&tuples, functions);
    put("\n");
}

static void put_condition(const struct dmn_column *input, const char *cell)
{
    dmn_text value;
    if (strcmp(cell, "-") == 0 || is_type(input, "number")) {
        put(",%s", cell);
    } else if (is_type(input, "boolean")) {
        put(",%s", strcmp(cell, "true") == 0 ? "yes" : "no");
    } else {
        put(",\"");
        for (const char *rest = cell; next_string(&rest, value);)
            put("%s%s", channels[number_of(&strings, value)], *rest != '\0' ? ", " : "");
        put("\"");
    }
}

/* 98.83 in hundredths. */
static uint32_t hundredths(const char *number)
{
    return (uint32_t)(strtod(number, NULL) * 100 + 0.5);
}

static void put_outputs(const dmn_text outputs[DMN_COLUMNS_MAX])
{
    dmn_text value;
    switch (answer_of()) {
    case ANSWER_ROW:
        for (uint32_t i = 0; i < dmn.outputs_count; i++) {
            const char *rest = outputs[i];
            cr_assert(next_string(&rest, value));
            put(",%s", (i == 0 ? functions : tiers)[number_of(&written[i], value)]);
        }
        break;
    case ANSWER_LISTS:
        tuple_of(outputs, value);
        put(",%s", functions[number_of(&tuples, value)]);
        break;
    case ANSWER_LIMITS:
        put(",%umin", hundredths(outputs[0]));
        break;
    case ANSWER_VOTE:
        put(",#01");
        if (strcmp(sign_of(), "C+") == 0)
            put(",%u", hundredths(outputs[0]) / 10000); /* theirs are hundreds */
        break;
    case ANSWER_WEIGHTS: /* no policy of theirs */
        break;
    }
    put("\n");
}

static void put_table(void)
{
    dmn_text defaults[DMN_COLUMNS_MAX];
    number_values();
    if (answer_of() == ANSWER_LISTS)
        number_tuples();
    put_head();
    put_types();
    for (uint32_t r = 0; r < dmn.rules_count; r++) {
        put("r%u", r + 1);
        for (uint32_t i = 0; i < dmn.inputs_count; i++)
            put_condition(&dmn.inputs[i], dmn.rules[r].inputs[i]);
        put_outputs(dmn.rules[r].outputs);
    }
    if (!has_defaults())
        return;
    put("else");
    for (uint32_t i = 0; i < dmn.inputs_count; i++)
        put(",-");
    defaults_of(defaults);
    put_outputs(defaults);
}

/* -- asking ------------------------------------------------------------------------------------ */

static const struct rules *load(void)
{
    small_city_write(&small, "t", text);
    small_city_forget(&small);
    const struct rules *rules =
        rules_load(folder_of(small.directory), small.city, small.arena, small.diag);
    cr_assert_not_null(rules, "%s\n%s", small_city_finding(&small, 0), text);
    small_city_scratch(&small, rules);
    return rules;
}

static struct facts facts_of(const struct dmn_case *asked)
{
    struct facts facts = small_city_facts();
    for (uint32_t i = 0; i < asked->inputs_count; i++) {
        uint32_t column = 0;
        const char *value = asked->inputs[i].value;
        while (column < dmn.inputs_count &&
               strcmp(dmn.inputs[column].name, asked->inputs[i].name) != 0)
            column++;
        cr_assert_lt(column, dmn.inputs_count, "%s", asked->inputs[i].name);
        if (is_type(&dmn.inputs[column], "number"))
            facts.minute = (uint32_t)atoi(value) * 60;
        else if (is_type(&dmn.inputs[column], "string"))
            facts.channel = (enum channel)word_find(
                &channel_words, span_of_string(channels[number_of(&strings, value)]));
        else
            facts.answered = strcmp(value, "true") == 0 ? FLAG_YES : FLAG_NO;
    }
    return facts;
}

static struct outputs ask(const struct rules *rules, const struct dmn_case *asked)
{
    struct outputs outputs;
    struct facts facts = facts_of(asked);
    rules_run(rules, &facts, small.scratch, &outputs);
    return outputs;
}

static const char *value_of(const struct dmn_result *result, uint32_t output)
{
    for (uint32_t i = 0; i < result->count; i++)
        if (result->values[i].name[0] == '\0' ||
            strcmp(result->values[i].name, dmn.outputs[output].name) == 0)
            return result->values[i].value;
    cr_assert_fail("no %s", dmn.outputs[output].name);
    return "";
}

static void expect_row(const struct outputs *outputs, const struct dmn_case *asked)
{
    const struct dmn_result *result = &asked->results[0];
    cr_assert_eq(asked->results_count, 1);
    struct span function = function_code(small.city, outputs->function);
    cr_expect(span_is(function, functions[number_of(&written[0], value_of(result, 0))]),
              "case %s: %.*s\n%s", asked->id, SPAN_ARG(function), text);
    if (dmn.outputs_count > 1)
        cr_expect_str_eq(word_name(&tier_words, (uint32_t)outputs->tier),
                         tiers[number_of(&written[1], value_of(result, 1))], "case %s\n%s",
                         asked->id, text);
}

static void expect_list(const struct outputs *outputs, const struct dmn_case *asked)
{
    struct values_of wanted = {.count = 0};
    for (uint32_t r = 0; r < asked->results_count; r++) {
        dmn_text quoted[DMN_COLUMNS_MAX];
        dmn_text tuple;
        for (uint32_t i = 0; i < dmn.outputs_count; i++)
            snprintf(quoted[i], sizeof quoted[i], "\"%.50s\"", value_of(&asked->results[r], i));
        tuple_of(quoted, tuple);
        (void)number_of(&wanted, tuple); /* once */
    }
    cr_assert_eq(outputs->co.count, wanted.count, "case %s: %u, not %u\n%s", asked->id,
                 outputs->co.count, wanted.count, text);
    for (uint32_t i = 0; i < wanted.count; i++) {
        struct span function = function_code(small.city, outputs->co.functions[i]);
        cr_expect(span_is(function, functions[number_of(&tuples, wanted.list[i])]),
                  "case %s: %.*s at %u\n%s", asked->id, SPAN_ARG(function), i, text);
    }
    cr_expect_eq(outputs->rows_count, wanted.count, "each is cited");
}

static void ask_cases(void)
{
    put_table();
    const struct rules *rules = load();
    for (uint32_t i = 0; i < dmn.cases_count; i++) {
        const struct dmn_case *asked = &dmn.cases[i];
        struct outputs outputs = ask(rules, asked);
        if (answer_of() == ANSWER_ROW)
            expect_row(&outputs, asked);
        else if (answer_of() == ANSWER_LISTS)
            expect_list(&outputs, asked);
        else
            cr_expect_eq(outputs.limit.count, hundredths(value_of(&asked->results[0], 0)),
                         "case %s: %u\n%s", asked->id, outputs.limit.count, text);
    }
}

/* The category that the rows speak for is #01, the other #02. */
static struct category vote_against(const struct dmn_case *asked, uint32_t weight)
{
    put_table();
    bool counts = strcmp(sign_of(), "C#") == 0;
    for (uint32_t i = 0; i < (counts ? weight : weight > 0); i++) {
        put("other%u", i + 1);
        for (uint32_t input = 0; input < dmn.inputs_count; input++)
            put(",-");
        if (counts)
            put(",#02\n");
        else
            put(",#02,%u\n", weight);
    }
    return ask(load(), asked).category;
}

static void ask_votes(void)
{
    uint32_t first = small_city_category(&small, "01").index;
    uint32_t other = small_city_category(&small, "02").index;
    for (uint32_t i = 0; i < dmn.cases_count; i++) {
        const struct dmn_case *asked = &dmn.cases[i];
        uint32_t wanted = (uint32_t)atoi(value_of(&asked->results[0], 0));
        if (strcmp(sign_of(), "C+") == 0)
            wanted /= 100;
        cr_expect_eq(vote_against(asked, wanted - 1).index, first, "case %s\n%s", asked->id, text);
        cr_expect_eq(vote_against(asked, wanted).index, CATEGORY_NONE.index, "case %s\n%s",
                     asked->id, text);
        cr_expect_eq(vote_against(asked, wanted + 1).index, other, "case %s\n%s", asked->id, text);
    }
}

static int is_table(const struct dirent *entry)
{
    return entry->d_name[0] >= '0' && entry->d_name[0] <= '9';
}

Test(tck, every_table_answers_as_it_should)
{
    struct dirent **names;
    uint32_t cases = 0;
    int count = scandir(directory, &names, is_table, alphasort);
    if (count < 0)
        cr_skip_test("no DMN TCK at %s", directory);
    cr_expect_geq(count, TABLES);
    small_city_make(&small);
    small_city_write(&small, "book", "table,note\nt,\n");
    for (int i = 0; i < count; i++) {
        dmn_read(directory, names[i]->d_name, &dmn);
        cr_expect_geq(dmn.cases_count, 3, "%s", names[i]->d_name);
        cases += dmn.cases_count;
        if (answer_of() == ANSWER_VOTE)
            ask_votes();
        else
            ask_cases();
        free(names[i]);
    }
    free(names);
    small_city_remove(&small);
    fprintf(stderr, "tck: %d tables, %u cases\n", count, cases);
}
