# What becomes of throughput and latency as the store grows, from the tables marks and series.
load "style.gnuplot"

set title heading("With so many years in the store") textcolor rgb ink font ",15"
stats "series" using "cases_per_second" name "speed" nooutput
stats "series" using (column("ack_us.p99") / 1000) name "waited" nooutput
thousand = speed_max >= 10000 ? 1000 : 1
set ylabel (thousand == 1 ? "cases a second" : "thousand cases a second") textcolor rgb pale
set y2label "waited for acknowledgement, p99, ms" textcolor rgb red
set xlabel "years" textcolor rgb pale
set xrange [-0.6:speed_records - 0.4]
set yrange [0:speed_max / thousand * 1.3]
set y2range [0:waited_max * 1.3]
set y2tics textcolor rgb red
set style fill solid noborder
set boxwidth 0.5
set key top left Left reverse horizontal

# The years stand side by side, however many lie between them.
plot "series" using 0:(column("cases_per_second") / thousand):xtic(strcol("years")) with boxes \
        linecolor rgb blue title "cases a second", \
    "" using 0:(column("ack_us.p99") / 1000) axes x1y2 with linespoints pointtype 7 pointsize 0.8 \
        linewidth 2 linecolor rgb red title "p99"
