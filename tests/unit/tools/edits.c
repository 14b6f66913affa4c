/* What was edited between two books is told by row and by cell, and by nothing that only stands
 * elsewhere. */
#include "tools/compare/edits.h"

#include "tests/support/small_city.h"

#include <criterion/criterion.h>

static const char assign[] = "F,事项,层级,职能\n,in:category,out:tier,out:function\n"
                             ",category,tier,function\n"
                             "urban,#0101,county,urban\n"
                             "rubbish,#0102,county,urban\n"
                             "else,-,city,desk\n";

static struct small_city cities[2];
static struct policy *policies[2];
static struct edits edits;

static void set_up(void)
{
    for (int i = 0; i < 2; i++) {
        small_city_make(&cities[i]);
        small_city_write(&cities[i], "book", "table,note\nassign,\n");
        small_city_write(&cities[i], "assign", assign);
        small_city_forget(&cities[i]);
    }
}

static void tear_down(void)
{
    for (int i = 0; i < 2; i++) {
        policy_destroy(&policies[i]);
        small_city_remove(&cities[i]);
    }
}

TestSuite(edits, .init = set_up, .fini = tear_down);

static void find(void)
{
    for (int i = 0; i < 2; i++) {
        enum err err = policy_load(cities[i].directory, cities[i].diag, &policies[i]);
        diag_print(cities[i].diag, stderr);
        cr_assert_eq(err, OK);
    }
    edits_find(policies[0], policies[1], cities[0].arena, &edits);
}

static void expect_edit(uint32_t index, const char *file, const char *row, enum edit_kind kind)
{
    cr_assert_lt(index, edits.count);
    const struct edit *edit = &edits.list[index];
    cr_expect_str_eq(edit->file, file);
    cr_expect(span_is(edit->row, row), "%.*s", SPAN_ARG(edit->row));
    cr_expect_eq(edit->kind, kind);
}

static void expect_cell(uint32_t index, uint32_t cell, const char *label, const char *before,
                        const char *after)
{
    cr_assert_lt(cell, edits.list[index].cells_count);
    const struct edited_cell *edited = &edits.list[index].cells[cell];
    cr_expect(span_is(edited->label, label), "%.*s", SPAN_ARG(edited->label));
    cr_expect(span_is(edited->before, before), "%.*s", SPAN_ARG(edited->before));
    cr_expect(span_is(edited->after, after), "%.*s", SPAN_ARG(edited->after));
}

Test(edits, the_same_files_have_none)
{
    find();
    cr_expect_eq(edits.count, 0);
    cr_expect_not(edits.reordered);
}

Test(edits, a_row_that_changed_tells_its_cells)
{
    small_city_write(&cities[1], "assign",
                     "F,事项,层级,职能,协办\n,in:category,out:tier,out:function,out:co\n"
                     ",category,tier,function,function\n"
                     "urban,#0101,city,urban,police\n"
                     "rubbish,#0102,county,urban,\n"
                     "else,-,city,desk,\n");
    find();
    cr_expect_eq(edits.kinds[EDIT_CHANGED], 2);
    expect_edit(0, "rules/assign.csv", "", EDIT_CHANGED);
    expect_edit(1, "rules/assign.csv", "urban", EDIT_CHANGED);
    cr_assert_eq(edits.list[1].cells_count, 2);
    expect_cell(1, 0, "层级", "county", "city");
    expect_cell(1, 1, "协办", "", "police");
}

Test(edits, rows_come_go_and_move)
{
    small_city_write(&cities[1], "assign",
                     "F,事项,层级,职能\n,in:category,out:tier,out:function\n"
                     ",category,tier,function\n"
                     "fund,#02,city,fund\n"
                     "else,-,city,desk\n"
                     "rubbish,#0102,county,urban\n");
    find();
    cr_expect(edits.reordered);
    cr_expect_eq(edits.count, 2);
    expect_edit(0, "rules/assign.csv", "fund", EDIT_ADDED);
    expect_edit(1, "rules/assign.csv", "urban", EDIT_REMOVED);
}

Test(edits, columns_may_stand_elsewhere)
{
    small_city_write(&cities[1], "assign",
                     "F,层级,职能,事项\n,out:tier,out:function,in:category\n"
                     ",tier,function,category\n"
                     "urban,county,urban,#0101\n"
                     "rubbish,county,urban,#0102\n"
                     "else,city,desk,-\n");
    find();
    cr_expect_eq(edits.count, 1, "the head");
}

Test(edits, a_column_that_went_is_told_by_what_stood_in_it)
{
    small_city_write(&cities[1], "assign",
                     "F,事项,职能\n,in:category,out:function\n,category,function\n"
                     "urban,#0101,urban\nrubbish,#0102,urban\nelse,-,desk\n");
    find();
    expect_edit(1, "rules/assign.csv", "urban", EDIT_CHANGED);
    expect_cell(1, 0, "层级", "county", "");
}

Test(edits, of_weights_tell_keywords_and_columns)
{
    for (int i = 0; i < 2; i++)
        small_city_write(&cities[i], "book", "table,note\nsubject,\nassign,\n");
    small_city_write(&cities[0], "subject",
                     "W,市容,公积金\nmargin,out:category,out:category\n10,#01,#02\n"
                     "垃圾,20,-5\n贷款,-5,20\n");
    small_city_write(&cities[1], "subject",
                     "W,市容,公积金\nmargin,out:category,out:category\n10,#01,#02\n"
                     "垃圾,20,-5\n贷款,-5,30\n路灯,20,-5\n");
    find();
    cr_expect_eq(edits.count, 2);
    expect_edit(0, "rules/subject.csv", "贷款", EDIT_CHANGED);
    expect_cell(0, 0, "公积金", "20", "30");
    expect_edit(1, "rules/subject.csv", "路灯", EDIT_ADDED);
}

Test(edits, tables_of_the_city_and_whole_tables_count_as_well)
{
    small_city_write(&cities[0], "../units",
                     "place,function,name,basis\n#511102,roads,-,\n"
                     "#511102,water,市中区水利局,\n");
    small_city_write(&cities[1], "../units",
                     "place,function,name,basis\n#511102,roads,-,\n"
                     "#511102,water,市中区水务中心,\n");
    small_city_write(&cities[1], "book", "table,note\nassign,\nlater,\n");
    small_city_write(&cities[1], "later",
                     "F,事项,时限\n,in:category,out:limit\n,category,limit\nelse,-,3wd\n");
    find();
    cr_expect_eq(edits.count, 3);
    expect_edit(0, "units.csv", "#511102, water", EDIT_CHANGED);
    expect_cell(0, 0, "name", "市中区水利局", "市中区水务中心");
    expect_edit(1, "rules/book.csv", "later", EDIT_ADDED);
    expect_edit(2, "rules/later.csv", "else", EDIT_ADDED);
}

Test(edits_part, of_a_long_text_is_what_differs, .init = NULL, .fini = NULL)
{
    struct edited_cell cell = {
        .before = span_of_string("any(施工噪音, 工地噪音, 打桩, 深夜施工, 半夜施工, 噪声扰民)"),
        .after = span_of_string("any(施工噪音, 工地噪音, 打桩声, 深夜施工, 半夜施工, 噪声扰民)")};
    struct span before, after;
    cr_expect_gt(edits_part(&cell, &before, &after), 0);
    cr_expect(span_is(before, "打桩, 深夜施工, 半夜施工, 噪声扰民)"));
    cr_expect(span_is(after, "打桩声, 深夜施工, 半夜施工, 噪声扰民)"));
    cell =
        (struct edited_cell){.before = span_of_string("county"), .after = span_of_string("city")};
    cr_expect_eq(edits_part(&cell, &before, &after), 0);
    cr_expect(span_is(before, "county"));
}
