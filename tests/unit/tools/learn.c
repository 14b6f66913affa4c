/* Learning a table of weights: what a file of labelled messages must be, which messages are copies,
 * what is learned of a few whose answer is plain, that it is always the same, and how the written
 * table does with the engine. Where the messages of citizens are beside the project, a table of few
 * rows is learned from them and tried. */
#include "base/check.h"
#include "domain/rules/table.h"
#include "domain/rules/weights.h"
#include "tests/support/city_file.h"
#include "tests/support/small_city.h"
#include "tools/learn/report.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

static struct small_city small;
static struct corpus corpus;
static char path[128];

static void set_up(void)
{
    small_city_make(&small);
    snprintf(path, sizeof path, "%s/labelled.tsv", small.directory);
}

static void tear_down(void)
{
    (void)unlink(path);
    small_city_remove(&small);
}

TestSuite(learn, .init = set_up, .fini = tear_down);

static enum err read_text(const char *text)
{
    city_file_write_text(&small, "labelled.tsv", text);
    return corpus_read(path, small.arena, small.diag, &corpus);
}

static void expect_finding(const char *text, const char *finding)
{
    small_city_forget(&small);
    cr_expect_eq(read_text(text), ERR_INVALID);
    cr_expect_eq(strncmp(small_city_finding(&small, 0), finding, strlen(finding)), 0, "%s, not %s",
                 small_city_finding(&small, 0), finding);
}

/* -- reading ----------------------------------------------------------------------------------- */

Test(learn, columns_are_found_by_their_names)
{
    cr_assert_eq(read_text("text\tid\tlabel\r\n垃圾 没人 管\t1\t市容\r\n\r\n公积金\t2\t公积金"),
                 OK);
    cr_expect_eq(corpus.count, 2);
    cr_expect_eq(corpus.labels_count, 2);
    cr_expect(span_is(corpus.messages[0].text, "垃圾 没人 管"));
    cr_expect(span_is(corpus.labels[corpus.messages[1].label], "公积金"));
    cr_expect_eq(corpus.messages[0].letters_count, 5);
    cr_expect_eq(corpus.messages[0].words[4], 2);
}

Test(learn, a_file_that_makes_no_sense_is_said)
{
    expect_finding("", "1:0 names no column");
    expect_finding("id\ttext\n", "1:0 names no column 'label'");
    expect_finding("label\tbody\n", "1:0 names no column 'text'");
    expect_finding("label\ttext\n甲\t一\n乙\n", "3:0 has 1 columns");
    expect_finding("label\ttext\n\t一\n", "2:0 has no label");
    expect_finding("label\ttext\n甲\t\xFF\n", "2:0 is not UTF-8");
    expect_finding("label\ttext\n甲\t一\n", "0:0 has 1 labels; there must be two");
    char text[1024] = "label\ttext\n";
    for (int i = 0; i <= LABELS_MAX; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d\t一\n", i);
    expect_finding(text, "18:0 has one label too many");
}

Test(learn, copies_share_a_group)
{
    static const char text[] =
        "label\ttext\n"
        "甲\t小区 门口 垃圾 堆放 三天 没人 清运 臭气 难闻\n"
        "乙\t职工 住房 公积金 贷款 额度 怎么 计算 请问 答复\n"
        "甲\t你好 小区 门口 垃圾 堆放 三天 没人 清运 臭气 难闻 请 解决 一下 谢谢\n"
        "甲\t垃圾 堆放 三天 没人 清运\n"
        "乙\t公积金\n"
        "乙\t公积金\n"
        "乙\t\n";
    static const uint32_t groups[] = {0, 1, 0, 0, 4, 4, 6};
    cr_assert_eq(read_text(text), OK);
    corpus_group(&corpus);
    cr_expect_eq(corpus.groups_count, 4);
    for (uint32_t i = 0; i < corpus.count; i++)
        cr_expect_eq(corpus.messages[i].group, groups[i], "%u", i);
}

/* What everybody writes makes nobody a copy; the same message, sent again and again, is one. */
Test(learn, what_many_have_in_common_is_not_looked_at)
{
    enum { MANY = 60 };
    static const char *const own[] = {"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"};
    char text[2 * MANY * 128] = "label\ttext\n";
    for (int i = 0; i < MANY; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "%s\t尊敬 领导 你们好 恳请 解决 %s%s\n", own[i % 2], own[i % 8], own[i / 8]);
    cr_assert_eq(read_text(text), OK);
    corpus_group(&corpus);
    cr_expect_eq(corpus.groups_count, MANY);
    for (int i = 0; i < MANY; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "%s\t尊敬 领导 你们好 恳请 解决 甲甲\n", own[i % 2]);
    cr_assert_eq(read_text(text), OK);
    corpus_group(&corpus);
    cr_expect_eq(corpus.groups_count, MANY);
}

/* -- learning ---------------------------------------------------------------------------------- */

/* 市容 has litter or noise, 公积金 has loans or withdrawals, 供水 has water; all have two words
 * that say nothing, and all stand next to others by accident. */
static const char *const plain[] = {
    "市容\t小区 垃圾箱 没人 管", "市容\t夜里 噪音 没人 管",  "市容\t垃圾箱 噪音 请问",
    "市容\t门口 垃圾箱 请问",    "公积金\t公积金 贷款 请问", "公积金\t公积金 提取 没人 管",
    "公积金\t贷款 请问",         "公积金\t提取 小区 请问",   "供水\t水管 没人 管",
    "供水\t小区 水管 请问",      "供水\t夜里 水管 停水",     "供水\t停水 请问",
};
enum { PLAIN = sizeof plain / sizeof plain[0], TIMES = 3 };

static void read_plain(void)
{
    char text[4096] = "label\ttext\n";
    for (int i = 0; i < PLAIN * TIMES; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s\n", plain[i % PLAIN],
                 i % 2 == 0 ? "" : " 门口");
    cr_assert_eq(read_text(text), OK);
    for (uint32_t i = 0; i < corpus.count; i++)
        corpus.messages[i].group = i;
}

static struct label_map map_of(const char *text)
{
    struct label_map map;
    char file[160];
    city_file_write_text(&small, "labels.csv", text);
    snprintf(file, sizeof file, "%s/labels.csv", small.directory);
    enum err err = label_map_read(file, small.city, &corpus, small.arena, small.diag, &map);
    cr_expect_eq(err == OK, diag_count(small.diag) == 0);
    city_file_remove(&small, "labels.csv");
    return map;
}

#define GOOD_MAP "label,categories\n公积金,#02\n市容,\"#0101, #0102\"\n供水,#03\n"

static struct span learn_table(uint32_t rows, uint64_t seed)
{
    struct lesson lesson;
    struct learned learned;
    struct label_map map = map_of(GOOD_MAP);
    lesson_make(&corpus, NULL, &lesson);
    learn(&lesson, rows, seed, &learned);
    struct span table = learned_write(&learned, &corpus, &map, 5, small.arena);
    learned_free(&learned);
    return table;
}

static bool has_keyword(struct span table, const char *keyword)
{
    char row[64];
    snprintf(row, sizeof row, "\n%s,", keyword);
    return memmem(table.data, table.bytes, row, strlen(row)) != NULL;
}

Test(learn, the_words_that_tell_are_found)
{
    static const char *const words[] = {"垃圾箱", "噪音", "贷款", "提取", "水管", "水", "公积金"};
    read_plain();
    struct span table = learn_table(7, 1);
    static const char head[] = "W,公积金,市容,供水\nmargin,out:category,out:category,out:category\n"
                               "5,#02,\"#0101, #0102\",#03\n";
    cr_expect(span_starts_with(table, span_of_string(head)), "%.*s", SPAN_ARG(table));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        cr_expect(has_keyword(table, words[i]), "%s: %.*s", words[i], SPAN_ARG(table));
    cr_expect_not(has_keyword(table, "圾箱"), "it stands in a longer one wherever it stands");
    cr_expect_not(has_keyword(learn_table(1000, 1), "箱没"), "not within a word");
}

Test(learn, the_same_is_learned_again)
{
    read_plain();
    struct span first = learn_table(20, 1);
    cr_expect(span_equal(first, learn_table(20, 1)));
    const struct table *table = small_city_table(&small, (const char *)first.data);
    cr_assert_eq(diag_count(small.diag), 0, "%s", small_city_finding(&small, 0));
    cr_expect_eq(table->weights->columns_count, 3);
}

Test(learn, a_map_has_each_label_once_and_categories_for_it)
{
    read_plain();
    (void)map_of("label,categories\n公积金,#02\n公积金,#02\n市容,#01\n其他,#03\n");
    cr_expect_str_eq(small_city_finding(&small, 0), "3:1 label 公积金 stands here twice");
    cr_expect_str_eq(small_city_finding(&small, 1), "0:0 has no row for the label 供水");
    small_city_forget(&small);
    (void)map_of("label,categories\n公积金,\n市容,\"#0101, #99\"\n供水,#03\n");
    cr_expect_str_eq(small_city_finding(&small, 0),
                     "2:5 name the categories of this label, such as #0301");
    cr_expect_str_eq(small_city_finding(&small, 1),
                     "3:4 '#99' is no category of categories.csv; write a code such as #0301");
    small_city_forget(&small);
    struct label_map map;
    cr_expect_eq(label_map_read(NULL, small.city, &corpus, small.arena, small.diag, &map),
                 ERR_INVALID);
    cr_expect_eq(diag_count(small.diag), 1, "the others are what categories are called");
}

/* -- trying ------------------------------------------------------------------------------------ */

Test(learn, a_written_table_is_tried_with_the_engine)
{
    struct trial trial;
    struct verdict verdicts[PLAIN * TIMES];
    bool held[PLAIN * TIMES];
    read_plain();
    struct label_map map = map_of(GOOD_MAP);
    memset(held, true, sizeof held);
    small_city_write(&small, "book", "table,note\nt,\n");
    small_city_write(&small, "t", "W,甲\nmargin,out:category\n1,#01\n一,1\n");
    cr_assert_eq(trial_open(small.directory, "t", small.diag, &trial), OK);
    trial.corpus = &corpus;
    trial.map = &map;
    cr_expect(trial.in_book);
    struct span table = learn_table(20, 1);
    cr_assert_eq(trial_ask_table(&trial, table, held, small.diag, verdicts), OK);
    cr_assert_eq(trial_ask_book(&trial, table, held, small.diag, verdicts), OK);
    for (uint32_t i = 0; i < corpus.count; i++) {
        cr_expect_eq(verdicts[i].label, corpus.messages[i].label, "%u", i);
        cr_expect_gt(verdicts[i].lead, 0);
        if (!verdicts[i].to_desk)
            cr_expect_eq(verdicts[i].by_book, 1u << corpus.messages[i].label, "%u", i);
    }
    trial_close(&trial);
    struct span bad = span_of_string("W,甲\nmargin,out:category\n1,#01\n");
    cr_assert_eq(trial_open(small.directory, "t", small.diag, &trial), OK);
    cr_expect_eq(trial_ask_table(&trial, bad, held, small.diag, verdicts), ERR_INVALID);
    trial_close(&trial);
}

Test(learn, the_margin_is_the_least_that_is_precise)
{
    struct message messages[6] = {{.label = 0}, {.label = 0}, {.label = 0},
                                  {.label = 0}, {.label = 0}, {.label = 0}};
    struct verdict verdicts[6] = {{0, 50, 0, false}, {0, 40, 0, false}, {1, 30, 0, false},
                                  {0, 20, 0, false}, {1, 10, 0, false}, {0, 10, 0, false}};
    struct corpus six = {.labels_count = 2, .messages = messages, .count = 6};
    cr_expect_eq(report_margin(&six, verdicts, 1.0), 40);
    cr_expect_eq(report_margin(&six, verdicts, 0.75), 20, "also 3 of 4, and more are decided");
    cr_expect_eq(report_margin(&six, verdicts, 0.5), 10, "both of the same lead, or neither");
}

/* -- messages of citizens ---------------------------------------------------------------------- */

/* Less than the best that can be learned, of half of them with few rows, so that it takes seconds.
 */
Test(learn, messages_of_citizens_are_told_apart)
{
    static const char shared[] = "../shared/data/complaints/labelled_shared.tsv";
    struct trial trial;
    struct lesson lesson;
    struct learned learned;
    struct label_map map;
    if (access(shared, R_OK) != 0)
        cr_skip_test("%s is not there", shared);
    cr_assert_eq(corpus_read(shared, small.arena, small.diag, &corpus), OK);
    corpus_group(&corpus);
    cr_assert_eq(trial_open("cities/leshan", "subject", small.diag, &trial), OK);
    cr_assert_eq(label_map_read("cities/leshan/learning/labels.csv", trial.city->city, &corpus,
                                small.arena, small.diag, &map),
                 OK);
    bool *held = arena_take(small.arena, corpus.count);
    struct verdict *verdicts = arena_take(small.arena, corpus.count * sizeof *verdicts);
    for (uint32_t i = 0; i < corpus.count; i++)
        held[i] = corpus.messages[i].group % 2 == 0;
    lesson_make(&corpus, held, &lesson);
    learn(&lesson, 1000, 1, &learned);
    trial.corpus = &corpus;
    trial.map = &map;
    struct span table = learned_write(&learned, &corpus, &map, 60, small.arena);
    cr_assert_eq(trial_ask_table(&trial, table, held, small.diag, verdicts), OK);
    uint32_t asked = 0;
    uint32_t right = 0;
    for (uint32_t i = 0; i < corpus.count; i++) {
        asked += held[i];
        right += held[i] && verdicts[i].label == corpus.messages[i].label;
    }
    fprintf(stderr, "learn: %u of %u (%.1f %%) by 1,000 keywords of the others\n", right, asked,
            100.0 * right / asked);
    cr_expect_gt(right * 100, asked * 86);
    learned_free(&learned);
    trial_close(&trial);
}
