# How latency grows with the rate at which cases come, from the tables marks and series.
load "style.gnuplot"

set title heading("How long a case waited for its acknowledgement, by the rate at which cases come") \
    textcolor rgb ink font ",15"
set xlabel "cases a second" textcolor rgb pale
set logscale xy 10
stats "series" using "rate" name "rate" nooutput
stats "series" using "ack_us.p50" name "low" nooutput
stats "series" using "ack_us.p999" name "high" nooutput
bottom = sync > 0 && sync < low_min ? sync : low_min
set xrange [rate_min / 1.4:rate_max * 1.4]
set yrange [bottom / 2:high_max * 4]
decades = log10(rate_max / rate_min)
set xtics ()
set ytics ()
do for [i=1:27] {
    if (is_told(i, decades)) { set xtics add (group(told(i)) told(i)) }
    if (i % 3 == 1) { set ytics add (round_unit(told(i)) told(i)) }
}
unset mxtics
set key top left Left reverse horizontal
if (sync > 0) {
    set arrow from graph 0, first sync to graph 1, first sync nohead linecolor rgb pale dashtype 2
    set label "one fdatasync " . unit(sync) at graph 0.99, first sync right offset 0, 0.6 \
        textcolor rgb pale
}

plot "series" using "rate":"ack_us.p999" with linespoints pointtype 7 pointsize 0.6 linewidth 2 \
        linecolor rgb red title "p99.9", \
    "" using "rate":"ack_us.p99" with linespoints pointtype 7 pointsize 0.6 linewidth 2 \
        linecolor rgb orange title "p99", \
    "" using "rate":"ack_us.p50" with linespoints pointtype 7 pointsize 0.6 linewidth 2 \
        linecolor rgb dark title "p50"
