# How long cases waited for their acknowledgement, from the tables marks and histogram.
load "style.gnuplot"

set title heading("How long a case waited for its acknowledgement") textcolor rgb ink font ",15"
set ylabel "share of the cases, %" textcolor rgb pale
stats "histogram" using 1 name "low" nooutput
stats "histogram" using 2 name "high" nooutput
stats "histogram" using (100 * $3) name "share" nooutput
left = low_min / 1.3
right = high_max * 1.3
# What is said of a flush stands left of it, so that needs a fifth of the width.
if (sync > left && sync < right && right / (right / sync) ** 1.25 < left) {
    left = right / (right / sync) ** 1.25
}
set logscale x 10
set xrange [left:right]
set yrange [0:share_max * 1.45] # room for what is said of the marks

decades = log10(right / left)
set xtics ()
do for [i=1:27] {
    if (is_told(i, decades)) { set xtics add (round_unit(told(i)) told(i)) }
}

# What is further right is as a rule larger and its mark taller, so that no mark runs through what is
# said of another.
do for [i=1:4] {
    us = i == 1 ? sync : i == 2 ? p50 : i == 3 ? p99 : p999
    says = (i == 1 ? "one fdatasync" : word("- p50 p99 p99.9", i)) . " " . unit(us)
    colour = word(pale . " " . dark . " " . orange . " " . red, i)
    top = 0.68 + 0.075 * i
    dash = i == 1 ? 2 : 1
    if (us > left && us < right) {
        set arrow i from us, graph 0 to us, graph top nohead front linecolor rgb colour \
            linewidth (i == 1 ? 1 : 2) dashtype dash
        # Left of its mark, unless it would run over the axis there.
        if (log10(us / left) > 0.13 * decades) {
            set label i says at us, graph top - 0.02 right front textcolor rgb colour offset -0.5, 0
        } else {
            set label i says at us, graph top - 0.02 left front textcolor rgb colour offset 0.5, 0
        }
    }
}

plot "histogram" using (sqrt($1 * $2)):(100 * $3):1:2:(0):(100 * $3) with boxxyerror \
    linecolor rgb blue fillstyle solid noborder
