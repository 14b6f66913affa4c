/* comparison_page - the same as a page to be read at a table: charts first, then who and why. */
#include "base/check.h"
#include "base/utf8.h"
#include "domain/city/date.h"
#include "domain/explain.h"
#include "tools/compare/comparison.h"
#include "tools/compare/page.h"

#include <stdlib.h>

enum {
    CARDS_OF_ROWS = 12,
    TABLE_ROWS = 25,
    INNER_ROWS = 6,
    CELL_COLUMNS = 60,
};

static const char *const side_titles[SIDES] = {"旧 OLD", "新 NEW"};

/* -- pieces ------------------------------------------------------------------------------------ */

static void write_end(FILE *out, const struct pair *pair, uint32_t end)
{
    uint32_t disposition = (uint32_t)change_end_disposition(pair, end);
    if (change_end_is_unit(pair, end)) {
        page_text(out, pair_unit_name(pair, end));
        fputs(" <span class=\"key\">", out);
        page_text(out, pair_unit_key(pair, end));
        fputs("</span>", out);
        return;
    }
    page_string(out, word_label(&disposition_words, disposition));
    fprintf(out, " <span class=\"key\">%s</span>", word_name(&disposition_words, disposition));
}

static void write_value(FILE *out, const struct pair *pair, uint32_t aspect,
                        const struct value *value)
{
    char text[CHANGE_TEXT_BYTES_MAX];
    if (aspect == ASPECT_WHERE) {
        write_end(out, pair, value->words[0]);
        return;
    }
    change_value_text(pair, aspect, value, text);
    page_string(out, text);
}

static void write_row(FILE *out, const struct pair *pair, enum side side, struct row row)
{
    fputs("<code>", out);
    page_text(out, change_row_text(pair, side, row));
    fputs("</code>", out);
}

static void write_category(FILE *out, const struct pair *pair, uint32_t category)
{
    if (category == COMMON_NONE) {
        fputs("无事项 none", out);
        return;
    }
    page_text(out, pair_category_name(pair, category));
    fputs(" <span class=\"key\">#", out);
    page_text(out, pair_category_code(pair, category));
    fputs("</span>", out);
}

static void write_samples(FILE *out, const struct comparison *comparison,
                          const struct samples *samples)
{
    struct sampler *sampler = comparison->sampler;
    fputs("<p class=\"samples\">例 e.g. ", out);
    for (uint32_t i = 0; i < samples->count; i++) {
        sampler_read(sampler, samples->serials[i]);
        fputs(sampler->titles ? "<br><code>" : "<code>", out);
        page_string(out, sampler->number);
        fputs("</code>", out);
        page_string(out, sampler->title);
    }
    fputs("</p>\n", out);
}

static void write_counts(FILE *out, uint64_t count, uint64_t all)
{
    fputs("<td class=\"n\">", out);
    page_count(out, count);
    fputs("</td><td class=\"n\">", out);
    page_share(out, count, all);
    fputs("</td>", out);
}

static void write_others(FILE *out, uint32_t groups, uint64_t tickets)
{
    fprintf(out, "<p class=\"pale\">另有 %u 项 others: ", groups);
    page_count(out, tickets);
    fputs("</p>\n", out);
}

/* -- head -------------------------------------------------------------------------------------- */

static void write_books(FILE *out, const struct comparison *comparison)
{
    fputs("<div class=\"books\">\n", out);
    for (enum side side = 0; side < SIDES; side++) {
        fprintf(out, "<div class=\"book%s\"><b>%s</b>", side == SIDE_NEW ? " new" : "",
                side_titles[side]);
        page_string(out, comparison->books[side]);
        fprintf(out, "<br><code>%.16s</code></div>\n", comparison->hashes[side]);
    }
    fputs("</div>\n", out);
}

static void write_card(FILE *out, const char *class, uint64_t count, uint64_t all,
                       const char *label, const char *english)
{
    fprintf(out, "<div class=\"card%s\"><b>", class);
    page_count(out, count);
    fprintf(out, "</b>%s<i>%s", label, english);
    if (all > 0) {
        fputs(", ", out);
        page_share(out, count, all);
    }
    fputs("</i></div>\n", out);
}

static void write_cards(FILE *out, const struct difference *difference)
{
    uint64_t all = difference->tickets;
    fputs("<div class=\"cards\">\n", out);
    write_card(out, " main", difference->aspects[ASPECT_WHERE], all, "件去向改变",
               "would go elsewhere");
    write_card(out, "", difference->aspects[ASPECT_CLOCK], all, "件时限改变", "another clock");
    write_card(out, "", difference->changed, all, "件办理有变", "handled otherwise in any way");
    write_card(out, "", all, 0, "件参与比对", "tickets compared");
    fputs("</div>\n", out);
}

static void write_notes(FILE *out, const struct difference *difference)
{
    for (enum side side = 0; side < SIDES; side++)
        if (difference->not_resolved[side] > 0) {
            fprintf(out, "<p class=\"more\">%s: ", side_titles[side]);
            page_count(out, difference->not_resolved[side]);
            fputs(
                " 件的地点或事项在该目录中已不存在，交由热线 name a place or category that it does "
                "not know, and go to its desk.</p>\n",
                out);
        }
    if (difference->erased > 0) {
        fputs("<p class=\"pale\">", out);
        page_count(out, difference->erased);
        fputs(" 件内容已删除，未参与比对 had their story erased and are not compared.</p>\n", out);
    }
    if (difference->by_other_rows > 0) {
        fputs("<p class=\"pale\">", out);
        page_count(out, difference->by_other_rows);
        fputs(" 件结果相同，但由另一行决定 come out the same by another row.</p>\n", out);
    }
}

static void write_head(FILE *out, const struct comparison *comparison)
{
    const struct difference *difference = comparison->difference;
    char from[DATE_BYTES_MAX], to[DATE_BYTES_MAX], made[DATE_BYTES_MAX];
    int32_t first, last;
    fputs("<h1>派单目录比对<small>two rule books compared</small></h1>\n<p class=\"pale\">", out);
    page_string(out, comparison->store);
    if (comparison_days(difference, &first, &last)) {
        date_format(first, from);
        date_format(last, to);
        fprintf(out, " · %s – %s", from, to);
    }
    date_format(day_of_ms(comparison->made_ms), made);
    fprintf(out, " · 制于 made %s</p>\n", made);
    write_books(out, comparison);
    write_cards(out, difference);
    write_notes(out, difference);
}

/* -- what rows say ----------------------------------------------------------------------------- */

static void write_cells(FILE *out, const struct explained_cell *cells, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        fputs(i > 0 ? "; " : "", out);
        page_text(out, cells[i].label);
        fputs(" <b>", out);
        page_clipped(out, cells[i].value.bytes > 0 ? cells[i].value : cells[i].cell, CELL_COLUMNS);
        fputs("</b>", out);
    }
}

/* The conditions of a row and what it writes, in the book's own words. */
static void write_saying(FILE *out, const struct pair *pair, enum side side, struct row row)
{
    struct arena *arena = arena_create();
    struct explained_row *explained = arena_take(arena, sizeof *explained);
    if (row.table != ROW_NONE.table) {
        explain_row(pair->policies[side], row, arena, explained);
        fprintf(out, "<p class=\"says\">%s: ", side_titles[side]);
        write_cells(out, explained->conditions, explained->conditions_count);
        fputs(" ⇒ ", out);
        write_cells(out, explained->outputs, explained->outputs_count);
        fputs("</p>\n", out);
    }
    arena_destroy(&arena);
}

/* -- groups ------------------------------------------------------------------------------------ */

static void write_inner(FILE *out, const struct comparison *comparison, const struct group *group)
{
    const struct difference *difference = comparison->difference;
    struct groups inner = groups_fold(difference->pair, &difference->groups, group->key.aspect,
                                      KEEP_VALUES, group, KEEP_ROWS);
    uint64_t rest = group->count;
    fputs("<table>\n", out);
    for (uint32_t i = 0; i < inner.count && i < INNER_ROWS; i++) {
        fputs("<tr><td class=\"n\">", out);
        page_count(out, inner.list[i].count);
        fputs("</td><td>", out);
        write_end(out, difference->pair, inner.list[i].key.values[SIDE_OLD].words[0]);
        fputs(" → ", out);
        write_end(out, difference->pair, inner.list[i].key.values[SIDE_NEW].words[0]);
        fputs("</td></tr>\n", out);
        rest -= inner.list[i].count;
    }
    fputs("</table>\n", out);
    if (inner.count > INNER_ROWS)
        write_others(out, inner.count - INNER_ROWS, rest);
    groups_free(&inner);
}

static void write_row_card(FILE *out, const struct comparison *comparison,
                           const struct group *group)
{
    const struct difference *difference = comparison->difference;
    fputs("<div class=\"group\">\n<h3><div>", out);
    write_row(out, difference->pair, SIDE_OLD, group->key.rows[SIDE_OLD]);
    fputs(" → ", out);
    write_row(out, difference->pair, SIDE_NEW, group->key.rows[SIDE_NEW]);
    fputs("</div><span>", out);
    page_count(out, group->count);
    fputs(" · ", out);
    page_share(out, group->count, difference->tickets);
    fputs("</span></h3>\n", out);
    for (enum side side = 0; side < SIDES; side++)
        write_saying(out, difference->pair, side, group->key.rows[side]);
    write_inner(out, comparison, group);
    write_samples(out, comparison, &group->samples);
    fputs("</div>\n", out);
}

static void write_rows(FILE *out, const struct comparison *comparison)
{
    const struct difference *difference = comparison->difference;
    struct groups groups =
        groups_fold(difference->pair, &difference->groups, ASPECT_WHERE, KEEP_ROWS, NULL, 0);
    uint64_t rest = difference->aspects[ASPECT_WHERE];
    page_heading(out, "由哪一行决定", "by which rows");
    for (uint32_t i = 0; i < groups.count && i < CARDS_OF_ROWS; i++) {
        write_row_card(out, comparison, &groups.list[i]);
        rest -= groups.list[i].count;
    }
    if (groups.count > CARDS_OF_ROWS)
        write_others(out, groups.count - CARDS_OF_ROWS, rest);
    groups_free(&groups);
}

static void write_cell_of(FILE *out, const struct comparison *comparison, const struct group *group,
                          uint32_t keep)
{
    const struct pair *pair = comparison->difference->pair;
    if (keep & KEEP_CATEGORY) {
        fputs("<td>", out);
        write_category(out, pair, group->key.category);
        fputs("</td>", out);
    }
    for (enum side side = 0; side < SIDES && keep & KEEP_VALUES; side++) {
        fputs("<td>", out);
        write_value(out, pair, group->key.aspect, &group->key.values[side]);
        if (keep & KEEP_ROWS) {
            fputs("<br>", out);
            write_row(out, pair, side, group->key.rows[side]);
        }
        fputs("</td>", out);
    }
}

/* A table of groups, with their samples below each where asked. */
static void write_table(FILE *out, const struct comparison *comparison, uint32_t aspect,
                        uint32_t keep, bool samples)
{
    const struct difference *difference = comparison->difference;
    struct groups groups =
        groups_fold(difference->pair, &difference->groups, aspect, keep, NULL, 0);
    uint64_t rest = difference->aspects[aspect];
    fprintf(out,
            "<table>\n<thead><tr>%s<th class=\"n\">件数 tickets</th><th class=\"n\">占比 "
            "share</th></tr></thead>\n",
            keep & KEEP_CATEGORY ? "<th>事项 category</th>" : "<th>旧 old</th><th>新 new</th>");
    for (uint32_t i = 0; i < groups.count && i < TABLE_ROWS; i++) {
        const struct group *group = &groups.list[i];
        fputs("<tr>", out);
        write_cell_of(out, comparison, group, keep);
        write_counts(out, group->count, difference->tickets);
        fputs("</tr>\n", out);
        if (samples) {
            fputs("<tr><td colspan=\"4\">", out);
            write_samples(out, comparison, &group->samples);
            fputs("</td></tr>\n", out);
        }
        rest -= group->count;
    }
    fputs("</table>\n", out);
    if (groups.count > TABLE_ROWS)
        write_others(out, groups.count - TABLE_ROWS, rest);
    groups_free(&groups);
}

static void write_moves(FILE *out, const struct comparison *comparison)
{
    const struct difference *difference = comparison->difference;
    if (difference->aspects[ASPECT_WHERE] == 0)
        return;
    write_rows(out, comparison);
    page_heading(out, "从哪个单位到哪个单位", "from which unit to which");
    write_table(out, comparison, ASPECT_WHERE, KEEP_VALUES, false);
    page_heading(out, "按事项", "by category");
    write_table(out, comparison, ASPECT_WHERE, KEEP_CATEGORY, false);
}

void comparison_print_page(const struct comparison *comparison, FILE *out)
{
    const struct difference *difference = comparison->difference;
    page_begin(out, "派单目录比对 two rule books compared");
    write_head(out, comparison);
    comparison_draw(difference, out);
    write_moves(out, comparison);
    for (uint32_t i = ASPECT_WHERE + 1; i < ASPECTS; i++) {
        if (difference->aspects[i] == 0)
            continue;
        page_heading(out, aspect_kinds[i].label, aspect_kinds[i].title);
        write_table(out, comparison, i, KEEP_VALUES | KEEP_ROWS, true);
    }
    comparison_write_edits(comparison->edits, out);
    fputs(
        "<footer>"
        "每件工单按受理时的内容、时刻和派单模式，由两份目录各判一次；热线后来的更正和实际办理不计。"
        "Each case is decided by both books as it came in, at the hour and under the regime of "
        "then; "
        "what the desk or the units did since is not looked at. "
        "<code>lianxin rules diff</code></footer>\n",
        out);
    page_end(out);
}
