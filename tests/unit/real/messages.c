/* Real messages of citizens, classified by Leshan's book: how many, how many rightly?
 *
 * 6,322 messages with one of seven labels (their words separated, stop words removed) and 3,040
 * with title and body, both written to message boards of other cities. No mark is set to pass: what
 * is printed is for those who tune the book. A label stands for several of our first-level
 * categories, and a message counts as right where its category lies in one of them.
 */
#include "domain/decide.h"
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
