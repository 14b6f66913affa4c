#include "tools/compare/page.h"

#include "base/utf8.h"

#include <inttypes.h>

static const char style[] =
    ":root{--ink:#1f2933;--pale:#5b6773;--line:#dfe4ea;--soft:#f5f7f9;--blue:#1f4e8c;"
    "--orange:#d9822b}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;padding:28px 32px 48px;max-width:960px;color:var(--ink);background:#fff;"
    "font:14px/1.55 'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',"
    "'WenQuanYi Micro Hei',system-ui,sans-serif}\n"
    "h1{font-size:26px;line-height:1.25;margin:0 0 4px;font-weight:650}\n"
    "h1 small,h2 small{font-weight:400;color:var(--pale);font-size:.68em;margin-left:.5em}\n"
    "h2{font-size:18px;margin:36px 0 10px;padding-bottom:6px;border-bottom:2px solid var(--ink);"
    "font-weight:650;break-after:avoid}\n"
    "p{margin:6px 0}\n"
    ".pale{color:var(--pale)}\n"
    "code{font:12.5px/1.4 ui-monospace,'DejaVu Sans Mono',Consolas,monospace}\n"
    ".books{display:grid;grid-template-columns:1fr 1fr;gap:14px;margin:18px 0}\n"
    ".book{border:1px solid var(--line);border-left:5px solid #98a2ae;border-radius:6px;"
    "padding:10px 14px;overflow-wrap:anywhere}\n"
    ".book.new{border-left-color:var(--blue)}\n"
    ".book b{display:block;font-size:12px;color:var(--pale);font-weight:600}\n"
    ".cards{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin:18px 0}\n"
    ".card{background:var(--soft);border-radius:6px;padding:12px 14px}\n"
    ".card b{display:block;font-size:25px;line-height:1.2;font-variant-numeric:tabular-nums;"
    "font-weight:650}\n"
    ".card.main{background:var(--blue);color:#fff}\n"
    ".card i{font-style:normal;font-size:12.5px;opacity:.85;display:block}\n"
    "figure{margin:14px 0;break-inside:avoid}\n"
    "figcaption{font-size:12.5px;color:var(--pale);margin-top:4px}\n"
    "svg{width:100%;height:auto;display:block}\n"
    "svg text{font-family:inherit;fill:var(--ink)}\n"
    "table{border-collapse:collapse;width:100%;margin:10px 0;font-size:13px}\n"
    "th{text-align:left;font-weight:600;color:var(--pale);font-size:12px;"
    "border-bottom:1px solid var(--ink);padding:4px 10px 4px 0;vertical-align:bottom}\n"
    "td{border-bottom:1px solid var(--line);padding:5px 10px 5px 0;vertical-align:top}\n"
    "tr{break-inside:avoid}\n"
    "thead{display:table-header-group}\n"
    ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    ".key{color:var(--pale);font-size:11.5px;white-space:nowrap}\n"
    ".group{border:1px solid var(--line);border-radius:6px;padding:12px 16px;margin:12px 0;"
    "break-inside:avoid}\n"
    ".group h3{margin:0 0 4px;font-size:15px;font-weight:600;display:flex;gap:12px;"
    "justify-content:space-between;align-items:baseline}\n"
    ".group h3 span{font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    ".says{margin:4px 0;font-size:12.5px;color:var(--pale)}\n"
    ".says b{color:var(--ink);font-weight:600}\n"
    ".samples{margin:8px 0 0;font-size:12px;color:var(--pale)}\n"
    ".samples code{display:inline-block;background:var(--soft);border-radius:4px;"
    "padding:1px 6px;margin:2px 4px 2px 0;color:var(--ink)}\n"
    ".more{color:var(--orange)}\n"
    "footer{margin-top:40px;padding-top:10px;border-top:1px solid var(--line);font-size:12px;"
    "color:var(--pale)}\n"
    "@page{size:A4;margin:15mm 14mm}\n"
    "@media print{body{padding:0;max-width:none;font-size:10.5pt;print-color-adjust:exact;"
    "-webkit-print-color-adjust:exact}h2{margin-top:20px}figure{margin:10px 0}.cards{gap:8px}}\n"
    "@media (max-width:640px){body{padding:18px 14px}.cards,.books{grid-template-columns:1fr 1fr}"
    "}\n";

void page_begin(FILE *out, const char *title)
{
    fputs("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
          out);
    page_string(out, title);
    fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", style);
}

void page_end(FILE *out)
{
    fputs("</body>\n</html>\n", out);
}

void page_heading(FILE *out, const char *title, const char *english)
{
    fprintf(out, "<h2>%s<small>%s</small></h2>\n", title, english);
}

void page_text(FILE *out, struct span text)
{
    for (size_t i = 0; i < text.bytes; i++)
        switch (text.data[i]) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            putc(text.data[i], out);
        }
}

void page_string(FILE *out, const char *text)
{
    page_text(out, span_of_string(text));
}

void page_clipped(FILE *out, struct span text, size_t columns)
{
    struct span shown = text;
    while (utf8_columns(shown) > columns)
        shown = utf8_clip(shown, shown.bytes - 1);
    page_text(out, shown);
    if (shown.bytes < text.bytes)
        fputs("…", out);
}

void page_count(FILE *out, uint64_t count)
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            putc(',', out);
        putc(digits[i], out);
    }
}

void page_share(FILE *out, uint64_t count, uint64_t all)
{
    double share = all == 0 ? 0 : 100.0 * (double)count / (double)all;
    if (count > 0 && share < 0.05)
        fputs("&lt; 0.1 %", out);
    else
        fprintf(out, "%.1f %%", share);
}
