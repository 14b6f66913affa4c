# How long cases waited for their acknowledgement, from the tables marks and histogram.
load "style.gnuplot"

set title heading("How long a case waited for its acknowledgement") textcolor rgb ink font ",15"
set ylabel "share of the cases, %" textcolor rgb pale
stats "histogram" using 1 name "low" nooutput
stats "histogram" using 2 name "high" nooutput
stats "histogram" using (100 * $3) name "share" nooutput
left = low_min / 1.3
right = high_max * 1.3
set logscale x 10
set xrange [left:right]
set yrange [0:share_max * 1.4] # room for what is said of the marks

# Over a few decades 1, 10, 100 will do; less has 2 and 5 between them.
decades = log10(right / left)
set xtics ()
do for [power=0:8] {
    do for [step=1:3] {
        at = word("1 2 5", step) * 10.0 ** power
        if (step == 1 || decades < 2.5) { set xtics add (round_unit(at) at) }
    }
}

do for [i=1:4] {
    us = i == 1 ? p50 : i == 2 ? p99 : i == 3 ? p999 : sync
    says = (i == 4 ? "one fdatasync" : word("p50 p99 p99.9", i)) . " " . unit(us)
    colour = word(dark . " " . orange . " " . red . " " . pale, i)
    top = i == 4 ? 0.98 : 1.055 - 0.075 * i
    dash = i == 4 ? 2 : 1
    if (us > left && us < right) {
        set arrow i from us, graph 0 to us, graph top nohead front linecolor rgb colour \
            linewidth (i == 4 ? 1 : 2) dashtype dash
        # Left of its mark, unless it would run over the axis there.
        if (log10(us / left) > 0.2 * decades) {
            set label i says at us, graph top - 0.02 right front textcolor rgb colour offset -0.5, 0
        } else {
            set label i says at us, graph top - 0.02 left front textcolor rgb colour offset 0.5, 0
        }
    }
}

plot "histogram" using (sqrt($1 * $2)):(100 * $3):1:2:(0):(100 * $3) with boxxyerror \
    linecolor rgb blue fillstyle solid noborder
