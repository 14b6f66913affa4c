/* Cells of in:text columns: what they ask for, shown as text; and what is said of those that make
 * no sense, or can never hold. */
#include "domain/rules/text_cell.h"
#include "domain/rules/cell.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct arena *arena;
static struct keywords *keywords;
static char fault[256];

static void set_up(void)
{
    arena = arena_create();
    keywords = keywords_create(arena);
}

static void tear_down(void)
{
    arena_destroy(&arena);
}

TestSuite(text_cell, .init = set_up, .fini = tear_down);

static bool parse(const char *text, struct text_cell *cell)
{
    memset(fault, 0, sizeof fault);
    return text_cell_parse(keywords, cell_fold(span_of_string(text), arena), arena, cell, fault,
                           sizeof fault);
}

/* "any(噪音,噪声) none(演练)", or "-". */
static const char *show(const struct text_cell *cell)
{
    static const char *const kinds[] = {"any", "all", "none"};
    static char text[1024];
    size_t used = (size_t)snprintf(text, sizeof text, "%s", cell->count == 0 ? "-" : "");
    for (uint32_t i = 0; i < cell->count; i++) {
        const struct text_clause *clause = &cell->clauses[i];
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s(", i > 0 ? " " : "",
                                 kinds[clause->kind]);
        for (uint32_t j = 0; j < clause->count; j++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s", j > 0 ? "," : "",
                                     SPAN_ARG(keyword_text(keywords, clause->keywords[j])));
        used += (size_t)snprintf(text + used, sizeof text - used, ")");
    }
    return text;
}

static void expect(const char *text, const char *asked)
{
    struct text_cell cell;
    cr_expect(parse(text, &cell), "%s: %s", text, fault);
    cr_expect_str_eq(show(&cell), asked, "%s is %s, not %s", text, show(&cell), asked);
}

static void expect_fault(const char *text, const char *begins)
{
    struct text_cell cell;
    cr_expect(!parse(text, &cell), "%s", text);
    cr_expect(strncmp(fault, begins, strlen(begins)) == 0, "%s: %s", text, fault);
}

Test(text_cell, clauses_are_read_as_they_are_meant)
{
    expect("-", "-");
    expect("", "-");
    expect("any(噪音)", "any(噪音)");
    expect("any(噪音, 噪声)", "any(噪音,噪声)");
    expect("any(噪音, 噪声) all(夜间, 施工) none(演练)",
           "any(噪音,噪声) all(夜间,施工) none(演练)");
    expect("any(a), any(b)none(c)", "any(a) any(b) none(c)");
    expect("none (演练)\nany (噪音)", "none(演练) any(噪音)");
    expect(" any( 噪 音 ),", "any(噪音)");
}

Test(text_cell, full_width_signs_and_all_that_texts_are_folded_by_count_alike)
{
    expect("any（噪聲、ＫＴＶ，歌廳）　none（演練）", "any(噪声,ktv,歌厅) none(演练)");
    expect("any(Wi Fi)", "any(wi fi)");
    expect("any(？)", "any(?)");
    expect("any(😀, 5G)", "any(😀,5g)");
}

Test(text_cell, equal_keywords_share_a_number)
{
    struct text_cell a;
    struct text_cell b;
    cr_assert(parse("any(噪音, 噪 音) all(夜间)", &a));
    cr_assert(parse("none(夜間)", &b));
    cr_expect_eq(keywords_count(keywords), 2);
    cr_expect_eq(a.clauses[0].keywords[0], a.clauses[0].keywords[1]);
    cr_expect_eq(a.clauses[1].keywords[0], b.clauses[0].keywords[0]);
}

Test(text_cell, what_is_no_clause_is_said)
{
    expect_fault("噪音",
                 "'噪音' is no clause; write any(噪音, 噪声), all(夜间, 施工) or none(演练)");
    expect_fault("some(噪音)", "'some' is no clause");
    expect_fault("any(噪音) 噪声", "'噪声' is no clause");
    expect_fault("Any(噪音)", "'Any' is no clause");
    expect_fault("(噪音)", "'' is no clause");
    expect_fault("any", "'any' is no clause");
    expect_fault("any(噪音))", "')' is no clause");
    expect_fault("not(any(噪音))", "'not' is no clause");
    expect_fault("absent", "'absent' is no clause");
    expect_fault("any(噪音) -", "'-' is no clause");
}

Test(text_cell, brackets_are_closed_and_stand_side_by_side)
{
    expect_fault("any(噪音", "the bracket of any( is never closed; add )");
    expect_fault("any(噪音) none(", "the bracket of none( is never closed");
    expect_fault("any(噪音 all(夜间))", "has a bracket inside the brackets of any(...)");
}

Test(text_cell, keywords_are_there_and_fit)
{
    char text[600];
    expect_fault("any()", "a keyword is missing in any(...); write any(噪音, 噪声)");
    expect_fault("none( )", "a keyword is missing in none(...)");
    expect_fault("all(夜间,)", "a keyword is missing in all(...)");
    expect_fault("all(夜间，，施工)", "a keyword is missing in all(...)");
    expect_fault("any(\xE2\x80\x8B)", "a keyword is missing in any(...)");
    snprintf(text, sizeof text, "any(%0256d)", 0);
    struct text_cell cell;
    cr_expect(parse(text, &cell), "%s", fault);
    snprintf(text, sizeof text, "any(%0257d)", 0);
    expect_fault(text, "'000000000000000000000000000000000000000000000000...' is too long for a "
                       "keyword; one has at most 256 bytes");
}

Test(text_cell, a_cell_has_an_end)
{
    char text[8192] = "";
    for (int i = 0; i < TEXT_CLAUSES_MAX; i++)
        strcat(text, "any(a) ");
    struct text_cell cell;
    cr_expect(parse(text, &cell), "%s", fault);
    strcat(text, "any(b)");
    expect_fault(text, "has more than 16 clauses");
    snprintf(text, sizeof text, "any(a");
    for (int i = 1; i < TEXT_CELL_KEYWORDS_MAX; i++)
        strcat(text, ",a");
    strcat(text, ")");
    cr_expect(parse(text, &cell), "%s", fault);
    strcat(text, " all(b)");
    expect_fault(text, "lists more than 512 keywords");
}

Test(text_cell, what_can_never_hold_is_said)
{
    expect_fault(
        "any(噪音) none(噪音)",
        "'噪音' in any(...) can never count, since none(...) forbids '噪音'; take out eit");
    expect_fault("none(噪) all(夜间, 噪音)",
                 "'噪音' in all(...) can never count, since none(...) f");
    expect_fault("any(施工, 夜间噪音) none(演练, 噪 聲, 间噪)",
                 "'夜间噪音' in any(...) can never count, since none(...) forbids '间噪'");
    expect("any(噪) none(噪音)", "any(噪) none(噪音)");
}

/* The longest that a fault may have to show. */
Test(text_cell, faults_fit)
{
    char text[640];
    char keyword[KEYWORD_BYTES_MAX + 1] = "";
    while (strlen(keyword) + 3 <= KEYWORD_BYTES_MAX)
        strcat(keyword, "噪");
    snprintf(text, sizeof text, "all(%s) none(%s)", keyword, keyword);

    expect_fault(text, "'噪噪噪噪噪噪噪噪噪噪噪噪噪噪噪噪' in all(...) can never count");
    cr_expect_str_eq(fault + strlen(fault) - 6, "either");
}
