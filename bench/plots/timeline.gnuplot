# What went on stretch by stretch, from the tables marks and timeline: cases above, latency below.
load "style.gnuplot"
set terminal svg size 900,500 fixed font "sans-serif,13" background "#ffffff"

stats "timeline" using 2 name "end" nooutput
stats "timeline" using ($3 > $4 ? $3 : $4) name "cases" nooutput
stats "timeline" using 5 name "waited" nooutput
thousand = cases_max >= 10000 ? 1000 : 1
ms = waited_max >= 1000 ? 1000 : 1
set xrange [0:end_max]
set lmargin 10
set rmargin 4
set multiplot

set origin 0, 0.4
set size 1, 0.6
set bmargin 0.7
set tmargin 4.5
set title heading("What went in and came out") textcolor rgb ink font ",15"
set ylabel (thousand == 1 ? "cases a second" : "thousand cases a second") textcolor rgb pale
set yrange [0:cases_max / thousand * 1.3]
set format x ""
set key top left Left reverse horizontal
plot "timeline" using (($1 + $2) / 2):($3 / thousand):1:2:(0):($3 / thousand) with boxxyerror \
        linecolor rgb "#d8dfe7" fillstyle solid noborder title "acknowledged", \
    "" using (($1 + $2) / 2):($4 / thousand) with histeps linewidth 2 linecolor rgb dark title "received"

set origin 0, 0
set size 1, 0.4
set bmargin 3.2
set tmargin 0.7
unset title
unset key
set ylabel "waited (p99), " . (ms == 1 ? "µs" : "ms") textcolor rgb pale
set yrange [0:waited_max / ms * 1.1]
set xlabel "seconds" textcolor rgb pale
set format x "%g"
# Where nothing was acknowledged, the line goes on to where something was.
plot "timeline" using (($1 + $2) / 2):($5 > 0 ? $5 / ms : NaN) with histeps linewidth 2 linecolor rgb orange
unset multiplot
