# How long an engine takes to its first answer, from the tables marks and series.
load "style.gnuplot"

set title heading("From the start of the process to its first answer") textcolor rgb ink font ",15"
stats "series" using "start_seconds" name "start" nooutput
set ylabel "seconds" textcolor rgb pale
set xlabel "years in the store" textcolor rgb pale
set xrange [-0.6:start_records - 0.4]
set yrange [0:start_max * 1.2]
set style fill solid noborder
set boxwidth 0.5

# The years stand side by side, however many lie between them.
plot "series" using 0:"start_seconds":xtic(strcol("years")) with boxes linecolor rgb green, \
    "" using 0:"start_seconds":(sprintf("%.2f s", column("start_seconds"))) with labels \
        offset 0, 0.7 textcolor rgb pale font ",12"
