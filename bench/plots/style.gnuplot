# What all plots share: paper, ink, numbers as people read them. The fonts are the onlooker's own.
set encoding utf8
set terminal svg size 900,420 fixed font "sans-serif,13" background "#ffffff"

ink = "#24292f"
pale = "#57606a"
line = "#e4e7eb"
blue = "#4a86c5"
dark = "#1f4e8c"
green = "#5fbfa8"
orange = "#e8912d"
red = "#b42318"

set border 3 linecolor rgb pale
set tics nomirror out scale 0.5 textcolor rgb pale
set grid ytics linetype 1 linecolor rgb line
set datafile missing "?"
set key noautotitle textcolor rgb pale font ",12" samplen 2 spacing 1.25

load "marks"

# 642189 as 642,189
group(n) = n < 1000 ? sprintf("%d", int(n)) : \
    n < 1e6 ? sprintf("%d,%03d", int(n) / 1000, int(n) % 1000) : \
    sprintf("%d,%03d,%03d", int(n) / 1000000, int(n) / 1000 % 1000, int(n) % 1000)
# Microseconds in the unit that suits them, three digits that count; or just as many as it takes.
digits(x) = x < 10 ? sprintf("%.2f", x) : x < 100 ? sprintf("%.1f", x) : sprintf("%.0f", x)
unit(us) = us < 1e3 ? digits(us) . " µs" : us < 1e6 ? digits(us / 1e3) . " ms" : digits(us / 1e6) . " s"
round_unit(us) = us < 1e3 ? sprintf("%g µs", us) : us < 1e6 ? sprintf("%g ms", us / 1e3) \
    : sprintf("%g s", us / 1e6)

# On a logarithmic axis, 1 2 5 10 20 50 ...: over a few decades 1, 10, 100 will do.
told(i) = word("5 1 2", i % 3 + 1) * 10.0 ** ((i - 1) / 3)
is_told(i, decades) = i % 3 == 1 || decades < 2.5

# The result that is drawn, and a heading with it in the second line.
what = profile . (cases > 0 ? ", " . group(cases) . " cases" : "") . (per_message > 1 ? \
    sprintf(", %d a message", per_message) : per_message == 1 ? ", one a message" : "")
heading(text) = text . "\n{/=12 " . what . "}"
