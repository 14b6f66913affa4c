/* chart - the charts of a page, as SVG. */
#include "base/check.h"
#include "tools/compare/page.h"

#include <inttypes.h>

enum {
    LABEL_WIDTH = 236, /* of bars */
    VALUE_WIDTH = 92,
    BAR_HEIGHT = 16,
    BAR_STEP = 25,
    PAIR_STEP = 31,
    LABEL_COLUMNS = 34,
    COLUMNS_HEIGHT = 170,
    AXIS_WIDTH = 56,
    FLOW_HEIGHT = 190,
    FLOW_GAP = 12,
    NODE_WIDTH = 14,
    NODE_HEIGHT = 26,
    NODE_LABEL = 170,
};

static const char blue[] = "#1f4e8c", grey[] = "#b8c2cd", pale[] = "#5b6773", line[] = "#dfe4ea";

static void begin(FILE *out, const char *what, uint32_t height)
{
    fputs("<figure>\n<svg role=\"img\" aria-label=\"", out);
    page_string(out, what);
    fprintf(out, "\" viewBox=\"0 0 %d %u\" xmlns=\"http://www.w3.org/2000/svg\">\n", CHART_WIDTH,
            height);
}

static void end(FILE *out, const char *what)
{
    fputs("</svg>\n<figcaption>", out);
    page_string(out, what);
    fputs("</figcaption>\n</figure>\n", out);
}

static void text_at(FILE *out, double x, double y, const char *anchor, const char *colour,
                    const char *text)
{
    fprintf(out,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"12\" text-anchor=\"%s\" style=\"fill:%s\">", x,
            y, anchor, colour);
    page_clipped(out, span_of_string(text), LABEL_COLUMNS);
    fputs("</text>\n", out);
}

static void count_at(FILE *out, double x, double y, const char *anchor, const char *colour,
                     uint64_t count)
{
    fprintf(out,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"12\" text-anchor=\"%s\" style=\"fill:%s\">", x,
            y, anchor, colour);
    page_count(out, count);
    fputs("</text>\n", out);
}

static void rectangle(FILE *out, double x, double y, double width, double height,
                      const char *colour)
{
    if (width <= 0)
        return;
    fprintf(out,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"1.5\" fill=\"%s\"/>\n",
            x, y, width < 0.6 ? 0.6 : width, height, colour);
}

static uint64_t greatest(const struct chart_bar *bars, uint32_t count)
{
    uint64_t most = 1;
    for (uint32_t i = 0; i < count; i++) {
        most = bars[i].value > most ? bars[i].value : most;
        most = bars[i].before > most ? bars[i].before : most;
    }
    return most;
}

void chart_bars(FILE *out, const char *what, const struct chart_bar *bars, uint32_t count)
{
    const double room = CHART_WIDTH - LABEL_WIDTH - VALUE_WIDTH;
    double most = (double)greatest(bars, count);
    begin(out, what, count * BAR_STEP + 4);
    for (uint32_t i = 0; i < count; i++) {
        double y = i * BAR_STEP + 4;
        double width = room * (double)bars[i].value / most;
        text_at(out, LABEL_WIDTH - 10, y + 12.5, "end", "inherit", bars[i].label);
        rectangle(out, LABEL_WIDTH, y, width, BAR_HEIGHT, blue);
        count_at(out, LABEL_WIDTH + width + 7, y + 12.5, "start",
                 bars[i].value > 0 ? "inherit" : pale, bars[i].value);
    }
    end(out, what);
}

/* +476 or -3,810, where the bars end. */
static void change_at(FILE *out, double y, const struct chart_bar *bar)
{
    bool more = bar->value > bar->before;
    uint64_t change = more ? bar->value - bar->before : bar->before - bar->value;
    fprintf(out,
            "<text x=\"%d\" y=\"%.1f\" font-size=\"12\" font-weight=\"600\" text-anchor=\"end\" "
            "style=\"fill:%s\">%s",
            CHART_WIDTH, y, more ? "#b45309" : "#2f7d5b", more ? "+" : "−");
    page_count(out, change);
    fputs("</text>\n", out);
}

void chart_pairs(FILE *out, const char *what, const struct chart_bar *bars, uint32_t count)
{
    enum { HEIGHT = 11 };
    const double room = CHART_WIDTH - LABEL_WIDTH - 2 * VALUE_WIDTH + 30;
    double most = (double)greatest(bars, count);
    begin(out, what, count * PAIR_STEP + 4);
    for (uint32_t i = 0; i < count; i++) {
        double y = i * PAIR_STEP + 4;
        double before = room * (double)bars[i].before / most;
        double after = room * (double)bars[i].value / most;
        text_at(out, LABEL_WIDTH - 10, y + 16, "end", "inherit", bars[i].label);
        rectangle(out, LABEL_WIDTH, y, before, HEIGHT, grey);
        rectangle(out, LABEL_WIDTH, y + HEIGHT + 2, after, HEIGHT, blue);
        count_at(out, LABEL_WIDTH + before + 6, y + 10, "start", pale, bars[i].before);
        count_at(out, LABEL_WIDTH + after + 6, y + HEIGHT + 12, "start", "inherit", bars[i].value);
        change_at(out, y + 16, &bars[i]);
    }
    end(out, what);
}

/* 1, 2 or 5 times a power of ten, so that three or so of them reach the top. */
static uint64_t step_of(uint64_t most)
{
    uint64_t step = 1;
    for (uint32_t i = 0; most / step > 4; i++)
        step = i % 3 == 1 ? step / 2 * 5 : step * 2;
    return step;
}

void chart_columns(FILE *out, const char *what, const struct chart_bar *bars, uint32_t count)
{
    uint64_t most = greatest(bars, count);
    uint64_t step = step_of(most);
    uint32_t labelled = (count + 11) / 12;
    double room = (double)(CHART_WIDTH - AXIS_WIDTH) / count;
    double scale = (COLUMNS_HEIGHT - 14) / (double)most;
    begin(out, what, COLUMNS_HEIGHT + 24);
    for (uint64_t at = 0; at <= most; at += step) {
        double y = COLUMNS_HEIGHT - scale * (double)at;
        fprintf(out, "<path d=\"M%d %.1fH%d\" stroke=\"%s\"/>\n", AXIS_WIDTH, y, CHART_WIDTH, line);
        count_at(out, AXIS_WIDTH - 8, y + 4, "end", pale, at);
    }
    for (uint32_t i = 0; i < count; i++) {
        double height = scale * (double)bars[i].value;
        double x = AXIS_WIDTH + i * room;
        if (bars[i].value > 0)
            rectangle(out, x + room * 0.1, COLUMNS_HEIGHT - height, room * 0.8, height, blue);
        if (i % labelled == 0)
            text_at(out, x + room / 2, COLUMNS_HEIGHT + 18, "middle", pale, bars[i].label);
    }
    end(out, what);
}

/* -- flows ------------------------------------------------------------------------------------- */

/* Where the nodes of one side stand, and how far down they are used up. */
struct stack {
    uint64_t counts[CHART_NODES_MAX];
    double tops[CHART_NODES_MAX], used[CHART_NODES_MAX];
};

/* Small nodes still need room for two lines of text beside them. Returns how far down they go. */
static double lay_out(struct stack *stack, uint32_t nodes_count, double scale)
{
    double y = 4;
    for (uint32_t i = 0; i < nodes_count; i++) {
        double height = scale * (double)stack->counts[i];
        stack->tops[i] = y + (height < NODE_HEIGHT ? (NODE_HEIGHT - height) / 2 : 0);
        stack->used[i] = stack->tops[i];
        if (stack->counts[i] > 0)
            y += (height < NODE_HEIGHT ? NODE_HEIGHT : height) + FLOW_GAP;
    }
    return y;
}

static void draw_node(FILE *out, const struct chart_node *node, uint64_t count, double x, double y,
                      double height, bool left)
{
    char text[CHART_LABEL_BYTES + 32];
    if (count == 0)
        return;
    rectangle(out, x, y, NODE_WIDTH, height < 1 ? 1 : height, node->colour);
    snprintf(text, sizeof text, "%s", node->label);
    double middle = y + height / 2;
    double beside = left ? x - 8 : x + NODE_WIDTH + 8;
    text_at(out, beside, middle - 1, left ? "end" : "start", "inherit", text);
    count_at(out, beside, middle + 13, left ? "end" : "start", pale, count);
}

/* A band from one side's node to the other's, in the colour of where it goes. */
static void draw_flow(FILE *out, const struct chart_flow *flow, const struct chart_node *nodes,
                      struct stack stacks[2], double scale)
{
    double height = scale * (double)flow->count;
    double left = NODE_LABEL + NODE_WIDTH, right = CHART_WIDTH - NODE_LABEL - NODE_WIDTH;
    double middle = (left + right) / 2;
    double y = stacks[0].used[flow->from], z = stacks[1].used[flow->to];
    stacks[0].used[flow->from] += height;
    stacks[1].used[flow->to] += height;
    fprintf(out,
            "<path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fV%.1fC%.1f %.1f %.1f %.1f %.1f "
            "%.1fZ\" fill=\"%s\" fill-opacity=\"0.38\"><title>",
            left, y, middle, y, middle, z, right, z, z + height, middle, z + height, middle,
            y + height, left, y + height, nodes[flow->to].colour);
    page_string(out, nodes[flow->from].label);
    fputs(" → ", out);
    page_string(out, nodes[flow->to].label);
    fputs(": ", out);
    page_count(out, flow->count);
    fputs("</title></path>\n", out);
}

void chart_flows(FILE *out, const char *what, const struct chart_node *nodes, uint32_t nodes_count,
                 const struct chart_flow *flows, uint32_t flows_count)
{
    struct stack stacks[2] = {{.counts = {0}}, {.counts = {0}}};
    uint64_t all = 0;
    CHECK(nodes_count <= CHART_NODES_MAX);
    for (uint32_t i = 0; i < flows_count; i++) {
        stacks[0].counts[flows[i].from] += flows[i].count;
        stacks[1].counts[flows[i].to] += flows[i].count;
        all += flows[i].count;
    }
    if (all == 0)
        return;
    double scale = FLOW_HEIGHT / (double)all;
    double left = lay_out(&stacks[0], nodes_count, scale);
    double right = lay_out(&stacks[1], nodes_count, scale);
    begin(out, what, (uint32_t)(left > right ? left : right));
    for (uint32_t from = 0; from < nodes_count; from++)
        for (uint32_t to = 0; to < nodes_count; to++)
            for (uint32_t i = 0; i < flows_count; i++)
                if (flows[i].from == from && flows[i].to == to)
                    draw_flow(out, &flows[i], nodes, stacks, scale);
    for (uint32_t i = 0; i < nodes_count; i++) {
        draw_node(out, &nodes[i], stacks[0].counts[i], NODE_LABEL, stacks[0].tops[i],
                  scale * (double)stacks[0].counts[i], true);
        draw_node(out, &nodes[i], stacks[1].counts[i], CHART_WIDTH - NODE_LABEL - NODE_WIDTH,
                  stacks[1].tops[i], scale * (double)stacks[1].counts[i], false);
    }
    end(out, what);
}
