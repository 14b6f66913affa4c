/* comparison_edits - what was edited, on a comparison's page. */
#include "tools/compare/comparison.h"
#include "tools/compare/page.h"

enum {
    EDITS_SHOWN = 12, /* of a file */
    CELL_COLUMNS = 60,
};

static void write_edited_cell(FILE *out, const struct edited_cell *cell)
{
    struct span none = span_of_string("-");
    struct span before, after;
    const char *cut = edits_part(cell, &before, &after) > 0 ? "…" : "";
    page_text(out, cell->label);
    fprintf(out, ": %s", cut);
    page_clipped(out, before.bytes > 0 ? before : none, CELL_COLUMNS);
    fprintf(out, " → <b>%s", cut);
    page_clipped(out, after.bytes > 0 ? after : none, CELL_COLUMNS);
    fputs("</b><br>", out);
}

static void write_edit(FILE *out, const struct edit *edit)
{
    fputs("<tr><td><code>", out);
    page_string(out, edit->file);
    fputs("</code></td><td><code>", out);
    page_clipped(out, edit->row.bytes > 0 ? edit->row : span_of_string("(表头 head)"),
                 CELL_COLUMNS);
    fprintf(out, "</code></td><td>%s %s</td><td>", edit_kind_labels[edit->kind],
            edit_kind_names[edit->kind]);
    for (uint32_t i = 0; i < edit->cells_count; i++)
        write_edited_cell(out, &edit->cells[i]);
    fputs("</td></tr>\n", out);
}

static void write_more_edits(FILE *out, const char *file, uint32_t count)
{
    fputs("<tr><td><code>", out);
    page_string(out, file);
    fprintf(out, "</code></td><td></td><td></td><td>另有 %u 处 others</td></tr>\n", count);
}

void comparison_write_edits(const struct edits *edits, FILE *out)
{
    page_heading(out, "目录改动", "what was edited");
    fprintf(out, "<p>修改 changed %u · 新增 added %u · 删除 removed %u%s</p>\n",
            edits->kinds[EDIT_CHANGED], edits->kinds[EDIT_ADDED], edits->kinds[EDIT_REMOVED],
            edits->reordered ? " · 有行换了次序 some stand in another order" : "");
    if (edits->count == 0)
        return;
    fputs("<table>\n<thead><tr><th>文件 file</th><th>行 row</th><th></th><th>单元格 cells</th></tr>"
          "</thead>\n",
          out);
    for (uint32_t i = 0; i < edits->count; i++) {
        uint32_t limit = comparison_file_limit(edits, i);
        for (uint32_t j = i; j < limit && j < i + EDITS_SHOWN; j++)
            write_edit(out, &edits->list[j]);
        if (limit > i + EDITS_SHOWN)
            write_more_edits(out, edits->list[i].file, limit - i - EDITS_SHOWN);
        i = limit - 1;
    }
    fputs("</table>\n", out);
}
