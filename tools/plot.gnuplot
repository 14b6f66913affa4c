# A day of the hotline, as SVG, from the tables hours and open in the folder that it is started in;
# plot.sh makes them. The fonts are whatever the onlooker's own are.
set encoding utf8
set terminal svg size 900,420 fixed font "sans-serif,13" background "#ffffff"

ink = "#24292f"
pale = "#57606a"
red = "#b42318"
set border 3 linecolor rgb pale
set tics nomirror out scale 0.5 textcolor rgb pale

# The columns stand at 0, 1, 2 and so on, so an hour begins half a column before its own.
set style data histograms
set style histogram rowstacked
set style fill solid noborder
set boxwidth 0.84
set xrange [-0.5:23.5]
set xtics ()
set for [hour=0:24:3] xtics add (sprintf("%02d:00", hour) hour - 0.5)

set ylabel "cases an hour 每小时诉求" textcolor rgb pale
set yrange [0:*]
set y2label "tickets open 在办工单" textcolor rgb red
set y2range [0:*]
set y2tics textcolor rgb red

set title "A made-up day of Leshan's hotline 乐山热线的一天（模拟）" textcolor rgb ink font ",15"
# Few turn to a hotline at night, so there is room for the legend. A grid of gnuplot's own would stop
# short of it.
set key top left Left reverse invert samplen 1.5 spacing 1.25 font ",12" textcolor rgb ink
stats "hours" using (sum [i=1:6] column(i)) nooutput
set for [y=50:STATS_max:50] arrow from graph 0, first y to graph 1, first y nohead back \
    linecolor rgb "#e4e7eb"

plot "hours" using 1 title "to a township or village 乡镇、村" linecolor rgb "#5fbfa8", \
    "" using 2 title "to a county unit 县级" linecolor rgb "#4a86c5", \
    "" using 3 title "to a city unit 市级" linecolor rgb "#1f4e8c", \
    "" using 4 title "to the desk, in doubt 存疑" linecolor rgb "#e8912d", \
    "" using 5 title "elsewhere or attached 转接、告知、并入" linecolor rgb "#98a2ae", \
    "" using 6 title "answered on the spot 直接答复" linecolor rgb "#d8dfe7", \
    "open" using ($1 - 0.5):2 axes x1y2 with lines linewidth 2.5 linecolor rgb red notitle
