/* check - proves a city's rule book, or shows what is wrong with it. */
#include "base/check.h"
#include "base/clock.h"
#include "domain/check/check.h"
#include "domain/city/date.h"
#include "domain/number.h"
#include "domain/rules/table.h"
#include "tools/circumstances.h"
#include "tools/command.h"
#include "tools/rules/golden.h"
#include "tools/rules/rules.h"

#include <jansson.h>
#include <stdlib.h>

enum { KEY_TODAY = KEY_FIRST_OWN, KEY_WAIVED };

struct check_options {
    const char *directory;
    int32_t today;
    bool json, waived;
};

static const struct argp_option options[] = {
    {"today", KEY_TODAY, "DATE", 0, "Check for cases from this day on (today)", 0},
    {"waived", KEY_WAIVED, NULL, 0, "Show the warnings that are waived as well", 0},
    {"json", KEY_JSON, NULL, 0, "One JSON object a line, a finding each", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct check_options *chosen = state->input;
    switch (key) {
    case KEY_TODAY:
        if (date_parse(span_of_string(argument), &chosen->today) != DATE_OK)
            argp_error(state, "--today: '%s' is no date; write it as 2026-02-14", argument);
        return 0;
    case KEY_WAIVED:
        chosen->waived = true;
        return 0;
    case KEY_JSON:
        chosen->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        chosen->directory = argument;
        return 0;
    case ARGP_KEY_END:
        if (chosen->directory == NULL)
            argp_error(state, "the city's directory is needed, such as cities/leshan");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse,
    .args_doc = "CITY",
    .doc = "Read all tables of a city's directory and prove its rule book: that every case has an "
           "answer, that rows that meet may, that each row can win and matters, that every "
           "category has an owner and every unit its cases, and that no case ends where it must "
           "not. Each finding says where it is, what would mend it, and shows a case, which "
           "lianxin explain takes. Warnings can be waived in rules/waivers.csv. The golden cases "
           "in golden/, of which is known where they belong, are decided as well."
           "\vExit 0: no errors. 1: errors; no engine loads such a book.",
};

static const char *const severity_names[SEVERITY_COUNT] = {"error", "undecided", "warning"};
static const char *const severity_titles[SEVERITY_COUNT] = {
    "Errors: no engine loads this book", "Undecided: neither proved, nor shown by a case",
    "Warnings"};

/* -- the case that shows it -------------------------------------------------------------------- */

static char *text_of(struct span span, struct arena *arena)
{
    return arena_copy(arena, span);
}

/* As circumstances.h has it. The caller frees it. */
static char *write_witness(const struct witness *witness, struct arena *arena)
{
    char number[NUMBER_BYTES_MAX];
    Lianxin__V1__Case one = LIANXIN__V1__CASE__INIT;
    Lianxin__V1__Respondent respondent = LIANXIN__V1__RESPONDENT__INIT;
    one.channel = (Lianxin__V1__Channel)witness->channel;
    one.type = (Lianxin__V1__Type)witness->type;
    one.applicant = witness->applicant == APPLICANT_ENTERPRISE
                        ? LIANXIN__V1__APPLICANT__APPLICANT_ENTERPRISE
                        : LIANXIN__V1__APPLICANT__APPLICANT_UNSPECIFIED;
    one.urgency = witness->urgency > URGENCY_NORMAL ? (Lianxin__V1__Urgency)witness->urgency
                                                    : LIANXIN__V1__URGENCY__URGENCY_UNSPECIFIED;
    one.line = text_of(witness->line, arena);
    one.category = text_of(witness->category, arena);
    one.place = text_of(witness->place, arena);
    one.text = text_of(witness->text, arena);
    if (witness->answered)
        one.answer = text_of(span_of_string("已答复"), arena);
    if (witness->respondent.bytes > 0) {
        respondent.name = text_of(witness->respondent, arena);
        one.respondent = &respondent;
    }
    number_format(day_of_ms(witness->at_ms), 1, number);
    if (witness->earlier)
        one.earlier_ticket = number;
    struct circumstances shown = {&one, witness->at_ms, witness->regime};
    return circumstances_write(&shown, NULL, 0);
}

/* -- as JSON ----------------------------------------------------------------------------------- */

static void print_json_finding(const struct check_finding *finding, struct arena *arena)
{
    json_t *object = json_object();
    json_object_set_new(object, "severity", json_string(severity_names[finding->severity]));
    json_object_set_new(object, "finding", json_string(flaw_name(finding->flaw)));
    json_object_set_new(object, "row", json_string(finding->about));
    json_object_set_new(object, "file", json_string(finding->file));
    json_object_set_new(object, "line", json_integer(finding->line));
    json_object_set_new(object, "column", json_integer(finding->column));
    json_object_set_new(object, "text", json_string(finding->text));
    json_object_set_new(object, "shows", json_string(finding->shows));
    json_object_set_new(object, "remedy", json_string(finding->remedy));
    if (finding->witness != NULL) {
        char *witness = write_witness(finding->witness, arena);
        json_object_set_new(object, "witness", json_loads(witness, 0, NULL));
        free(witness);
    }
    if (finding->waived_by != NULL) {
        json_object_set_new(object, "waived_by", json_string(finding->waived_by));
        json_object_set_new(object, "waived_for", json_string(finding->waived_for));
    }
    char *line = json_dumps(object, JSON_COMPACT);
    CHECK(line != NULL);
    puts(line);
    free(line);
    json_decref(object);
}

/* What the loader found, before there was a book to prove; or golden cases that fail. */
static void print_json_diag(const struct diag *diag, enum flaw flaw, struct arena *arena)
{
    for (size_t i = 0; i < diag_count(diag) && i < DIAG_MAX; i++) {
        const struct finding *read = diag_at(diag, i);
        struct check_finding finding = {.severity = SEVERITY_ERROR,
                                        .flaw = flaw,
                                        .about = "",
                                        .file = read->file,
                                        .line = read->line,
                                        .column = read->column,
                                        .text = read->text,
                                        .remedy = "",
                                        .shows = ""};
        print_json_finding(&finding, arena);
    }
}

/* -- as text ----------------------------------------------------------------------------------- */

static void print_where(const struct check_finding *finding)
{
    printf("%s", finding->file);
    if (finding->line > 0)
        printf(":%u", finding->line);
    if (finding->column > 0)
        printf(":%u", finding->column);
}

static void print_finding(const struct check_finding *finding, struct arena *arena)
{
    print_where(finding);
    printf(": %s%s%s: %s\n", flaw_name(finding->flaw), finding->about[0] != '\0' ? "," : "",
           finding->about, finding->text);
    printf("    mend:  %s\n", finding->remedy);
    if (finding->shows[0] != '\0')
        printf("    shows: %s\n", finding->shows);
    if (finding->witness != NULL) {
        char *witness = write_witness(finding->witness, arena);
        printf("    case:  %s\n", witness);
        free(witness);
    }
    if (finding->waived_by != NULL)
        printf("    waived by %s: %s\n", finding->waived_by, finding->waived_for);
}

static bool is_shown(const struct check_options *chosen, const struct check_finding *finding)
{
    return finding->waived_by == NULL || chosen->waived;
}

static void print_findings(const struct check_options *chosen, const struct findings *findings,
                           struct arena *arena)
{
    uint32_t titled = SEVERITY_COUNT;
    for (uint32_t i = 0; i < findings->count; i++) {
        const struct check_finding *finding = &findings->list[i];
        if (!is_shown(chosen, finding))
            continue;
        if (!chosen->json && finding->severity != titled)
            printf("%s%s\n\n", titled == SEVERITY_COUNT ? "" : "\n",
                   severity_titles[finding->severity]);
        titled = finding->severity;
        if (chosen->json)
            print_json_finding(finding, arena);
        else
            print_finding(finding, arena);
    }
    if (!chosen->json && titled != SEVERITY_COUNT)
        putchar('\n');
}

static void print_count(uint32_t count, const char *one, const char *many, const char *end)
{
    printf("%u %s%s", count, count == 1 ? one : many, end);
}

/* Golden cases that fail are errors as well. */
static void print_summary(const char *directory, const struct policy *policy,
                          const struct findings *findings, const struct golden *golden)
{
    uint32_t rows = 0;
    for (uint32_t i = 0; i < rules_tables(policy->rules); i++)
        rows += rules_table(policy->rules, i)->rows_count;
    printf("%s: ", directory);
    print_count(rules_tables(policy->rules), "table", "tables", ", ");
    print_count(rows, "row", "rows", ": ");
    print_count(findings_count(findings, SEVERITY_ERROR) + (uint32_t)golden->failed, "error",
                "errors", ", ");
    print_count(findings_count(findings, SEVERITY_UNDECIDED), "undecided", "undecided", ", ");
    print_count(findings_count(findings, SEVERITY_WARNING), "warning", "warnings", "");
    printf(", %u waived\n", findings_waived(findings));
}

static void print_golden(const struct check_options *chosen, const struct golden *golden,
                         const struct diag *failed, struct arena *arena)
{
    if (chosen->json) {
        print_json_diag(failed, FLAW_GOLDEN, arena);
        return;
    }
    if (diag_count(failed) > 0)
        puts("Errors: golden cases that this book has elsewhere\n");
    diag_print(failed, stdout);
    if (diag_count(failed) > 0)
        putchar('\n');
    golden_print(golden, stdout);
}

/* -- the whole --------------------------------------------------------------------------------- */

static int check(const struct check_options *chosen, const struct policy *policy)
{
    struct arena *arena = arena_create();
    struct diag *failed = diag_create();
    struct golden golden;
    const struct findings *findings = check_policy(policy, chosen->today, arena);
    enum err err = golden_run(chosen->directory, policy, arena, failed, &golden);
    print_findings(chosen, findings, arena);
    print_golden(chosen, &golden, failed, arena);
    if (!chosen->json)
        print_summary(chosen->directory, policy, findings, &golden);
    int code = err != OK || findings_count(findings, SEVERITY_ERROR) > 0 ? WRONG : DONE;
    diag_destroy(&failed);
    arena_destroy(&arena);
    return code;
}

static void print_load(const struct check_options *chosen, const struct diag *diag)
{
    struct arena *arena = arena_create();
    if (chosen->json)
        print_json_diag(diag, FLAW_UNREADABLE, arena);
    else
        diag_print(diag, stdout);
    if (!chosen->json)
        printf("%s: %zu error%s; what cannot be read is not proved\n", chosen->directory,
               diag_count(diag), diag_count(diag) == 1 ? "" : "s");
    arena_destroy(&arena);
}

int rules_check(int argc, char **argv)
{
    struct check_options chosen = {.today = day_of_ms(clock_wall_ms(&clock_system))};
    argp_parse(&argp, argc, argv, 0, NULL, &chosen);
    struct diag *diag = diag_create();
    struct policy *policy = NULL;
    int code = WRONG;
    if (policy_load(chosen.directory, diag, &policy) == OK)
        code = check(&chosen, policy);
    else
        print_load(&chosen, diag);
    policy_destroy(&policy);
    diag_destroy(&diag);
    return code;
}
