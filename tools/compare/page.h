/* page - an HTML page that stands alone: its style and charts are in it, it needs no script and no
 * network, and it prints on A4.
 *
 * Whoever writes one calls page_begin(), then sections, tables and charts in turn, then page_end().
 * All text goes through page_text(), so that a name with a < in it is a name.
 */
#ifndef TOOLS_COMPARE_PAGE_H
#define TOOLS_COMPARE_PAGE_H

#include "base/span.h"

#include <stdint.h>
#include <stdio.h>

void page_begin(FILE *out, const char *title);
void page_end(FILE *out);

/* Of a section, in both languages. */
void page_heading(FILE *out, const char *title, const char *english);

/* Text, with what HTML would take for its own escaped. */
void page_text(FILE *out, struct span text);
void page_string(FILE *out, const char *text);

/* At most so many columns of it, with an ellipsis where there is more; wide characters count two.
 */
void page_clipped(FILE *out, struct span text, size_t columns);

/* 642,189 */
void page_count(FILE *out, uint64_t count);

/* 4.1 %, or < 0.1 % where it is not nothing. */
void page_share(FILE *out, uint64_t count, uint64_t all);

/* -- charts ------------------------------------------------------------------------------------ */

enum { CHART_WIDTH = 720, CHART_LABEL_BYTES = 128 };

/* A number with a name; `before` only in charts that compare. */
struct chart_bar {
    char label[CHART_LABEL_BYTES];
    uint64_t before, value;
};

/* One horizontal bar each, the longest as wide as there is room. */
void chart_bars(FILE *out, const char *what, const struct chart_bar *bars, uint32_t count);

/* Two each, before and after. */
void chart_pairs(FILE *out, const char *what, const struct chart_bar *bars, uint32_t count);

/* One column each, over time. */
void chart_columns(FILE *out, const char *what, const struct chart_bar *bars, uint32_t count);

/* What flows from nodes on the left to nodes on the right. */
struct chart_node {
    char label[CHART_LABEL_BYTES];
    const char *colour;
};
struct chart_flow {
    uint32_t from, to; /* nodes */
    uint64_t count;
};
enum { CHART_NODES_MAX = 16 };
void chart_flows(FILE *out, const char *what, const struct chart_node *nodes, uint32_t nodes_count,
                 const struct chart_flow *flows, uint32_t flows_count);

#endif
