/* What the check says of a book: each kind of finding, where it stands, the case that shows it, and
 * what it says where nothing is wrong. Whether it finds all there is, is in check_random.c and
 * check_leshan.c.
 */
#include "tests/support/checked.h"
#include "tests/support/small_city.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct small_city small;
static struct checked checked;

static void set_up(void)
{
    small_city_make(&small);
}

static void tear_down(void)
{
    checked_close(&checked);
    small_city_remove(&small);
}

TestSuite(check, .init = set_up, .fini = tear_down);

/* A book of one table, or of two. */
static void use(const char *text)
{
    if (checked.diag != NULL)
        checked_close(&checked);
    small_city_write(&small, "book", "table,note\nt,\n");
    small_city_write(&small, "t", text);
    checked_open(small.directory, &checked);
    cr_assert_not_null(checked.findings, "%s", small_city_finding(&small, 0));
}

static void use_two(const char *first, const char *second)
{
    if (checked.diag != NULL)
        checked_close(&checked);
    small_city_write(&small, "book", "table,note\nfirst,\nt,\n");
    small_city_write(&small, "first", first);
    small_city_write(&small, "t", second);
    checked_open(small.directory, &checked);
    cr_assert_not_null(checked.findings);
}

static const struct check_finding *expect(enum flaw flaw, const char *about, enum severity severity)
{
    const struct check_finding *finding = checked_find(&checked, flaw, about);
    if (finding == NULL)
        checked_print(&checked);
    cr_assert_not_null(finding, "no %s,%s", flaw_name(flaw), about);
    cr_expect_eq(finding->severity, severity, "%s", finding->text);
    cr_expect_neq(finding->remedy[0], '\0');
    return finding;
}

static void expect_none(enum flaw flaw)
{
    for (uint32_t i = 0; i < checked.findings->count; i++)
        if (checked.findings->list[i].flaw == flaw)
            cr_expect(false, "%s: %s", checked.findings->list[i].about,
                      checked.findings->list[i].text);
}

#define SHOWN(finding, row) checked_comes_to(&checked, (finding)->witness, row)

Test(check, finds_nothing_in_a_book_that_is_whole)
{
    use("U,,,,,\n,in:category,out:function,out:tier,out:limit,out:sign\n"
        ",category,function,tier,limit,limit\n"
        "a,\"#01, #02\",urban,county,2h,30min\nb,#03,fund,city,2h,30min\nelse,-,desk,city,2h,1h\n");
    for (uint32_t i = 0; i < checked.findings->count; i++)
        cr_expect_eq(checked.findings->list[i].flaw, FLAW_UNREACHED, "%s",
                     checked.findings->list[i].text);
}

Test(check, counts_what_a_table_leaves_out_and_shows_one_of_it)
{
    use("U,,,\n,in:type,in:urgency,out:tier\n,type,urgency,tier\n"
        "a,\"help, complaint\",-,city\nb,not(help),normal,county\nc,report,not(normal),city\n");
    expect(FLAW_OVERLAP, "t/b", SEVERITY_ERROR);
    use("U,,,\n,in:type,in:urgency,out:tier\n,type,urgency,tier\n"
        "a,\"help, complaint\",-,city\nb,\"not(help, complaint)\",normal,county\n"
        "c,report,not(normal),city\n");
    const struct check_finding *gap = expect(FLAW_GAP, "t", SEVERITY_ERROR);
    cr_expect_str_eq(gap->text, "no row holds for 6 combinations of what table t asks, 33 % of "
                                "all, and there is no else row");
    cr_expect_neq(gap->witness->urgency, URGENCY_NORMAL);
    cr_expect(gap->witness->type != TYPE_HELP && gap->witness->type != TYPE_COMPLAINT &&
              gap->witness->type != TYPE_REPORT);
    cr_expect_eq(gap->line, 1);
    use("P,,,\n,in:type,in:urgency,out:tier\n,type,urgency,\"county, city\"\n"
        "a,\"help, complaint\",-,city\nb,\"not(help, complaint)\",normal,county\n"
        "c,not(complaint),not(normal),city\n");
    expect_none(FLAW_GAP);
    /* 24 hours in two columns are still 24 hours. */
    use("U,,,\n,in:hour,in:time,out:tier\n,number,time,tier\n"
        "a,[0..12),-,city\nb,-,>= 12:00,county\n");
    expect_none(FLAW_GAP);
    expect_none(FLAW_OVERLAP);
}

Test(check, shows_who_meets_whom_where_the_policy_forbids_it)
{
    use("U,,,\n,in:type,in:place,out:tier\n,type,place,tier\n"
        "a,help,#511126,city\nb,-,#511102,city\nc,\"help, report\",\"#511126001, "
        "#511102101\",city\n"
        "else,-,-,city\n");
    const struct check_finding *overlap = expect(FLAW_OVERLAP, "t/c", SEVERITY_ERROR);
    cr_expect_str_eq(overlap->text,
                     "rows a (line 4) and c hold for the same cases, which U forbids "
                     "(and so with 1 other row)");
    cr_expect_eq(overlap->line, 6);
    cr_expect(SHOWN(overlap, "t/a"));
    cr_expect_str_eq(overlap->shows,
                     "both hold for a call for help by phone in 乐山市/夹江县/漹城街道, on "
                     "2026-11-26 at 10:00",
                     "%s", overlap->shows);
    use("A,,,\n,in:type,in:place,out:tier\n,type,place,tier\n"
        "a,help,-,city\nb,-,#511102,city\nc,report,#511126,city\nd,report,#5111,county\n"
        "else,-,-,city\n");
    cr_expect_not_null(strstr(expect(FLAW_OVERLAP, "t/d", SEVERITY_ERROR)->text,
                              "write another out:tier, which A forbids"));
    cr_expect_null(checked_find(&checked, FLAW_OVERLAP, "t/b"));
}

/* Help is passed on, so no call for help is both a's and b's. */
Test(check, does_not_say_of_rows_that_no_case_brings_together_that_they_break_the_policy)
{
    static const char triage[] =
        "F,,,\n,in:type,out:disposition,out:advice\n,type,disposition,text\n"
        "help,help,transfer,119\nelse,-,dispatch,-\n";
    use_two(triage, "U,,,\n,in:type,out:tier\n,type,tier\n"
                    "a,help,city\nb,\"help, report\",city\nelse,-,city\n");
    const struct check_finding *finding = expect(FLAW_OVERLAP, "t/b", SEVERITY_UNDECIDED);
    cr_expect_null(finding->witness);
    use_two(triage, "U,,,\n,in:type,out:tier\n,type,tier\n"
                    "a,help,city\nc,report,city\nb,\"help, report\",city\nelse,-,city\n");
    finding = expect(FLAW_OVERLAP, "t/b", SEVERITY_ERROR);
    cr_expect_not_null(strstr(finding->text, "rows c (line 5) and b hold"), "%s", finding->text);
    cr_expect(SHOWN(finding, "t/c"));
}

Test(check, finds_rows_that_never_win_by_one_row_or_by_several)
{
    use("F,,,\n,in:type,in:place,out:tier\n,type,place,tier\n"
        "a,help,#511126,city\nb,help,#511126001,county\n"
        "c,report,-,city\nd,complaint,-,city\ne,\"report, complaint\",#511102,county\n"
        "else,-,-,village\n");
    const struct check_finding *one = expect(FLAW_SHADOWED, "t/b", SEVERITY_WARNING);
    cr_expect_str_eq(one->text, "row b never wins: wherever it holds, row a (line 4) holds too and "
                                "goes first");
    cr_expect(SHOWN(one, "t/a"));
    const struct check_finding *several = expect(FLAW_SHADOWED, "t/e", SEVERITY_WARNING);
    cr_expect_not_null(strstr(several->text, "one of the rows that go first holds too"));
    cr_expect(SHOWN(several, "t/c") || SHOWN(several, "t/d"));
    cr_expect_null(checked_find(&checked, FLAW_SHADOWED, "t/d"));
}

Test(check, knows_which_words_imply_which)
{
    use("F,,\n,in:text,out:tier\n,text,tier\n"
        "a,any(噪音),city\n"
        "b,any(夜间噪音) none(白天),county\n" /* has 噪音 in it */
        "c,all(施工) none(夜),city\n"
        "d,\"any(施工队, 施工机) none(夜, 演)\",county\n" /* c holds too */
        "e,any(施工) none(夜间),village\n"                /* but 夜 alone is neither */
        "else,-,city\n");
    expect(FLAW_SHADOWED, "t/b", SEVERITY_WARNING);
    expect(FLAW_SHADOWED, "t/d", SEVERITY_WARNING);
    cr_expect_null(checked_find(&checked, FLAW_SHADOWED, "t/e"));
    /* Whatever has one of them has the one or the other. */
    use("F,,\n,in:text,out:tier\n,text,tier\n"
        "a,any(甲),city\nb,any(乙),city\nc,\"any(甲丙, 乙丙)\",county\nelse,-,city\n");
    expect(FLAW_SHADOWED, "t/c", SEVERITY_WARNING);
    use("F,,\n,in:text,out:tier\n,text,tier\n"
        "a,any(甲) none(丁),city\nb,any(乙),city\nc,\"any(甲丙, 乙丙)\",county\nelse,-,city\n");
    cr_expect_null(checked_find(&checked, FLAW_SHADOWED, "t/c"));
}

Test(check, finds_rows_that_change_nothing)
{
    use("F,,,\n,in:type,in:place,out:tier\n,type,place,tier\n"
        "a,help,#511126,city\nb,help,-,city\n"
        "c,\"report, complaint\",-,county\nd,report,-,county\ne,complaint,-,county\n"
        "f,praise,-,village\ng,praise,#511126,city\nelse,-,-,village\n");
    const struct check_finding *one = expect(FLAW_SUBSUMED, "t/a", SEVERITY_WARNING);
    cr_expect_str_eq(one->text, "row a changes nothing: without it row b (line 5) would say the "
                                "same for all of its cases");
    cr_expect(SHOWN(one, "t/a"));
    cr_expect_not_null(
        strstr(expect(FLAW_REDUNDANT, "t/c", SEVERITY_WARNING)->text, "other rows, such as row "));
    /* Without f, g would come before the else row. */
    cr_expect_null(checked_find(&checked, FLAW_SUBSUMED, "t/f"));
    cr_expect_null(checked_find(&checked, FLAW_REDUNDANT, "t/f"));
}

Test(check, tells_one_row_that_stands_in_from_several)
{
    use("F,,,\n,in:type,in:applicant,out:tier\n,type,applicant,tier\n"
        "a,help,-,city\nb,help,citizen,city\nc,help,enterprise,city\n"
        "d,help,-,county\ne,-,-,city\nelse,-,-,village\n");
    expect(FLAW_REDUNDANT, "t/a", SEVERITY_WARNING); /* e has its cases, but not before d */
    expect(FLAW_SHADOWED, "t/b", SEVERITY_WARNING);
    expect(FLAW_SHADOWED, "t/d", SEVERITY_WARNING);
}

Test(check, finds_ties_that_the_file_decides)
{
    use("P,,,,\n,in:type,in:place,out:urgency,out:tier\n,type,place,\"critical, normal\",tier\n"
        "a,help,-,critical,city\nb,-,#511126,critical,county\nc,report,-,normal,city\n"
        "d,help,#511102,critical,city\nelse,-,-,normal,city\n");
    const struct check_finding *tie = expect(FLAW_TIE, "t/b", SEVERITY_WARNING);
    cr_expect(SHOWN(tie, "t/a"));
    cr_expect_null(checked_find(&checked, FLAW_TIE, "t/c"));
    cr_expect_null(checked_find(&checked, FLAW_TIE, "t/d"), "it says the same");
}

Test(check, tells_a_first_table_what_it_could_be)
{
    use("F,,\n,in:type,out:tier\n,type,tier\na,help,city\nb,report,county\nelse,-,city\n");
    cr_expect_not_null(strstr(expect(FLAW_FIRST, "t", SEVERITY_WARNING)->remedy, "write U"));
    use("F,,,,\n,in:type,in:place,out:tier,out:urgency\n,type,place,tier,urgency\n"
        "a,help,-,county,normal\nb,-,#511126,city,urgent\nc,report,-,village,normal\n"
        "else,-,-,city,-\n");
    cr_expect_not_null(strstr(expect(FLAW_FIRST, "t", SEVERITY_WARNING)->remedy,
                              "allowed values of out:tier in line 3 \"county, city, village\""));
    use("F,,,\n,in:type,in:place,out:tier\n,type,place,tier\n"
        "a,help,-,county\nb,-,#511126,city\nc,report,-,county\nelse,-,-,city\n");
    const struct check_finding *first = expect(FLAW_FIRST, "t", SEVERITY_WARNING);
    cr_expect_not_null(strstr(first->remedy, "until no two meet"));
    cr_expect(SHOWN(first, "t/a"));
}

Test(check, finds_what_no_case_comes_to)
{
    use_two("U,,\n,in:type,out:urgency\n,type,urgency\na,help,urgent\nelse,-,normal\n",
            "F,,,\n,in:urgency,in:date,out:tier\n,urgency,date,tier\n"
            "a,critical,-,city\nb,urgent,< 2026-11-26,city\nc,urgent,-,county\n"
            "d,normal,-,county\nelse,-,-,city\n");
    const struct check_finding *never = expect(FLAW_NEVER, "t/a", SEVERITY_WARNING);
    cr_expect_eq(never->line, 4);
    cr_expect_eq(never->column, 3);
    cr_expect_null(never->witness);
    expect(FLAW_EXPIRED, "t/b", SEVERITY_WARNING);
    const struct check_finding *otherwise = expect(FLAW_ELSE, "t/else", SEVERITY_WARNING);
    cr_expect_eq(otherwise->line, 8);
}

Test(check, finds_words_that_add_nothing)
{
    use("F,,\n,in:text,out:tier\n,text,tier\n"
        "a,\"any(噪音, 夜间噪音, 吵) none(白天, 大白天)\",city\nb,\"all(施工, 施工队)\",city\n"
        "else,-,city\n");
    const struct check_finding *keyword = expect(FLAW_KEYWORD, "t/a", SEVERITY_WARNING);
    cr_expect_str_eq(keyword->text,
                     "'噪音' stands in '夜间噪音', so in any(...) '夜间噪音' adds nothing");
    cr_expect(SHOWN(keyword, "t/a"));
    cr_expect_not_null(
        strstr(expect(FLAW_KEYWORD, "t/b", SEVERITY_WARNING)->text, "'施工' adds nothing"));
    use("C+,,,\n,in:text,out:category,out:weight\n,text,category,number\n"
        "a,\"any(噪音, 吵)\",#01,3\nb,\"any(吵, 噪音)\",#01,4\nc,\"any(吵, 噪音)\",#02,4\n");
    expect(FLAW_SUBSUMED, "t/b", SEVERITY_WARNING);
    cr_expect_null(checked_find(&checked, FLAW_SUBSUMED, "t/c"));
}

Test(check, finds_rows_that_add_nothing_where_all_rows_speak)
{
    use("R,,,\n,in:type,in:place,out:informed\n,type,place,function\n"
        "a,help,-,\"police, urban\"\nb,help,#511126,urban\nc,-,#511126,\"urban, health\"\n"
        "d,help,#511126001,health\n");
    const struct check_finding *list = expect(FLAW_SUBSUMED, "t/b", SEVERITY_WARNING);
    cr_expect_str_eq(list->text, "row b changes nothing: wherever it holds, row a (line 4) holds "
                                 "too and says as much");
    cr_expect(SHOWN(list, "t/a"));
    expect(FLAW_SUBSUMED, "t/d", SEVERITY_WARNING);
    cr_expect_null(checked_find(&checked, FLAW_SUBSUMED, "t/a"));
    cr_expect_null(checked_find(&checked, FLAW_SUBSUMED, "t/c"));
    /* By the order of rows an earlier one matters for where its functions stand. */
    use("R,,,\n,in:type,in:place,out:informed\n,type,place,function\n"
        "a,help,#511126,urban\nb,help,-,\"police, urban\"\n");
    cr_expect_null(checked_find(&checked, FLAW_SUBSUMED, "t/a"));
    use("O,,,\n,in:type,in:place,out:informed\n,type,place,\"police, urban\"\n"
        "a,help,#511126,urban\nb,help,-,\"police, urban\"\n");
    expect(FLAW_SUBSUMED, "t/a", SEVERITY_WARNING);
    use("C<,,,\n,in:type,in:place,out:limit\n,type,place,limit\n"
        "a,help,-,2h\nb,help,#511126,3wd\nc,-,#511126,24h\nd,help,#511102,30min\n");
    expect(FLAW_SUBSUMED, "t/b", SEVERITY_WARNING);
    cr_expect_null(checked_find(&checked, FLAW_SUBSUMED, "t/c"));
    cr_expect_null(checked_find(&checked, FLAW_SUBSUMED, "t/d"));
    const struct check_finding *gap = expect(FLAW_GAP, "t", SEVERITY_ERROR);
    cr_expect_neq(gap->witness->type, TYPE_HELP);
    use("C>,,,\n,in:text,out:category,out:weight\n,text,category,number\n"
        "a,any(噪音),#01,5\nb,any(夜间噪音),#01,4\nc,any(夜间噪音),#02,4\nd,any(噪音),#01,3\n");
    expect(FLAW_SUBSUMED, "t/b", SEVERITY_WARNING);
    expect(FLAW_SUBSUMED, "t/d", SEVERITY_WARNING);
    cr_expect_null(checked_find(&checked, FLAW_SUBSUMED, "t/c"));
}

Test(check, finds_who_has_no_owner_and_who_gets_no_case)
{
    use("U,,,,\n,in:category,in:type,out:function,out:tier\n,category,type,function,tier\n"
        "a,#0101,-,urban,county\nb,#02,not(praise),general,township\nelse,-,-,desk,city\n");
    const struct check_finding *none = expect(FLAW_UNOWNED, "#01", SEVERITY_WARNING);
    cr_expect_eq(none->line, 2);
    cr_expect_str_eq(none->text, "category #01 城市管理 has no owner, nor have 1 below it: no row "
                                 "but the else row names a function for it");
    cr_expect(SHOWN(none, "t/else"));
    cr_expect_not_null(
        strstr(expect(FLAW_UNOWNED, "#02", SEVERITY_WARNING)->text, "has no owner for praise"));
    cr_expect_null(checked_find(&checked, FLAW_UNOWNED, "#0201"), "it is said of #02");
    expect(FLAW_UNREACHED, "police", SEVERITY_WARNING);
    cr_expect_not_null(strstr(expect(FLAW_UNREACHED, "general.village", SEVERITY_WARNING)->text,
                              "4 of the 4 units of general at the tier village"));
    cr_expect_null(checked_find(&checked, FLAW_UNREACHED, "general.township"));
    cr_expect_null(checked_find(&checked, FLAW_UNREACHED, "desk"));
}

Test(check, guards_that_functional_duties_end_at_the_county)
{
    use("U,,,\n,in:category,out:function,out:tier\n,category,function,tier\n"
        "a,#01,urban,township\nelse,-,general,township\n");
    const struct check_finding *asked = expect(FLAW_DUTY, "t/a", SEVERITY_ERROR);
    cr_expect_eq(asked->column, 13);
    cr_expect(SHOWN(asked, "t/a"));
    cr_expect_null(checked_find(&checked, FLAW_DUTY, "t/else"));
    small_city_write(&small, "../units", "place,function,name,basis\n511126001,police,派出所,\n");
    use("U,,,,\n,in:category,out:function,out:co,out:tier\n,category,function,function,tier\n"
        "a,#01,general,police,township\nelse,-,desk,-,city\n");
    const struct check_finding *lands = expect(FLAW_DUTY, "t/a", SEVERITY_ERROR);
    cr_expect_not_null(strstr(lands->text, "511126001000.police"));
    cr_expect(SHOWN(lands, "t/a"));
}

Test(check, guards_that_emergencies_have_a_clock_in_hours)
{
    use("P,,,,,\n,in:type,in:urgency,out:urgency,out:limit,out:sign\n"
        ",type,urgency,\"critical, normal\",limit,limit\n"
        "a,help,-,critical,2h,30min\nb,-,critical,critical,1wd,30min\nelse,-,-,normal,7wd,1wd\n");
    const struct check_finding *clock = expect(FLAW_CLOCK, "t/b", SEVERITY_ERROR);
    cr_expect_eq(clock->line, 5);
    cr_expect(SHOWN(clock, "t/b"));
    /* By rows of two tables, the second of which forgets what the first has said. */
    use_two("U,,,\n,in:type,out:urgency,out:limit\n,type,urgency,limit\n"
            "a,help,critical,2h\nelse,-,normal,7wd\n",
            "U,,,\n,in:place,out:limit,out:sign\n,place,limit,limit\n"
            "a,#511126,3wd,2h\nelse,-,-,2h\n");
    const struct check_finding *both = expect(FLAW_CLOCK, "t/a", SEVERITY_ERROR);
    cr_expect_not_null(strstr(both->text, "first/a, t/a"));
    cr_expect(SHOWN(both, "first/a") && SHOWN(both, "t/a"));
    /* Past a table that has such cases already, by a word that it forbids. */
    use_two("F,,\n,in:text,out:disposition\n,text,disposition\n"
            "a,any(着火) none(演练),transfer\nelse,-,dispatch\n",
            "P,,,,\n,in:text,out:urgency,out:limit,out:sign\n"
            ",text,\"critical, normal\",limit,limit\n"
            "a,any(正在着火),critical,3wd,2h\nelse,-,normal,7wd,1wd\n");
    const struct check_finding *past = expect(FLAW_CLOCK, "t/a", SEVERITY_ERROR);
    cr_expect(SHOWN(past, "t/a") && SHOWN(past, "first/else"));
    use("U,,,\n,in:urgency,out:limit,out:sign\n,urgency,limit,limit\n"
        "a,critical,2h,30min\nb,urgent,1wd,-\nelse,-,2wd,1wd\n");
    expect(FLAW_CLOCK, "t/b", SEVERITY_WARNING);
}

Test(check, says_plainly_what_it_cannot_tell)
{
    /* More words than a search has room for. */
    char text[8192] = "F,,\n,in:text,out:tier\n,text,tier\na,\"all(";
    for (int i = 0; i < 100; i++)
        sprintf(text + strlen(text), "%s甲%d乙", i > 0 ? ", " : "", i);
    strcat(text, ")\",city\nelse,-,county\n");
    use(text);
    const struct check_finding *open = expect(FLAW_SHADOWED, "t/a", SEVERITY_UNDECIDED);
    cr_expect_not_null(strstr(open->text, "whether row a can win could not be told"));
    cr_expect_eq(findings_count(checked.findings, SEVERITY_UNDECIDED), 1);
    struct diag *diag = diag_create();
    cr_expect_eq(check_book(checked.policy, 20783, diag), OK, "it may well be right");
    diag_destroy(&diag);
}

Test(check, takes_waivers_of_warnings_and_says_which_are_idle)
{
    small_city_write(&small, "waivers",
                     "finding,row,by,reason\nfirst,t,王芳,先专后通\n"
                     "shadowed,t/b,王芳,留着\nwrong,t,王芳,留着\n");
    use("F,,\n,in:type,out:tier\n,type,tier\na,help,city\nb,-,county\nelse,-,city\n");
    const struct check_finding *first = expect(FLAW_FIRST, "t", SEVERITY_WARNING);
    cr_expect_str_eq(first->waived_by, "王芳");
    cr_expect_str_eq(first->waived_for, "先专后通");
    cr_expect_eq(findings_waived(checked.findings), 1);
    cr_expect_eq(expect(FLAW_WAIVER, "t/b", SEVERITY_WARNING)->line, 3);
    cr_expect_not_null(strstr(expect(FLAW_WAIVER, "t", SEVERITY_WARNING)->text, "is no finding"));
    cr_expect_null(checked_find(&checked, FLAW_UNREADABLE, ""));
    small_city_write(&small, "waivers", "finding,row,by,reason\nfirst,t,,\n");
    checked_close(&checked);
    checked_open(small.directory, &checked);
    cr_expect_null(checked.findings);
    cr_expect_eq(diag_count(checked.diag), 2);
}

Test(check, adds_errors_alone_to_what_a_loader_says)
{
    use("F,,\n,in:type,out:tier\n,type,tier\na,help,city\nb,report,county\n");
    struct diag *diag = diag_create();
    cr_expect_eq(check_book(checked.policy, 20783, diag), ERR_INVALID);
    cr_expect_eq(diag_count(diag), 1);
    cr_expect_not_null(strstr(diag_at(diag, 0)->text, "no row holds for"));
    diag_destroy(&diag);
}
