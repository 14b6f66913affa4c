/* Real messages of citizens, classified by Leshan's book: how many, how many rightly?
 *
 * 6,322 messages with one of seven labels (their words separated, stop words removed), 3,040 with
 * title and body, and 1,998 with those and an official reply, all written to message boards of
 * other cities. No mark is set to pass: what is printed is for those who tune the book. A label
 * stands for several of our first-level categories, and a message counts as right where its
 * category lies in one of them. From the labelled ones the book's weights were learned, so that
 * `lianxin rules learn` says better what they are worth.
 *
 * Who replied says what a message is about, if not surely: such as a department of education. So
 * the replied ones show how the weights do on words that nobody has separated.
 */
#include "domain/decide.h"
#include "domain/rules/table.h"
#include "domain/rules/weights.h"
#include "tests/unit/real/shared.h"

#include "base/check.h"
#include "base/file.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { FILE_BYTES_MAX = 64 * 1024 * 1024, COLUMNS_MAX = 16 };

static const struct {
    const char *label;
    const char *codes; /* of the first level, one behind the other */
} labels[] = {
    {"城乡建设", "01 02 05 12 15"}, {"劳动和社会保障", "03 04"}, {"教育文体", "08 18"},
    {"商贸旅游", "10 11 16"},       {"环境保护", "07"},          {"交通运输", "06"},
    {"卫生计生", "09 04"},
};

static struct arena *arena;
static struct diag *diag;
static struct policy *policy;
static struct scratch *scratch;

static void set_up(void)
{
    arena = arena_create();
    diag = diag_create();
    enum err err = policy_load("cities/leshan", diag, &policy);
    diag_print(diag, stderr);
    cr_assert_eq(err, OK);
    scratch = scratch_create(policy);
}

static void tear_down(void)
{
    scratch_destroy(&scratch);
    policy_destroy(&policy);
    diag_destroy(&diag);
    arena_destroy(&arena);
}

TestSuite(messages, .init = set_up, .fini = tear_down);

/* What has been counted so far. */
struct tally {
    uint32_t messages, classified, places, right, desk;
};

/* The next line's columns, which are tabs apart; false at the end. */
static bool next_row(struct span *rest, struct span columns[COLUMNS_MAX])
{
    if (rest->bytes == 0)
        return false;
    const uint8_t *end = memchr(rest->data, '\n', rest->bytes);
    size_t bytes = end != NULL ? (size_t)(end - rest->data) : rest->bytes;
    struct span line = span_of(rest->data, bytes);
    *rest = span_of(rest->data + bytes + (end != NULL), rest->bytes - bytes - (end != NULL));
    memset(columns, 0, COLUMNS_MAX * sizeof columns[0]);
    for (uint32_t i = 0; i < COLUMNS_MAX; i++) {
        const uint8_t *tab = line.bytes > 0 ? memchr(line.data, '\t', line.bytes) : NULL;
        columns[i] = tab != NULL ? span_of(line.data, (size_t)(tab - line.data)) : line;
        if (tab == NULL)
            break;
        line = span_of(tab + 1, line.bytes - columns[i].bytes - 1);
    }
    return true;
}

static struct decision decide_message(struct span title, struct span text, struct tally *tally)
{
    struct case_words words = {.title = title, .text = text};
    struct facts facts = {.channel = CHANNEL_WECHAT,
                          .type = TYPE_COMPLAINT,
                          .applicant = APPLICANT_CITIZEN,
                          .urgency = URGENCY_NORMAL,
                          .regime = REGIME_NORMAL,
                          .minute = 10 * 60,
                          .earlier = FLAG_NO,
                          .answered = FLAG_NO};
    struct misfit misfit;
    struct decision decision;
    bool resolved = facts_resolve(policy->city, &words, false, scratch, &facts, &misfit);
    cr_assert(resolved, "%s", misfit.message);
    decide(policy, &facts, NULL, scratch, &decision);
    tally->messages++;
    tally->classified += decision.category.index != CATEGORY_NONE.index;
    tally->places += decision.place_from_words;
    tally->desk += decision.doubts != 0;
    return decision;
}

static bool is_right(struct span label, struct category category)
{
    if (category.index == CATEGORY_NONE.index)
        return false;
    char top[3] = "";
    memcpy(top, category_code(policy->city, category).data, 2);
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (span_is(label, labels[i].label))
            return strstr(labels[i].codes, top) != NULL;
    CHECK(false); /* a label that the table does not have */
    return false;
}

static struct span read_file(const char *path)
{
    struct span content;
    cr_assert_eq(file_read(path, FILE_BYTES_MAX, arena, &content), OK);
    return content;
}

Test(messages, labelled_ones_are_counted_by_label)
{
    static const char path[] = SHARED "complaints/labelled_shared.tsv";
    SKIP_WITHOUT(path);
    struct span rest = read_file(path);
    struct span columns[COLUMNS_MAX];
    struct tally tally = {0};
    (void)next_row(&rest, columns); /* the header */
    while (next_row(&rest, columns)) {
        struct decision decision = decide_message((struct span){0}, columns[2], &tally);
        tally.right += is_right(columns[1], decision.category);
    }
    fprintf(stderr,
            "labelled: %u messages; %u classified (%.1f %%), of these %u right by level-1 label "
            "(%.1f %%); %u left to the desk (%.1f %%)\n",
            tally.messages, tally.classified, 100.0 * tally.classified / tally.messages,
            tally.right, tally.classified > 0 ? 100.0 * tally.right / tally.classified : 0.0,
            tally.desk, 100.0 * tally.desk / tally.messages);
    cr_expect_eq(tally.messages, 6322);
}

Test(messages, unlabelled_ones_are_counted)
{
    static const char path[] = SHARED "complaints/messages_unlabelled_shared.tsv";
    SKIP_WITHOUT(path);
    struct span rest = read_file(path);
    struct span columns[COLUMNS_MAX];
    struct tally tally = {0};
    (void)next_row(&rest, columns);
    while (next_row(&rest, columns))
        (void)decide_message(columns[3], columns[4], &tally);
    fprintf(stderr,
            "unlabelled: %u messages; %u classified (%.1f %%); %u left to the desk (%.1f %%); "
            "%u mention a place of Leshan\n",
            tally.messages, tally.classified, 100.0 * tally.classified / tally.messages, tally.desk,
            100.0 * tally.desk / tally.messages, tally.places);
    cr_expect_eq(tally.messages, 3040);
}

/* -- who replied --------------------------------------------------------------------------------
 */

/* A department, and the label that its duties lie in; NULL: in none of the seven. */
static const struct {
    const char *name, *label;
} departments[] = {
    {"教育", "教育文体"},
    {"住建房产", "城乡建设"},
    {"交通运输", "交通运输"},
    {"人社", "劳动和社会保障"},
    {"城管环卫", "城乡建设"},
    {"自然资源规划", "城乡建设"},
    {"交警", "交通运输"},
    {"市场监管", "商贸旅游"},
    {"医疗保障", "劳动和社会保障"},
    {"能源通信", "城乡建设"},
    {"水务", "城乡建设"},
    {"生态环境", "环境保护"},
    {"文旅广体", "商贸旅游"},
    {"公积金", "城乡建设"},
    {"卫生健康", "卫生计生"},
    {"发改商务工信财政", "商贸旅游"},
    {"公安", NULL},
    {"民政", NULL},
    {"农林", NULL},
    {"司法", NULL},
    {"法检监察", NULL},
};

enum { DEPARTMENTS = sizeof departments / sizeof departments[0] };

static size_t find_department(struct span name)
{
    size_t i = 0;
    if (span_ends_with(name, span_of_string("?"))) /* inferred */
        name.bytes--;
    while (i < DEPARTMENTS && !span_is(name, departments[i].name))
        i++;
    return i;
}

struct weighed {
    uint32_t messages, clear, agree, clear_agree, by_book;
};

/* Is a category one of the column of that label? */
static bool lies_in(const struct weights *weights, struct category category, const char *label)
{
    bool lies = false;
    for (uint32_t i = 0; i < weights->columns_count && label != NULL; i++)
        if (category.index != CATEGORY_NONE.index && span_is(weights->columns[i].label, label))
            lies |= (weights->columns_of[category.index] >> i & 1) != 0;
    return lies;
}

/* The column of the book's weights that speaks most for a message. */
static void weigh(uint32_t table, struct span title, struct span text, const char *label,
                  struct tally *tally, struct weighed *weighed)
{
    struct case_words words = {.title = title, .text = text};
    struct facts facts = {.type = TYPE_COMPLAINT};
    struct misfit misfit;
    struct weighing weighing;
    bool resolved = facts_resolve(policy->city, &words, false, scratch, &facts, &misfit);
    cr_assert(resolved && rules_weigh(policy->rules, table, &facts, &weighing));
    const struct weights *weights = rules_table(policy->rules, table)->weights;
    bool agrees = label != NULL && span_is(weights->columns[weighing.best].label, label);
    weighed->messages++;
    weighed->clear += weighing.clear;
    weighed->agree += agrees;
    weighed->clear_agree += weighing.clear && agrees;
    weighed->by_book += lies_in(weights, decide_message(title, text, tally).category, label);
}

static uint32_t find_weights(void)
{
    uint32_t i = 0;
    while (rules_table(policy->rules, i)->weights == NULL)
        i++;
    return i;
}

static void print_weighed(const char *name, const struct weighed *weighed)
{
    fprintf(stderr,
            "%s: %u messages; column as expected %u (%.1f %%); clear %u, of these %u; category in "
            "it %u (%.1f %%)\n",
            name, weighed->messages, weighed->agree, 100.0 * weighed->agree / weighed->messages,
            weighed->clear, weighed->clear_agree, weighed->by_book,
            100.0 * weighed->by_book / weighed->messages);
}

Test(messages, replied_ones_are_weighed_by_who_replied)
{
    static const char path[] = SHARED "complaints/replies_shared.tsv";
    SKIP_WITHOUT(path);
    struct span rest = read_file(path);
    struct span columns[COLUMNS_MAX];
    struct weighed each[DEPARTMENTS] = {{0}};
    struct weighed all = {0};
    struct tally tally = {0};
    uint32_t table = find_weights();
    (void)next_row(&rest, columns);
    while (next_row(&rest, columns)) {
        size_t department = find_department(columns[10]);
        if (department == DEPARTMENTS)
            continue;
        weigh(table, columns[3], columns[4], departments[department].label, &tally,
              &each[department]);
        if (departments[department].label != NULL)
            weigh(table, columns[3], columns[4], departments[department].label, &tally, &all);
    }
    for (size_t i = 0; i < DEPARTMENTS; i++)
        if (each[i].messages > 0)
            print_weighed(departments[i].name, &each[i]);
    print_weighed("replied, all that have a label", &all);
}
