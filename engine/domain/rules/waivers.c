#include "domain/rules/waivers.h"

static const char *const header[] = {"finding", "row", "by", "reason"};
enum { COLUMNS = sizeof header / sizeof header[0] };

static void check_said(const struct sheet *sheet, const struct waiver *waiver, struct cell by,
                       struct cell reason, struct diag *diag)
{
    if (waiver->finding.bytes == 0 || waiver->row.bytes == 0)
        sheet_complain(sheet, waiver->where, diag,
                       "a waiver names the finding and the row, as rules check prints them");
    if (waiver->by.bytes == 0)
        sheet_complain(sheet, by, diag, "a waiver has the name of whoever answers for it");
    if (waiver->reason.bytes == 0)
        sheet_complain(sheet, reason, diag, "a waiver has a reason");
}

void waivers_read(struct folder folder, struct arena *arena, struct diag *diag,
                  struct waivers *waivers)
{
    struct sheet sheet;
    *waivers = (struct waivers){.path = WAIVERS_FILE};
    if (!folder_has(folder, WAIVERS_FILE) ||
        folder_read(folder, WAIVERS_FILE, arena, diag, &sheet) != OK)
        return;
    waivers->path = sheet.path;
    waivers->source = sheet.source;
    if (!sheet_has_header(&sheet, header, COLUMNS, diag))
        return;
    struct waiver *list = arena_take(arena, sheet.count * sizeof *list);
    for (uint32_t i = 1; i < sheet.count; i++) {
        const struct sheet_row *row = &sheet.rows[i];
        if (!sheet_fits(&sheet, row, COLUMNS, diag))
            continue;
        struct waiver *waiver = &list[waivers->count++];
        *waiver = (struct waiver){row->cells[0].text, row->cells[1].text, row->cells[2].text,
                                  row->cells[3].text, row->cells[0]};
        check_said(&sheet, waiver, row->cells[2], row->cells[3], diag);
    }
    waivers->list = list;
}
