#!/bin/sh
# Draws a day of the hotline from what the engine published on it: plot.sh PROGRAM PICTURE
#
# The day is the one that `lianxin simulate day` makes where it is told nothing more. Its store is
# served once more afterwards, and every event read from the feeds. So the same program and the same
# city give the same picture.
set -eu
export LC_ALL=C.UTF-8 # numbers with a point

root=$(cd "$(dirname "$0")/.." && pwd)
program=${1:?plot.sh PROGRAM PICTURE}
picture=${2:?plot.sh PROGRAM PICTURE}
work=$(mktemp -d)
engine=

finish() {
    [ -z "$engine" ] || kill "$engine" 2>/dev/null || true
    wait
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# Reads events, and writes two tables: how many cases came in each hour, by what became of them; and
# how many tickets were open, every five minutes.
count() { # HOURS OPEN
    awk -v hours="$1" -v open="$2" '
        function value(text, key) { # of a name in JSON, without quotes
            if (!match(text, "\"" key "\":\"?[^\",}]*"))
                return ""
            text = substr(text, RSTART, RLENGTH)
            gsub("^\"" key "\":\"?", "", text)
            return text
        }
        function main_part(event) { # of whoever had it before, the state is returned
            match(event, /"unit":"[^"]*","role":"main","state":"(issued|signed|answered|closed)"/)
            return substr(event, RSTART, RLENGTH)
        }
        function column(event,    disposition, place) {
            disposition = value(event, "disposition")
            place = substr(value(main_part(event), "unit"), 1, 12)
            return disposition == "on_the_spot" ? 6 : disposition != "dispatch" ? 5 \
                : event ~ /"doubts":/ ? 4 : place ~ /00000000$/ ? 3 : place ~ /000000$/ ? 2 : 1
        }
        { # in the feeds of all its units, it has one number
            number = value($0, "number") + 0
            events[number] = $0
            if (number > last)
                last = number
        }
        END {
            for (i = 1; i <= last; i++) {
                second = int(value(events[i], "time_ms") / 1000) + 8 * 3600 # in China
                if (i == 1)
                    midnight = second - second % 86400
                second -= midnight
                for (; step * 300 <= second && step * 300 < 86400; step++)
                    print step / 12, count + 0 >open
                if (events[i] ~ /"kind":"case"/)
                    cases[int(second / 3600), column(events[i])]++
                now = main_part(events[i]) !~ /"closed"$/
                serial = value(events[i], "serial")
                count += now - is_open[serial]
                is_open[serial] = now
            }
            print 24, count >open
            for (hour = 0; hour < 24; hour++) {
                for (i = 1; i <= 6; i++)
                    printf "%d ", cases[hour, i] >hours
                print "" >hours
            }
        }'
}

"$program" simulate day --city "$root/cities/leshan" --store "$work/store" >"$work/said"
"$program" serve --city "$root/cities/leshan" --store "$work/store" \
    --front "ipc://$work/front" --feed "ipc://$work/feed" 2>"$work/said" &
engine=$!
timeout 60 "$program" watch --json --once \
    --front "ipc://$work/front" --feed "ipc://$work/feed" "" >"$work/events" || {
    cat "$work/said" >&2
    exit 1
}
count "$work/hours" "$work/open" <"$work/events"

# Without what gnuplot says of itself, its marks for points, of which there are none, and blanks.
(cd "$work" && gnuplot "$root/tools/plot.gnuplot") >"$work/picture"
sed '/<title>Gnuplot/d; /^<desc>/d; /^<defs>/,/^<\/defs>/d; s/[[:blank:]]*$//; /^$/d' "$work/picture" \
    >"$picture"
